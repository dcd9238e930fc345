using System.Text.Json;
using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Contract;
using Parle.Api.Reading;
using Parle.Api.Registry;
using Parle.Api.Wakeups;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Asks;
using Parle.Domain.Contents;
using Parle.Domain.Rooms;
using Parle.Projections.Asks;
using Parle.Projections.Rooms;

namespace Parle.Api.Asks;

/// <summary>Reads asks. A hidden ask gets the answer of an unknown one.</summary>
public static class ReadAskEndpoint
{
    // A page of asks stays below what any answer may have.
    private const int MaxListBytes = 256 * 1024;

    /// <summary>Lists asks, in the order of their opening.</summary>
    [Serves(typeof(AskActions), nameof(AskActions.ListAsks))]
    public static async Task<IResult> List(AskFilter filter, Caller caller, NpgsqlDataSource database, RoomStates states,
        ReadLedger ledger, RoomLimits limits, TimeProvider clock, CancellationToken cancellation)
    {
        var wanted = new AsksQuery(caller.RoomID, caller.Seat!.SeatID, caller.Seat.Since)
        { States = filter.States, Kind = filter.Kind, Mine = filter.Mine, After = filter.After };
        var asks = await AskPage.List(database, wanted, cancellation);
        var summary = await Summaries(caller, states, limits, clock, cancellation);
        var page = AskHistory.Fitting(asks.Take(AskPage.MaxAsks).Select(summary), MaxListBytes);
        await Task.WhenAll(
            asks.Take(page.Count).Select(ask => ledger.Record(caller.Seat.SeatID, ask.Seq, ask.Seq, caller.Session!.SessionID)));
        return Results.Json(new AskList(page, asks.Count > page.Count ? page[^1].AskID : null), WireJson.Options);
    }

    /// <summary>Reads one ask, as data or, for <c>Accept: text/markdown</c>, as a page for people.</summary>
    [Serves(typeof(AskActions), nameof(AskActions.ReadAsk))]
    public static async Task<IResult> Read(
        Guid ask, AskPages pages, Caller caller, NpgsqlDataSource database, RoomStates states, ReadLedger ledger, RoomLimits limits,
        LongPoll poll, Readmission readmission, TimeProvider clock, CancellationToken cancellation)
    {
        var seat = caller.Seat!;
        var view = new AsksQuery(caller.RoomID, seat.SeatID, seat.Since);
        if (pages.Since.Wait > TimeSpan.Zero)
        {
            await poll.Until(pages.Since.Wait, caller, [caller.RoomID], Look, cancellation);
            if (await readmission.Obstacle() is { } over)
            {
                return new RefusalResult(over); // Its session or its token may have come to an end while it waited.
            }
        }

        if (await Find(ask, caller, database, cancellation) is not { } found)
        {
            return new RefusalResult(Refusals.NotFound);
        }

        var now = clock.GetUtcNow();
        var replaced = found.Sha256 is null ? null : await AskPage.Newest(database, ask, view, "ask_subject_replaced", cancellation);
        var isDecided = AskKinds.Find(found.Kind) is { IsDecided: true };
        var answered = isDecided ? null : await AskPage.Newest(database, ask, view, "ask_answered", cancellation);
        answered = answered?.Seq < replaced?.Seq ? null : answered; // An answer about another subject is void.
        var history = AskHistory.Of(
            await AskPage.History(database, ask, view, pages.HistoryBefore, AskHistory.MaxRowBytes, cancellation), caller, ask);
        var rows = await AskPage.Context(database, ask, view, null, pages.ContextAfter, cancellation);
        var items = AskHistory.Fitting(rows.Select(row => ContextItemView.Of(row, now)), AskHistory.MaxContextBytes);
        var room = (await states.Read([caller.RoomID], cancellation))[caller.RoomID].Room!;
        var state = room.Asks.GetValueOrDefault(ask);
        var decided = isDecided && state is not null && room.Seats.GetValueOrDefault(seat.SeatID) is { } own && state.ShowsAllTo(own)
            ? await AskPage.OfType(database, ask, view, "ask_decided", cancellation) : null;
        long[] shown = [found.Seq, .. decided?.Select(row => row.Seq) ?? [], .. history.Rows.Select(row => row.Seq),
            .. rows.Take(items.Count).Select(row => row.Seq), .. replaced is null ? [] : (long[])[replaced.Seq],
            .. answered is null ? [] : (long[])[answered.Seq]];
        await Task.WhenAll(shown.Distinct().Order().Select(seq => ledger.Record(seat.SeatID, seq, seq, caller.Session!.SessionID)));

        var (offers, leftOut) = AskAffordances.Of(
            new(caller.RoomID, room, Actor.Of(caller), limits, now), ask, await TokenUses.Obstacle(database, caller, cancellation));
        var details = AskDetails.Of(Summary(found, room, seat.SeatID, limits.For(caller.TokenPath.Count), now), found.Words,
            replaced?.Content ?? found.Words, answered?.Content, items, history.Rows, offers) with
        {
            ValidSeconds = isDecided ? state?.ValidSeconds : null,
            HowDecided = isDecided && state is not null ? AskDecision.Rules(state) : null,
            Decisions = decided is null ? null : AskDecision.Of(decided, state!),
            Verdict = RowAudience.Read(answered?.Addressing)?.Ask?.Verdict,
            HistoryBefore = history.Before,
            // The first page of the history ends with the newest fact.
            Watermark = pages.HistoryBefore == long.MaxValue && history.Rows is [.., var newest]
                ? newest.Seq : await AskPage.Watermark(database, ask, view, cancellation),
            ContextAfter = items.Count > 0 && !rows[items.Count - 1].IsLast ? items[^1].ItemID : null,
            LeftOut = leftOut.Count > 0 ? leftOut : null,
        };
        if (pages.IsCompact)
        {
            var opened = await AskPage.Newest(database, ask, view, "ask_opened", cancellation);
            return Results.Json(
                CompactAsk.Of(details, new[] { opened, replaced, answered }.OfType<TimelineRow>(), caller.Address), WireJson.Options);
        }

        return pages.AsMarkdown
            ? Results.Text(AskMarkdown.Of(details), "text/markdown", System.Text.Encoding.UTF8) : Results.Json(details, WireJson.Options);

        // An ask that the reader cannot see is not waited for: it is answered at once, as if there were none.
        async Task<(long Found, bool Enough)> Look()
        {
            var watermark = await AskPage.Watermark(database, ask, view, cancellation);
            return (watermark, watermark == 0 || watermark > pages.Since.SinceSeq);
        }
    }

