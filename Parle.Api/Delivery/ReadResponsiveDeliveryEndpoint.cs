using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Contract;
using Parle.Api.Database;
using Parle.Api.Reading;
using Parle.Api.Registry;
using Parle.Api.Rooms;
using Parle.Api.Wakeups;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Projections.Rooms;

namespace Parle.Api.Delivery;

/// <summary>Reads the rows that are addressed to the caller and not acknowledged. To read acknowledges nothing.</summary>
public static class ReadResponsiveDeliveryEndpoint
{
    /// <summary>Returns the same rows until they are acknowledged.</summary>
    [Serves(typeof(DeliveryActions), nameof(DeliveryActions.ReadResponsiveDelivery))]
    public static async Task<IResult> Read(
        Caller caller, ReadCursor cursor, Readmission readmission, NpgsqlDataSource database, RoomStates states, LongPoll poll,
        ReadLedger ledger, Generation generation, NextActs next, TimeProvider clock, CancellationToken cancellation)
    {
        if (cursor.Generation is { } named && generation.Find(named) is null)
        {
            return new RefusalResult(CursorCheck.UnknownGeneration);
        }

        long? head = null;
        var (inbox, queue) = await poll.Until(cursor.Wait, caller, [.. caller.WorkKeys, caller.RoomID], Query, cancellation);
        if (cursor.Wait > TimeSpan.Zero && await readmission.Obstacle() is { } refusal)
        {
            return new RefusalResult(refusal); // Its session or its token may have come to an end while it waited.
        }

        var view = RowRendering.Page([.. queue.Rows.Select(work => work.Row)], 0, caller.Address, generation.Name);
        await Task.WhenAll(
            view.Messages.Select(row => ledger.Record(caller.Seat!.SeatID, row.Seq, row.Seq, caller.Session!.SessionID)));
        var page = ResponsivePage.Of(
            [.. view.Messages.Zip(queue.Rows, (row, work) => Waiting(row, work, inbox))], view.Preamble,
            new(caller.Session!.Alias is null ? "session" : "alias", queue.Acknowledged.Seq, queue.Acknowledged.EventID),
            view.Generation) with
        { Unread = UnreadRows.Of(queue) };
        return cursor.IsCompact ? Results.Json(CompactQueue.Of(page, view, await next.Of(caller, cancellation)), WireJson.Options)
            : Results.Json(page, WireJson.Options);

        ResponsiveRow Waiting(ProjectionRow row, AttentionRow work, Inbox inbox)
        {
            var route = ReplyRouteView.Of(work, clock.GetUtcNow());
            return new(
                row, route, work.Ask is { } place ? WaitsFor.Of(inbox.Awaited[place]) : WaitsFor.Message(canReply: route is not null));
        }

        // A row that nobody has to respond to ends the wait too: the answer tells where to read it.
        async Task<((Inbox Inbox, AttentionQueue Queue) Found, bool Enough)> Query()
        {
            var own = await Inbox.Of(caller, states, database, clock.GetUtcNow(), cancellation);
            var found = await AttentionPage.Read(database, own.Work, cancellation);
            head ??= found.Head;
            return ((own, found), found.Rows.Count > 0 || found.Head > head);
        }
    }
}
