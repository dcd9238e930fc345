using Npgsql;
using Parle.Api.Contract;
using Parle.Projections.Rooms;

namespace Parle.Api.Rooms;

/// <summary>Reads what the caller may see, from its cursor on.</summary>
public static class ReadProjectionEndpoint
{
    /// <summary>Answers a page, at once or when something new is there; holds no database connection while it waits.</summary>
    [Serves(nameof(Actions.ReadProjection))]
    public static async Task<IResult> Read(
        Caller caller, HttpContext context, NpgsqlDataSource database, RowSignals signals, TimeProvider clock, IHostApplicationLifetime lifetime)
    {
        if (ReadCursor.Read(context.Request.Query, out var cursor) is { } refusal)
        {
            return new RefusalResult(refusal);
        }

        using var gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        using var listener = cursor.Wait > TimeSpan.Zero ? signals.Listen(caller.RoomID, caller.Seat!.SeatID) : null;
        var deadline = clock.GetUtcNow() + cursor.Wait;
        while (true)
        {
            var rows = await TimelinePage.Read(database, caller.RoomID, caller.Seat!.SeatID, caller.Seat.Since, cursor.SinceSeq, context.RequestAborted);
            var left = deadline - clock.GetUtcNow();
            if (rows.Count > 0 || left <= TimeSpan.Zero || !await Hinted(listener!, left, clock, gone.Token))
            {
                var head = rows.Count > 0 || cursor.SinceSeq == 0
                    ? 0
                    : Math.Min(cursor.SinceSeq, await TimelinePage.Head(database, caller.RoomID, caller.Seat.SeatID, caller.Seat.Since, context.RequestAborted));
                return Results.Json(RowRendering.Page(rows, head, caller.Address), WireJson.Options);
            }
        }
    }

    // A service that stops answers its readers with what there is; their cursors find the rest elsewhere or later.
    private static async Task<bool> Hinted(RowSignals.Listener listener, TimeSpan left, TimeProvider clock, CancellationToken gone)
    {
        try
        {
            return await listener.Wait(left, clock, gone);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
