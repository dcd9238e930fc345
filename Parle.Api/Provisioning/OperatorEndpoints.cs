using System.Text.Json;
using JasperFx.Events.Projections;
using Marten;
using Npgsql;
using Parle.Api.Accounts;
using Parle.Api.Auditing;
using Parle.Api.Callers;
using Parle.Api.Contract;
using Parle.Api.Platform;
using Parle.Api.Record;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Projections;
using Parle.Projections.Auditing;

namespace Parle.Api.Provisioning;

/// <summary>Actions of the service's operators. None shows the contents of rooms.</summary>
public static class OperatorEndpoints
{
    /// <summary>Creates the missing parts of a description.</summary>
    [Serves(typeof(OperatorActions), nameof(OperatorActions.Provision))]
    public static async Task<IResult> Provision(
        Provision body, ProvisionQuery query, Operator by, ProvisionName name, Provisioner provisioner, NpgsqlDataSource database,
        MintedSecrets secrets, ServerKey server, AccountLimits limits)
    {
        var named = name.Key is not { } key
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
    public static async Task<IResult> List(
        PageCursor cursor, Operator by, NpgsqlDataSource database, CancellationToken cancellation)
    {
        var operators = await Operators.All(database, cursor.After, Paging.MaxRows + 1, cancellation);
        var (page, next) = Paging.Fit(
            [.. operators.Select(row => new OperatorView(
                row.OperatorID, row.Label, row.OperatorID == by.OperatorID, row.CreatedAt, row.ExpiresAt, row.RevokedAt, row.AppointedBy))],
            one => one.OperatorID);
        return Results.Json(new OperatorList(page, next), WireJson.Options);
    }

    /// <summary>Lists rooms.</summary>
    [Serves(typeof(OperatorActions), nameof(OperatorActions.ListAllRooms))]
    public static async Task<IResult> Rooms(PageCursor cursor, Operator by, NpgsqlDataSource database, CancellationToken cancellation)
    {
        _ = by; // Taken so that only an operator gets here.
        var progress = await ViewProgress.Read(database, RoomSummaries.Shard, cancellation);
        var rooms = await RoomSummaryRow.All(database, cursor.After, Paging.MaxRows + 1, cancellation);
        var (page, next) = Paging.Fit(
            [.. rooms.Select(row => new OperatedRoom(
                row.RoomID, row.Handle, row.Kind, row.OwnerHandle, row.OpenedAt, row.ArchivedAt, row.Seats, row.Participants, row.Facts,
                row.LastFactAt))],
            room => room.RoomID);
        return Results.Json(new OperatedRoomList(page, next, IndexState.Of(progress)), WireJson.Options);
    }

    /// <summary>Lists views.</summary>
    [Serves(typeof(OperatorActions), nameof(OperatorActions.ListViews))]
    public static async Task<IResult> Views(
        Operator by, IDocumentStore store, NpgsqlDataSource database, Checkpoints checkpoints, CancellationToken cancellation)
    {
        _ = by;
        var position = await ViewProgress.LastPosition(database, cancellation);
        var commands = ParleStore.Views().DistinctBy(view => NameOf(view.Projection.Name))
            .ToDictionary(view => NameOf(view.Projection.Name), view => view.Name);
        var views = new List<OperatedView>();
        foreach (var view in ((DocumentStore)store).Options.Projections.All)
        {
            var name = NameOf(view.Name);
            var progress = view.Lifecycle is ProjectionLifecycle.Inline
                ? new(position, 0, 0, null, null)
                : await ViewProgress.Read(database, $"{view.Name}:All", cancellation);
            views.Add(new(name, commands.GetValueOrDefault(name), JsonNamingPolicy.SnakeCaseLower.ConvertName(view.Lifecycle.ToString()),
                progress.Upto, progress.Behind, progress.SecondsBehind, progress.StoppedAt, progress.StoppedBecause));
        }

        return Results.Json(new OperatedViewList(
            [.. views.OrderBy(view => view.Name, StringComparer.Ordinal)], position, [.. checkpoints.Broken.Take(100)]), WireJson.Options);
    }

    // Marten names a projection by its full type unless it names itself.
    private static string NameOf(string projection) => projection.Split('.')[^1];
}

/// <summary>The idempotency key that a description was sent under.</summary>
/// <param name="Key">The key; null when none was sent.</param>
[FromRequest]
public sealed record ProvisionName(IdempotencyKey? Key)
{
    /// <summary>The key that a request was sent under.</summary>
    public static ProvisionName Of(HttpContext context) =>
        new(context.Request.Headers.ContainsKey(IdempotencyKey.Header) ? RequestContract.Part<IdempotencyKey>(context) : null);
}
