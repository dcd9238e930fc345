using Parle.Api.Contract;
using Parle.Api.Signals;
using Parle.Domain;

namespace Parle.Api.Rooms;

/// <summary>Reads what the caller may see, from its cursor on.</summary>
public static class ReadProjectionEndpoint
{
    /// <summary>Answers a page, at once or when something new is there, and not before it is on the record that it is shown.</summary>
    [Serves(nameof(Actions.ReadProjection))]
    public static async Task<IResult> Read(Caller caller, HttpContext context, RoomViews views, LongPoll poll, Disclosures disclosures)
    {
        if (ReadCursor.Read(context.Request.Query, out var cursor) is { } refusal)
        {
            return new RefusalResult(refusal);
        }

        if (cursor.Wait == TimeSpan.Zero)
        {
            return await Shown(await views.Read(caller, cursor.SinceSeq, waits: false, context.RequestAborted));
        }

        var looks = 0;
        var (page, admission) = await poll.Until(cursor.Wait, [caller.RoomID, .. caller.StandingKeys], Look, context.RequestAborted);
        var gone = page.Count > 0 ? await admission : await RequestContract.AdmitCaller(context, Actions.ReadProjection);
        return gone is null ? await Shown(page) : new RefusalResult(gone);

        // Its session or its token may have come to an end while it waited: that is asked beside each look that follows a hint.
        async Task<((ViewPage Page, Task<Refusal?> Admission) Found, bool Enough)> Look()
        {
            var reading = views.Read(caller, cursor.SinceSeq, waits: true, context.RequestAborted);
            var admission = looks++ > 0 ? RequestContract.AdmitCaller(context, Actions.ReadProjection) : Task.FromResult<Refusal?>(null);
            await Task.WhenAll(reading, admission);
            return ((await reading, admission), (await reading).Count > 0);
        }

        async Task<IResult> Shown(ViewPage page)
        {
            if (page.Count > 0)
            {
                await disclosures.Record(caller.Seat!.SeatID, cursor.SinceSeq + 1, page.Watermark, caller.Session!.SessionID);
            }

            return page;
        }
    }
}
