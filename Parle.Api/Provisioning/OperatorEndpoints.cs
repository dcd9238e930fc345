using System.Text.Json;
using JasperFx.Events.Projections;
using Marten;
using Npgsql;
using Parle.Api.Accounts;
using Parle.Api.Auditing;
using Parle.Api.Callers;
using Parle.Api.Record;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Projections;
using Parle.Projections.Auditing;

namespace Parle.Api.Provisioning;

/// <summary>What operators of the service do. None of it shows what is said in rooms.</summary>
public static class OperatorEndpoints
{
    /// <summary>Creates what is missing.</summary>
    [Serves(typeof(OperatorActions), nameof(OperatorActions.Provision))]
    public static async Task<IResult> Provision(
        Provision body, ProvisionQuery query, Operator by, IdempotencyKey key, Provisioner provisioner, NpgsqlDataSource database,
        MintedSecrets secrets, ServerKey server, AccountLimits limits, HttpContext context)
    {
        var named = !context.Request.Headers.ContainsKey(IdempotencyKey.Header)
            ? null : new NamedProvision(database, secrets, new(Guid.Empty, by.OperatorID, OperatorActions.Provision.Id, key.Text),
                Meaning.Of(server, new { Provision = body.WithoutUsual(limits.OperatorLife), newTokens = query.NewTokens },
                    new { Provision = body, newTokens = query.NewTokens }));
        try
        {
            return Results.Json(await provisioner.Run(body, query.NewTokens, by, named), WireJson.Options);
        }
        catch (ProvisionNameTakenException)
        {
            return new RefusalResult(Refusals.IdempotencyConflict);
        }
        catch (ProvisionException wrong)
        {
            return new RefusalResult(Refusals.ValidationFailed.Because(wrong.Message));
        }
    }

    /// <summary>Lists operators.</summary>
    [Serves(typeof(OperatorActions), nameof(OperatorActions.ListOperators))]
    public static async Task<IResult> Operators(PageCursor cursor, Operator by, NpgsqlDataSource database, HttpContext context)
    {
        await using var command = database.CreateCommand("""
            select operator_id, label, created_at, expires_at, revoked_at, operators[cardinality(operators)] from parle.operators where operator_id < $2 order by operator_id desc limit $1
            """);
        command.Parameters.Add(new() { Value = Paging.MaxRows + 1 });
        command.Parameters.Add(new() { Value = cursor.After });
        var operators = new List<OperatorView>();
        await using var rows = await command.ExecuteReaderAsync(context.RequestAborted);
        while (await rows.ReadAsync(context.RequestAborted))
        {
            operators.Add(new(
                rows.GetGuid(0), rows.GetString(1), rows.GetGuid(0) == by.OperatorID, rows.GetFieldValue<DateTimeOffset>(2),
                rows.IsDBNull(3) ? null : rows.GetFieldValue<DateTimeOffset>(3),
                rows.IsDBNull(4) ? null : rows.GetFieldValue<DateTimeOffset>(4), rows.IsDBNull(5) ? null : rows.GetGuid(5)));
        }

        var (page, next) = Paging.Fit(operators, one => one.OperatorID);
        return Results.Json(new OperatorList(page, next), WireJson.Options);
    }

    /// <summary>Lists rooms.</summary>
    [Serves(typeof(OperatorActions), nameof(OperatorActions.ListAllRooms))]
    public static async Task<IResult> Rooms(PageCursor cursor, Operator by, NpgsqlDataSource database, HttpContext context)
    {
        _ = by; // Its token is all it takes.
        var progress = await ViewProgress.Read(database, RoomSummaries.Shard, context.RequestAborted);
        await using var command = database.CreateCommand("""
            select r.room_id, r.handle, r.kind, p.handle, r.opened_at, r.archived_at, r.seats, r.participants, coalesce(last.version, 0), last.at
            from (select * from parle.room_summaries where room_id > $1 order by room_id limit $2) as r
            left join parle.principals p on p.principal_id = r.owner_id
            left join lateral (select i.version, i.at from parle.record_index i where i.stream_id = r.room_id order by i.version desc limit 1) as last on true
            order by r.room_id
            """);
        command.Parameters.Add(new() { Value = cursor.After });
        command.Parameters.Add(new() { Value = Paging.MaxRows + 1 });
        var rooms = new List<OperatedRoom>();
        await using var rows = await command.ExecuteReaderAsync(context.RequestAborted);
        while (await rows.ReadAsync(context.RequestAborted))
        {
            rooms.Add(new(
                rows.GetGuid(0), rows.IsDBNull(1) ? null : rows.GetString(1), rows.GetString(2),
                rows.IsDBNull(3) ? null : rows.GetString(3), rows.GetFieldValue<DateTimeOffset>(4),
                rows.IsDBNull(5) ? null : rows.GetFieldValue<DateTimeOffset>(5), rows.GetInt64(6), rows.GetInt64(7), rows.GetInt64(8),
                rows.IsDBNull(9) ? null : rows.GetFieldValue<DateTimeOffset>(9)));
        }

        var (page, next) = Paging.Fit(rooms, room => room.RoomID);
        return Results.Json(new OperatedRoomList(page, next, IndexState.Of(progress)), WireJson.Options);
    }

    /// <summary>Lists views.</summary>
    [Serves(typeof(OperatorActions), nameof(OperatorActions.ListViews))]
    public static async Task<IResult> Views(
        Operator by, IDocumentStore store, NpgsqlDataSource database, Checkpoints checkpoints, CancellationToken cancellation)
    {
        _ = by;
        await using var command = database.CreateCommand("select coalesce(max(seq_id), 0)::bigint from parle.mt_events");
        var position = (long)(await command.ExecuteScalarAsync(cancellation))!;
        var commands = ParleStore.Views().DistinctBy(view => view.Projection.GetType().Name)
            .ToDictionary(view => view.Projection.GetType().Name, view => view.Name);
        var views = new List<OperatedView>();
        foreach (var view in ((DocumentStore)store).Options.Projections.All)
        {
            var name = view.Name.Split('.')[^1];
            var progress = view.Lifecycle is ProjectionLifecycle.Inline
                ? new(position, 0, 0, null, null)
                : await ViewProgress.Read(database, $"{view.Name}:All", cancellation);
            views.Add(new(name, commands.GetValueOrDefault(name), JsonNamingPolicy.SnakeCaseLower.ConvertName(view.Lifecycle.ToString()),
                progress.Upto, progress.Behind, progress.SecondsBehind, progress.StoppedAt, progress.StoppedBecause));
        }

        return Results.Json(new OperatedViewList(
            [.. views.OrderBy(view => view.Name, StringComparer.Ordinal)], position, [.. checkpoints.Broken.Take(100)]), WireJson.Options);
    }
}
