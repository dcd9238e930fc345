using System.Security.Cryptography;
using System.Text.Json;
using Marten;
using Npgsql;
using NpgsqlTypes;
using Parle.Api.Callers;
using Parle.Api.Invitations;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Auditing;
using Parle.Domain.Contents;
using Parle.Projections;

namespace Parle.Api.Auditing;

/// <summary>A room's owner decides who reads the record, and sees who did.</summary>
public static class AuditorEndpoints
{
    /// <summary>Appoints one. Its secret is told again to a retry as long as it lives.</summary>
    [Serves(typeof(AuditingActions), nameof(AuditingActions.AppointAuditor))]
    public static async Task<IResult> Appoint(
        AppointAuditorRequest body, Actor actor, Write write, IDocumentSession session, RoomStates states, MintedSecrets secrets,
        Locator locator, TimeProvider clock, HttpContext context)
    {
        var roomID = WireID.InPath(context, "room") ?? Guid.Empty;
        var room = (await states.Read([roomID], context.RequestAborted))[roomID].Room; // Before the turn, which holds a connection.
        if (AppointAuditor.Obstacle(room, actor.Member) is { } stranger)
        {
            return new RefusalResult(stranger);
        }

        if (Label.Obstacle(body.Label) is { } wrong)
        {
            return new RefusalResult(wrong);
        }

        if (body.TtlSeconds is < 1 or > AppointAuditorRequest.MaxTtlSeconds)
        {
            return new RefusalResult(Refusals.ValidationFailed.Because($"ttl_seconds must be 1 to {AppointAuditorRequest.MaxTtlSeconds}."));
        }

        var fresh = Secret.Mint(Secret.AuditorPrefix);
        return await write.Once(
            session, body,
            by =>
            {
                var now = clock.GetUtcNow();
                var (id, label) = (Guid.CreateVersion7(now),
                    body.Label is { } text ? Label.Of(text, RandomNumberGenerator.GetBytes(Content.SaltLength)) : null);
                var decision = new AppointAuditor(actor.Member, roomID, body.Contents is true,
                    body.TtlSeconds is { } seconds ? now.AddSeconds(seconds) : null, label).Decide(room, now);
                if (decision.Refusal is { } refusal)
                {
                    return Task.FromResult<(Refusal?, KeptAuditor?)>((refusal, null));
                }

                var appointed = (AuditorAppointed)decision.Facts[0].Data;
                session.Record(id, appointed, now, by, label, roomID);
                secrets.Keep(session, fresh, Secret.AuditorPrefix, id, appointed.ExpiresAt);
                return Task.FromResult<(Refusal?, KeptAuditor?)>((null, new(id, appointed.Contents, appointed.ExpiresAt)));
            },
            async (KeptAuditor kept, bool replayed) =>
            {
                if ((replayed ? await secrets.Find(session, Secret.AuditorPrefix, kept.AuditorID, context.RequestAborted) : fresh)
                    is not { } secret)
                {
                    return new RefusalResult(Refusals.SecretGone);
                }

                var token = secret.Reveal();
                var curl = $"curl -sS '{locator.BaseFor(context.Request)}/v/rooms/{roomID}/record' -H '{VersionHeader.Name}: "
                    + $"{VersionHeader.Current}' -H 'Authorization: Bearer {token}'";
                return Results.Json(
                    new AppointedAuditor(kept.AuditorID, roomID, kept.Contents, kept.ExpiresAt, token, curl, replayed), WireJson.Options,
                    statusCode: replayed ? StatusCodes.Status200OK : StatusCodes.Status201Created);
            });
    }

    /// <summary>Lists them.</summary>
    [Serves(typeof(AuditingActions), nameof(AuditingActions.ListAuditors))]
    public static async Task<IResult> List(
        PageCursor cursor, Actor actor, RoomStates states, NpgsqlDataSource database, HttpContext context)
    {
        var (roomID, refusal) = await Owned(actor, states, context);
        if (refusal is not null)
        {
            return new RefusalResult(refusal);
        }

        await using var command = database.CreateCommand("""
            select a.auditor_id, c.body, a.contents, a.created_at, a.expires_at, a.revoked_at from parle.auditors a left join parle.contents c on c.content_id = a.auditor_id
            where a.room_id = $1 and a.auditor_id < $3 order by a.auditor_id desc limit $2
            """);
        command.Parameters.Add(new() { Value = roomID });
        command.Parameters.Add(new() { Value = Paging.MaxRows + 1 });
        command.Parameters.Add(new() { Value = cursor.After });
        var auditors = new List<AuditorView>();
        await using var rows = await command.ExecuteReaderAsync(context.RequestAborted);
        while (await rows.ReadAsync(context.RequestAborted))
        {
            auditors.Add(new(
                rows.GetGuid(0), rows.IsDBNull(1) ? null : JsonElement.Parse(rows.GetString(1)).GetProperty("label").GetString(),
                rows.GetBoolean(2), rows.GetFieldValue<DateTimeOffset>(3), rows.IsDBNull(4) ? null : rows.GetFieldValue<DateTimeOffset>(4),
                rows.IsDBNull(5) ? null : rows.GetFieldValue<DateTimeOffset>(5)));
        }

        var (page, next) = Paging.Fit(auditors, auditor => auditor.AuditorID);
        return Results.Json(new AuditorList(page, next), WireJson.Options);
    }

