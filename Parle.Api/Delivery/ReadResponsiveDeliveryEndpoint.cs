using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Contract;
using Parle.Api.Database;
using Parle.Api.Reading;
using Parle.Api.Registry;
using Parle.Api.Wakeups;
using Parle.Api.Wire;
using Parle.Projections.Rooms;

namespace Parle.Api.Delivery;

/// <summary>Reads the rows that are addressed to the caller and not acknowledged. To read acknowledges nothing.</summary>
public static class ReadResponsiveDeliveryEndpoint
{
    /// <summary>Returns the same rows until they are acknowledged.</summary>
    [Serves(typeof(DeliveryActions), nameof(DeliveryActions.ReadResponsiveDelivery))]
    public static async Task<IResult> Read(
        Caller caller, ReadCursor cursor, Readmission readmission, NpgsqlDataSource database, LongPoll poll, ReadLedger ledger,
        Generation generation, TimeProvider clock, CancellationToken cancellation)
    {
        if (cursor.Generation is { } named && generation.Find(named) is null)
        {
            return new RefusalResult(CursorCheck.UnknownGeneration);
        }

        var (rows, acknowledged) = await poll.Until(cursor.Wait, caller, caller.WorkKeys, Query, cancellation);
        if (cursor.Wait > TimeSpan.Zero && await readmission.Obstacle() is { } refusal)
        {
            return new RefusalResult(refusal); // Its session or its token may have come to an end while it waited.
        }

        var view = RowRendering.Page([.. rows.Select(work => work.Row)], 0, caller.Address, generation.Name);
        await Task.WhenAll(
            view.Messages.Select(row => ledger.Record(caller.Seat!.SeatID, row.Seq, row.Seq, caller.Session!.SessionID)));
        return Results.Json(
            ResponsivePage.Of(
                [.. view.Messages.Zip(rows, (row, work) => new ResponsiveRow(row, ReplyRouteView.Of(work, clock.GetUtcNow())))],
                view.Preamble,
                new(caller.Session!.Alias is null ? "session" : "alias", acknowledged.Seq, acknowledged.EventID),
                view.Generation),
            WireJson.Options);

        async Task<((IReadOnlyList<AttentionRow> Rows, Acknowledged Acknowledged) Found, bool Enough)> Query()
        {
            var found = await AttentionPage.Read(database, caller.Work, cancellation);
            return (found, found.Rows.Count > 0);
        }
    }
}
