using System.Text.Json;
using Marten;
using Npgsql;
using NpgsqlTypes;
using Parle.Api.Contract;
using Parle.Api.Provisioning;
using Parle.Domain;

namespace Parle.Api.Auditing;

/// <summary>What operators of the service do. None of it shows what is said in rooms.</summary>
public static class OperatorEndpoints
{
    private const int Limit = 200;

    /// <summary>Creates what is missing.</summary>
    [Serves(typeof(AuditingActions), nameof(AuditingActions.Provision))]
    public static async Task<IResult> Provision(Provision body, Operator by, Provisioner provisioner, HttpContext context)
    {
        try
        {
            return Results.Json(await provisioner.Run(body, context.Request.Query["new_tokens"] is ["true"], by), WireJson.Options);
        }
        catch (ProvisionException wrong)
        {
            return new RefusalResult(Refusals.ValidationFailed.Because(wrong.Message));
        }
    }

    /// <summary>Lists rooms.</summary>
    [Serves(typeof(AuditingActions), nameof(AuditingActions.ListAllRooms))]
    public static async Task<IResult> Rooms(Operator by, NpgsqlDataSource database, HttpContext context)
    {
        _ = by; // Its token is all it takes.
        Guid? after = null;
        if (context.Request.Query["after"] is { Count: > 0 } sent)
        {
            if (sent is not [{ } text] || !Guid.TryParseExact(text, "D", out var id))
            {
                return new RefusalResult(Refusals.MalformedRequest.Because("after must be the next of a page before."));
            }

            after = id;
        }

        await using var command = database.CreateCommand("""
            select r.room_id, r.handle, r.kind, p.handle, r.created_at, r.archived_at is not null,
                   (select count(*) from parle.seats s where s.room_id = r.room_id and s.removed_at is null),
                   (select count(*) from parle.participants a where a.room_id = r.room_id and a.left_at is null),
                   coalesce((select m.version from parle.mt_streams m where m.id = r.room_id), 0)::bigint
            from parle.rooms r left join parle.principals p on p.principal_id = r.owner_id
            where $1::uuid is null or r.room_id > $1 order by r.room_id limit $2
            """);
        command.Parameters.Add(new() { Value = (object?)after ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = Limit + 1 });
        var rooms = new List<OperatedRoom>();
        await using var rows = await command.ExecuteReaderAsync(context.RequestAborted);
        while (await rows.ReadAsync(context.RequestAborted))
        {
            rooms.Add(new(
                rows.GetGuid(0), rows.IsDBNull(1) ? null : rows.GetString(1), rows.GetString(2), rows.IsDBNull(3) ? null : rows.GetString(3), rows.GetFieldValue<DateTimeOffset>(4), rows.GetBoolean(5),
                rows.GetInt64(6), rows.GetInt64(7), rows.GetInt64(8)));
        }

        return Results.Json(new OperatedRoomList([.. rooms.Take(Limit)], rooms.Count > Limit ? rooms[Limit - 1].RoomID : null), WireJson.Options);
    }

    /// <summary>Lists views.</summary>
    [Serves(typeof(AuditingActions), nameof(AuditingActions.ListViews))]
    public static async Task<IResult> Views(Operator by, IDocumentStore store, NpgsqlDataSource database, CancellationToken cancellation)
    {
        _ = by;
        await using var command = database.CreateCommand("select coalesce(max(seq_id), 0)::bigint from parle.mt_events");
        var position = (long)(await command.ExecuteScalarAsync(cancellation))!;
        var reached = (await store.Advanced.AllProjectionProgress(token: cancellation)).ToDictionary(shard => shard.ShardName, shard => shard.Sequence, StringComparer.Ordinal);
        var views = ((DocumentStore)store).Options.Projections.All.Select(view => new OperatedView(
            view.Name.Split('.')[^1],
            JsonNamingPolicy.SnakeCaseLower.ConvertName(view.Lifecycle.ToString()),
            view.Lifecycle is JasperFx.Events.Projections.ProjectionLifecycle.Inline ? position : reached.Where(shard => shard.Key.StartsWith(view.Name, StringComparison.Ordinal)).Select(shard => shard.Value).DefaultIfEmpty(0).Min()));
        return Results.Json(new OperatedViewList([.. views.OrderBy(view => view.Name, StringComparer.Ordinal)], position), WireJson.Options);
    }
}