    /// <summary>Ends one.</summary>
    [Serves(typeof(AuditingActions), nameof(AuditingActions.RevokeAuditor))]
    public static async Task<IResult> Revoke(
        Actor actor, Write write, IDocumentSession session, RoomStates states, TimeProvider clock, HttpContext context)
    {
        var (roomID, stranger) = await Owned(actor, states, context);
        if (stranger is not null)
        {
            return new RefusalResult(stranger);
        }

        return await write.Once<KeptAuditor>(
            session, body: null,
            async by =>
            {
                if (WireID.InPath(context, "auditor") is not { } id || !await IsThere(session, roomID, id, context.RequestAborted))
                {
                    return (Refusals.NoSuchThing, null);
                }

                var now = clock.GetUtcNow();
                session.Events.Append(id, session.BuildFact(new AuditorDismissed(), Guid.CreateVersion7(now), now, by));
                return (null, new(id, false, null));
            },
            (_, _) => Results.NoContent());
    }

    /// <summary>Lists who looked.</summary>
    [Serves(typeof(AuditingActions), nameof(AuditingActions.ListRecordReads))]
    public static async Task<IResult> Reads(
        PageCursor cursor, Actor actor, RoomStates states, NpgsqlDataSource database, HttpContext context)
    {
        var (roomID, refusal) = await Owned(actor, states, context);
        if (refusal is not null)
        {
            return new RefusalResult(refusal);
        }

        await using var command = database.CreateCommand("""
            select q.event_id,
                   case when exists (select from parle.operators o where o.operator_id = q.reader_id) then 'operator'
                        when exists (select from parle.auditors a where a.auditor_id = q.reader_id) then 'auditor' else 'owner' end,
                   q.reader_id, q.question, q.from_version, q.to_version, q.contents, q.read_at, q.filter::text, q.facts
            from parle.record_reads q where q.room_id = $1 and q.event_id > $2 order by q.event_id limit $3
            """);
        command.Parameters.Add(new() { Value = roomID });
        command.Parameters.Add(new() { Value = cursor.After });
        command.Parameters.Add(new() { Value = Paging.MaxRows + 1 });
        var reads = new List<RecordReadView>();
        await using var rows = await command.ExecuteReaderAsync(context.RequestAborted);
        while (await rows.ReadAsync(context.RequestAborted))
        {
            reads.Add(new(
                rows.GetGuid(0), rows.GetString(1), rows.GetGuid(2), rows.GetString(3), rows.GetInt64(4), rows.GetInt64(5),
                rows.GetBoolean(6), rows.GetFieldValue<DateTimeOffset>(7), rows.IsDBNull(8) ? null : JsonElement.Parse(rows.GetString(8)),
                rows.IsDBNull(9) ? null : rows.GetInt64(9)));
        }

        var (page, next) = Paging.Fit(reads, read => read.EventID);
        return Results.Json(new RecordReadList(page, next), WireJson.Options);
    }

    /// <summary>Begins a stream with one fact, and keeps its label as content.</summary>
    internal static void Record(
        this IDocumentSession session, Guid streamID, object fact, DateTimeOffset at, Attribution by, Content? label, Guid roomID)
    {
        session.Events.StartStream(streamID, session.BuildFact(fact, streamID, at, by));
        if (label is not null)
        {
            session.QueueOperation(new SqlOperation(
                "insert into parle.contents (content_id, room_id, salt, body) values (?, ?, ?, ?)",
                (streamID, NpgsqlDbType.Uuid), (roomID, NpgsqlDbType.Uuid), (label.Salt, NpgsqlDbType.Bytea),
                (label.Canonical, NpgsqlDbType.Text)));
        }
    }

    private static async Task<(Guid RoomID, Refusal? Refusal)> Owned(Actor actor, RoomStates states, HttpContext context)
    {
        var roomID = WireID.InPath(context, "room") ?? Guid.Empty;
        return (roomID, AppointAuditor.Obstacle((await states.Read([roomID], context.RequestAborted))[roomID].Room, actor.Member));
    }

    private static async Task<bool> IsThere(IDocumentSession session, Guid roomID, Guid auditorID, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select 1 from parle.auditors where auditor_id = $1 and room_id = $2 and revoked_at is null")
        {
            Parameters = { new() { Value = auditorID }, new() { Value = roomID } },
        };
        await using var rows = await session.ExecuteReaderAsync(command, cancellation);
        return await rows.ReadAsync(cancellation);
    }

    private sealed record KeptAuditor(Guid AuditorID, bool Contents, DateTimeOffset? ExpiresAt);
}