    /// <summary>Reads one context item.</summary>
    [Serves(typeof(AskActions), nameof(AskActions.ReadContext))]
    public static async Task<IResult> ReadContext(Guid ask, Guid item, Caller caller, NpgsqlDataSource database, ReadLedger ledger,
        TimeProvider clock, CancellationToken cancellation)
    {
        // A thing handed over directly before the reader was given its seat stays hidden from it.
        var seat = caller.Seat!;
        if (await Find(ask, caller, database, cancellation) is null
            || await AskPage.Context(database, ask, new(caller.RoomID, seat.SeatID, seat.Since), item, null, cancellation) is not [var row])
        {
            return new RefusalResult(Refusals.NotFound);
        }

        await ledger.Record(seat.SeatID, row.Seq, row.Seq, caller.Session!.SessionID);
        var handed = ContextItemView.Read(row, clock.GetUtcNow(), out var thing);
        var fence = thing is { } words ? RowRendering.FenceFor(words.Text) : null;
        return Results.Json(
            new ContextThing(
                handed.ItemID, handed.Name, handed.MediaType, handed.Bytes, handed.Sha256, handed.ExpiresAt, handed.Gone,
                thing is { IsJson: false } text ? text.Text : null, thing is { IsJson: true } json ? JsonElement.Parse(json.Text) : null,
                fence is null ? null : Framing.Frame(Framing.Preamble(caller.Address), fence, thing!.Value.Text), fence)
            { SafetyFacts = handed.SafetyFacts },
            WireJson.Options);
    }

    private static async Task<AskRow?> Find(Guid askID, Caller caller, NpgsqlDataSource database, CancellationToken cancellation) =>
        (await AskPage.List(database, new AsksQuery(caller.RoomID, caller.Seat!.SeatID, caller.Seat.Since) { AskID = askID }, cancellation))
        is [var ask]
            ? ask : null;

    private static async Task<Func<AskRow, AskSummary>> Summaries(
        Caller caller, RoomStates states, RoomLimits limits, TimeProvider clock, CancellationToken cancellation)
    {
        var room = (await states.Read([caller.RoomID], cancellation))[caller.RoomID].Room!;
        var now = clock.GetUtcNow();
        return row => Summary(row, room, caller.Seat!.SeatID, limits.For(caller.TokenPath.Count), now);
    }

    private static AskSummary Summary(AskRow row, Room room, Guid seatID, RoomLimits limits, DateTimeOffset now)
    {
        var (ask, seat) = (room.Asks.GetValueOrDefault(row.AskID), room.Seats.GetValueOrDefault(seatID));
        return AskSummary.Of(row, ask, room, seat, ask is null || seat is null ? [] : AskActs.Next(ask, seat, now, limits.OfAsk));
    }
}
