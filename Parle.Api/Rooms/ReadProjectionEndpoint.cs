using Parle.Api.Callers;
using Parle.Api.Contract;
using Parle.Api.Database;
using Parle.Api.Reading;
using Parle.Api.Registry;
using Parle.Api.Wakeups;
using Parle.Api.Wire;

namespace Parle.Api.Rooms;

/// <summary>Reads the caller's view, after its cursor.</summary>
public static class ReadProjectionEndpoint
{
    /// <summary>Returns a page, at once or with the next row. The read ledger is written first.</summary>
    [Serves(typeof(TalkActions), nameof(TalkActions.ReadProjection))]
    public static async Task<IResult> Read(
        Caller caller, ReadCursor cursor, Readmission readmission, RoomViews views, LongPoll poll, ReadLedger ledger, CursorCheck check,
        Generation generation, NextActs next, CancellationToken cancellation)
    {
        if (await check.Obstacle(caller, cursor, cancellation) is { } gap)
        {
            return new RefusalResult(gap);
        }

        var since = cursor.SinceSeq;
        var waits = cursor.Wait > TimeSpan.Zero;
        var page = waits
            ? await poll.Until(cursor.Wait, caller, [caller.RoomID], Query, cancellation)
            : await views.Read(caller, since, waits: false, cancellation);
        if (waits && await readmission.Obstacle() is { } refusal)
        {
            return new RefusalResult(refusal); // Its session or its token may have come to an end while it waited.
        }

        if (page.Count > 0)
        {
            await ledger.Record(caller.Seat!.SeatID, since + 1, page.Watermark, caller.Session!.SessionID);
        }

        return cursor.IsCompact
            ? Results.Json(CompactPage.Of(page, caller.Address, generation.Name, await next.Of(caller, cancellation)), WireJson.Options)
            : page;

        async Task<(ViewPage Found, bool Enough)> Query()
        {
            var found = await views.Read(caller, since, waits: true, cancellation);
            // A cursor beyond the end waits from the end: a row that comes meanwhile is new. With rows, the cursor stands before them.
            since = Math.Min(since, found.Watermark);
            return (found, found.Count > 0 || found.IsOver);
        }
    }
}
