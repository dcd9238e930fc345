using System.Security.Cryptography;
using System.Text.Json;
using Marten;
using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Invitations;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Auditing;
using Parle.Domain.Contents;
using Parle.Projections;
using Parle.Projections.Auditing;

namespace Parle.Api.Auditing;

/// <summary>Lets a room's owner appoint and dismiss auditors, and see who read the record.</summary>
public static class AuditorEndpoints
{
    /// <summary>Appoints an auditor. A retry gets the secret again until the auditor is dismissed.</summary>
    [Serves(typeof(AuditingActions), nameof(AuditingActions.AppointAuditor))]
    public static async Task<IResult> Appoint(
        Guid room, AppointAuditorRequest body, Actor actor, Write write, IDocumentSession session, RoomStates states,
        MintedSecrets secrets, RequestUrl url, TimeProvider clock, CancellationToken cancellation)
    {
        var state = (await states.Read([room], cancellation))[room].Room; // Before the lock, which holds a connection.
        if (AppointAuditor.Obstacle(state, actor.Member) is { } stranger)
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

        var fresh = CredentialKind.AuditorToken.Mint();
        return await write.Once(
            session, body,
            by =>
            {
                var now = clock.GetUtcNow();
                var (id, label) = (Guid.CreateVersion7(now),
                    body.Label is { } text ? Label.Of(text, RandomNumberGenerator.GetBytes(Content.SaltLength)) : null);
                var decision = new AppointAuditor(actor.Member, room, body.Contents is true,
                    body.TtlSeconds is { } seconds ? now.AddSeconds(seconds) : null, label).Decide(state, now);
                if (decision.Refusal is { } refusal)
                {
                    return Task.FromResult<(Refusal?, KeptAuditor?)>((refusal, null));
                }

                var appointed = (AuditorAppointed)decision.Facts[0].Data;
                session.Appoint(id, appointed, now, by, label);
                secrets.Keep(session, fresh, CredentialKind.AuditorToken.Prefix, id, appointed.ExpiresAt);
                return Task.FromResult<(Refusal?, KeptAuditor?)>((null, new(id, appointed.Contents, appointed.ExpiresAt)));
            },
            async (KeptAuditor kept, bool replayed) =>
            {
                if ((replayed ? await secrets.Find(session, CredentialKind.AuditorToken.Prefix, kept.AuditorID, cancellation) : fresh)
                    is not { } secret)
                {
                    return new RefusalResult(Refusals.SecretGone);
                }

                var token = secret.Reveal();
                var curl = $"curl -sS '{url.Text}/v/rooms/{room}/record' -H '{VersionHeader.Name}: "
                    + $"{VersionHeader.Current}' -H 'Authorization: Bearer {token}'";
                return Results.Json(
                    new AppointedAuditor(kept.AuditorID, room, kept.Contents, kept.ExpiresAt, token, curl, replayed), WireJson.Options,
                    statusCode: replayed ? StatusCodes.Status200OK : StatusCodes.Status201Created);
            });
    }

    /// <summary>Lists the auditors.</summary>
    [Serves(typeof(AuditingActions), nameof(AuditingActions.ListAuditors))]
    public static async Task<IResult> List(
        Guid room, PageCursor cursor, Actor actor, RoomStates states, NpgsqlDataSource database, CancellationToken cancellation)
    {
        if (await Obstacle(room, actor, states, cancellation) is { } refusal)
        {
            return new RefusalResult(refusal);
        }

        var auditors = await Auditors.OfRoom(database, room, cursor.After, Paging.MaxRows + 1, cancellation);
        var (page, next) = Paging.Fit(
            [.. auditors.Select(row => new AuditorView(
                row.AuditorID, row.Label is { } label ? JsonElement.Parse(label).GetProperty("label").GetString() : null, row.Contents,
                row.CreatedAt, row.ExpiresAt, row.RevokedAt))],
            auditor => auditor.AuditorID);
        return Results.Json(new AuditorList(page, next), WireJson.Options);
    }

    /// <summary>Dismisses an auditor.</summary>
    [Serves(typeof(AuditingActions), nameof(AuditingActions.RevokeAuditor))]
    public static async Task<IResult> Revoke(
        Guid room, Guid auditor, Actor actor, Write write, IDocumentSession session, RoomStates states, TimeProvider clock,
        CancellationToken cancellation)
    {
        if (await Obstacle(room, actor, states, cancellation) is { } stranger)
        {
            return new RefusalResult(stranger);
        }

        return await write.Once<KeptAuditor>(
            session, body: null,
            async by =>
            {
                if (!await Auditors.Has(session, room, auditor, cancellation))
                {
                    return (Refusals.NoSuchThing, null);
                }

                var now = clock.GetUtcNow();
                session.Events.Append(auditor, session.BuildFact(new AuditorDismissed(), Guid.CreateVersion7(now), now, by));
                return (null, new(auditor, false, null));
            },
            (_, _) => Results.NoContent());
    }

    /// <summary>Lists the accesses to the record.</summary>
    [Serves(typeof(AuditingActions), nameof(AuditingActions.ListRecordReads))]
    public static async Task<IResult> Reads(
        Guid room, PageCursor cursor, Actor actor, RoomStates states, NpgsqlDataSource database, CancellationToken cancellation)
    {
        if (await Obstacle(room, actor, states, cancellation) is { } refusal)
        {
            return new RefusalResult(refusal);
        }

        var reads = await RecordReads.OfRoom(database, room, cursor.After, Paging.MaxRows + 1, cancellation);
        var (page, next) = Paging.Fit(
            [.. reads.Select(row => new RecordReadView(
                row.EventID, row.ReaderKind, row.ReaderID, row.Question, row.From, row.To, row.Contents, row.ReadAt,
                row.Filter is { } filter ? JsonElement.Parse(filter) : null, row.Facts))],
            read => read.EventID);
        return Results.Json(new RecordReadList(page, next), WireJson.Options);
    }

    /// <summary>Begins an auditor's stream, and keeps its label as content of the room.</summary>
    internal static void Appoint(
        this IDocumentSession session, Guid auditorID, AuditorAppointed appointed, DateTimeOffset at, Attribution by, Content? label)
    {
        session.Events.StartStream(auditorID, session.BuildFact(appointed, auditorID, at, by));
        if (label is not null)
        {
            session.QueueOperation(Auditors.KeepLabel(auditorID, appointed.RoomID, label));
        }
    }

    private static async Task<Refusal?> Obstacle(Guid room, Actor actor, RoomStates states, CancellationToken cancellation) =>
        AppointAuditor.Obstacle((await states.Read([room], cancellation))[room].Room, actor.Member);

    private sealed record KeptAuditor(Guid AuditorID, bool Contents, DateTimeOffset? ExpiresAt);
}
