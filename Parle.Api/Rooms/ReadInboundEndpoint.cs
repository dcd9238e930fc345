using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Contract;
using Parle.Api.Database;
using Parle.Api.Reading;
using Parle.Api.Registry;
using Parle.Api.Wakeups;
using Parle.Api.Wire;
using Parle.Domain.Rooms;
using Parle.Projections.Rooms;

namespace Parle.Api.Rooms;

/// <summary>
/// Reads messages of others to the caller or to all: the caller's view without its own rows, and without those addressed to another session
/// of its agent.
/// </summary>
public static class ReadInboundEndpoint
{
    private const int MaxPagesOfOneLook = 10;

    /// <summary>Returns a page. Its watermark is after the rows that were left out, so they are not scanned again.</summary>
    [Serves(typeof(TalkActions), nameof(TalkActions.ReadInbound))]
    public static async Task<IResult> Read(Caller caller, ReadCursor cursor, Readmission readmission, NpgsqlDataSource database,
        LongPoll poll, ReadLedger ledger, CursorCheck check, Generation generation, NextActs next,
        CancellationToken cancellation)
    {
        if (await check.Obstacle(caller, cursor, cancellation) is { } gap)
        {
            return new RefusalResult(gap);
        }

        var seat = caller.Seat!;
        var (since, isKnown) = (cursor.SinceSeq, false);
        var (rows, covered) = await poll.Until(cursor.Wait, caller, [caller.RoomID], Query, cancellation);
        if (cursor.Wait > TimeSpan.Zero && await readmission.Obstacle() is { } refusal)
        {
            return new RefusalResult(refusal); // Its session or its token may have come to an end while it waited.
        }

        var page = RowRendering.Page(rows, covered, caller.Address, generation.Name);
        if (page.Messages.Count == rows.Count)
        {
            page = page with { Watermark = covered };
        }

        if (rows.Count > 0)
        {
            await ledger.Record(seat.SeatID, since + 1, page.Watermark, caller.Session!.SessionID);
        }

        return cursor.IsCompact ? Results.Json(CompactPage.Of(page, await next.Of(caller, cancellation)), WireJson.Options)
            : Results.Json(page, WireJson.Options);

        async Task<((IReadOnlyList<TimelineRow> Rows, long Covered) Found, bool Enough)> Query()
        {
            var covered = since;
            for (var pages = 0; pages < MaxPagesOfOneLook; pages++)
            {
                var view = await TimelinePage.Read(database, caller.RoomID, seat.SeatID, seat.Since, covered, cancellation);
                if (view.Count == 0)
                {
                    if (!isKnown && covered == since)
                    {
                        // A cursor beyond the end waits from the end: a row that comes meanwhile is new.
                        since = covered = await cursor.NotBeyondHead(database, caller.RoomID, seat, cancellation);
                    }

                    isKnown = true;
                    return (([], covered), false);
                }

                covered = view[^1].Seq;
                if (view.Where(row => IsInbound(row, caller)).ToList() is { Count: > 0 } inbound)
                {
                    return ((inbound, covered), true);
                }
            }

            return (([], covered), true); // Much of its own: the caller goes on from here.
        }
    }

    private static bool IsInbound(TimelineRow row, Caller caller) =>
        row.Author?.ParticipantID != caller.ParticipantID
        && RowAudience.Read(row.Addressing) is var audience
        && (audience is not { Kind: AddressingKind.Direct } || row.Type is not ("message_submitted" or "ask_opened")
            || audience.Targets.Any(target => target.SeatID == caller.Seat!.SeatID && caller.Work.Scopes.Contains(target.Scope)));
}
