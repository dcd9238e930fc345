using Npgsql;
using Parle.Api.Contract;
using Parle.Api.Signals;
using Parle.Projections.Rooms;

namespace Parle.Api.Rooms;

/// <summary>Reads what the caller may see, from its cursor on.</summary>
public static class ReadProjectionEndpoint
{
    /// <summary>Answers a page, at once or when something new is there, and not before it is on the record that it is shown.</summary>
    [Serves(nameof(Actions.ReadProjection))]
    public static async Task<IResult> Read(Caller caller, HttpContext context, NpgsqlDataSource database, LongPoll poll, Disclosures disclosures)
    {
        if (ReadCursor.Read(context.Request.Query, out var cursor) is { } refusal)
        {
            return new RefusalResult(refusal);
        }

        var (roomID, seat) = (caller.RoomID, caller.Seat!);
        var rows = await poll.Until(cursor.Wait, [roomID, .. caller.StandingKeys], Look, context.RequestAborted);
        if (cursor.Wait > TimeSpan.Zero && await RequestContract.AdmitCaller(context, Actions.ReadProjection) is { } gone)
        {
            return new RefusalResult(gone); // Its session or its token may have come to an end while it waited.
        }

        var head = rows.Count > 0 ? 0 : await cursor.NotBeyondHead(database, roomID, seat, context.RequestAborted);
        var page = RowRendering.Page(rows, head, caller.Address);
        if (rows.Count > 0)
        {
            await disclosures.Record(seat.SeatID, cursor.SinceSeq + 1, page.Watermark, caller.Session!.SessionID);
        }

        return Results.Json(page, WireJson.Options);

        async Task<(IReadOnlyList<TimelineRow> Found, bool Enough)> Look()
        {
            var found = await TimelinePage.Read(database, roomID, seat.SeatID, seat.Since, cursor.SinceSeq, context.RequestAborted);
            return (found, found.Count > 0);
        }
    }
}
