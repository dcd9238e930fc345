using System.Text.Json;
using Npgsql;
using Parle.Api.Contract;
using Parle.Api.Rooms;
using Parle.Api.Tokens;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Asks;
using Parle.Domain.Contents;
using Parle.Domain.Rooms;
using Parle.Projections.Asks;

namespace Parle.Api.Asks;

/// <summary>Reads asks. Whoever may not see one finds what it would find if there were none.</summary>
public static class ReadAskEndpoint
{
    // A page of asks stays below what any answer may have.
    private const int MaxListBytes = 256 * 1024;

    private static readonly string[] States = [.. Enum.GetNames<AskState>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];
    private static readonly string[] Kinds = [.. Enum.GetValues<AskKind>().Select(AskWords.Spell)];
    private static readonly string[] Mine = ["asked", "claimed", "for_me"];

    /// <summary>Lists them, in the order of their opening.</summary>
    [Serves(nameof(Actions.ListAsks))]
    public static async Task<IResult> List(Caller caller, HttpContext context, NpgsqlDataSource database, RoomStates states, Disclosures disclosures, RoomLimits limits, TimeProvider clock)
    {
        var query = context.Request.Query;
        var wanted = new AsksOf(caller.RoomID, caller.Seat!.SeatID, caller.Seat.Since) { States = [.. query["state"].OfType<string>()], Kind = query["kind"], Mine = query["mine"] };
        if (!Paging.After(context, out var after))
        {
            return new RefusalResult(Paging.NoCursor);
        }

        if (wanted.States.Except(States).Any() || query["kind"].Count > 1 || query["mine"].Count > 1 || (wanted.Kind is not null && !Kinds.Contains(wanted.Kind)) || (wanted.Mine is not null && !Mine.Contains(wanted.Mine)))
        {
            return new RefusalResult(Refusals.MalformedRequest.Because(
                $"state must be one of {string.Join(", ", States)}, kind one of {string.Join(", ", Kinds)}, mine one of {string.Join(", ", Mine)}."));
        }

        var asks = await AskPage.List(database, wanted with { After = after }, context.RequestAborted);
        var summary = await Summaries(caller, states, limits, clock, context.RequestAborted);
        var page = AskHistory.Fitting(asks.Take(AskPage.MaxAsks).Select(summary), MaxListBytes);
        await Task.WhenAll(asks.Take(page.Count).Select(ask => disclosures.Record(caller.Seat.SeatID, ask.Seq, ask.Seq, caller.Session!.SessionID)));
        return Results.Json(new AskList(page, asks.Count > page.Count ? page[^1].AskID : null), WireJson.Options);
    }

    /// <summary>Reads one, as data or, to who accepts <c>text/markdown</c>, as a page for people.</summary>
    [Serves(nameof(Actions.ReadAsk))]
    public static async Task<IResult> Read(
        Caller caller, HttpContext context, NpgsqlDataSource database, RoomStates states, Disclosures disclosures, RoomLimits limits, TimeProvider clock)
    {
        var query = context.Request.Query;
        long? before = query["history_before"] switch { [] => long.MaxValue, [{ } seq] => ReadCursor.ReadSeq(seq), _ => null };
        if (before is null)
        {
            return new RefusalResult(Refusals.MalformedRequest.Because("history_before must be a whole number, 0 or more: the history_before of an earlier answer."));
        }

        var after = Guid.Empty;
        if (query["context_after"] is not [] and var cursor && !(cursor is [{ } text] && Guid.TryParseExact(text, "D", out after)))
        {
            return new RefusalResult(Refusals.MalformedRequest.Because("context_after must be the context_after of an earlier answer."));
        }

        if (WireID.InPath(context, "ask") is not { } askID || await Find(askID, caller, database, context.RequestAborted) is not { } ask)
        {
            return new RefusalResult(Refusals.NotFound);
        }

        var seat = caller.Seat!;
        var (now, view) = (clock.GetUtcNow(), new AsksOf(caller.RoomID, seat.SeatID, seat.Since));
        var replaced = ask.Sha256 is null ? null : await AskPage.Newest(database, askID, view, "ask_subject_replaced", context.RequestAborted);
        var answered = ask.Kind is "approval" ? null : await AskPage.Newest(database, askID, view, "ask_answered", context.RequestAborted);
        answered = answered?.Seq < replaced?.Seq ? null : answered; // An answer about another subject is void.
        var history = AskHistory.Of(await AskPage.History(database, askID, view, before.Value, AskHistory.MaxRowBytes, context.RequestAborted), caller, askID);
        var rows = await AskPage.Context(database, askID, view, null, after == Guid.Empty ? null : after, context.RequestAborted);
        var items = AskHistory.Fitting(rows.Select(row => ContextItemView.Of(row, now)), AskHistory.MaxContextBytes);
        long[] shown = [ask.Seq, .. history.Rows.Select(row => row.Seq), .. rows.Take(items.Count).Select(row => row.Seq), .. replaced is null ? [] : (long[])[replaced.Seq], .. answered is null ? [] : (long[])[answered.Seq]];
        await Task.WhenAll(shown.Distinct().Order().Select(seq => disclosures.Record(seat.SeatID, seq, seq, caller.Session!.SessionID)));

        var room = (await states.Read([caller.RoomID], context.RequestAborted))[caller.RoomID].Room!;
        var (offers, leftOut) = AskAffordances.Of(caller, room, askID, await TokenUses.Obstacle(database, caller, context.RequestAborted), limits, now);
        var details = AskDetails.Of(Summary(ask, room, seat.SeatID, limits.For(caller.TokenPath.Count), now), ask.Words, replaced?.Content ?? ask.Words, answered?.Content, items, history.Rows, offers) with
        {
            ValidSeconds = ask.Kind is "approval" ? room.Asks.GetValueOrDefault(askID)?.ValidSeconds : null,
            HistoryBefore = history.Before,
            ContextAfter = items.Count > 0 && !rows[items.Count - 1].IsLast ? items[^1].ItemID : null,
            LeftOut = leftOut.Count > 0 ? leftOut : null,
        };
        return WantsMarkdown(context) ? Results.Text(AskMarkdown.Of(details), "text/markdown", System.Text.Encoding.UTF8) : Results.Json(details, WireJson.Options);
    }

    /// <summary>Reads one thing that was handed over.</summary>
    [Serves(nameof(Actions.ReadContext))]
    public static async Task<IResult> ReadContext(Caller caller, HttpContext context, NpgsqlDataSource database, Disclosures disclosures, TimeProvider clock)
    {
        // What was handed over before the reader was given its seat, among those who were there, is not there for it.
        var seat = caller.Seat!;
        if (WireID.InPath(context, "ask") is not { } askID || WireID.InPath(context, "item") is not { } itemID || await Find(askID, caller, database, context.RequestAborted) is null
            || await AskPage.Context(database, askID, new(caller.RoomID, seat.SeatID, seat.Since), itemID, null, context.RequestAborted) is not [var row])
        {
            return new RefusalResult(Refusals.NotFound);
        }

        await disclosures.Record(seat.SeatID, row.Seq, row.Seq, caller.Session!.SessionID);
        var item = ContextItemView.Read(row, clock.GetUtcNow(), out var thing);
        var fence = thing is { } words ? RowRendering.FenceFor(words.Text) : null;
        return Results.Json(
            new ContextThing(
                item.ItemID, item.Name, item.MediaType, item.Bytes, item.Sha256, item.ExpiresAt, item.Gone, thing is { IsJson: false } text ? text.Text : null,
                thing is { IsJson: true } json ? JsonElement.Parse(json.Text) : null, fence is null ? null : Framing.Frame(Framing.Preamble(caller.Address), fence, thing!.Value.Text), fence)
            { SafetyFacts = item.SafetyFacts },
            WireJson.Options);
    }

    private static async Task<AskRow?> Find(Guid askID, Caller caller, NpgsqlDataSource database, CancellationToken cancellation) =>
        (await AskPage.List(database, new AsksOf(caller.RoomID, caller.Seat!.SeatID, caller.Seat.Since) { AskID = askID }, cancellation)) is [var ask] ? ask : null;

    private static async Task<Func<AskRow, AskSummary>> Summaries(Caller caller, RoomStates states, RoomLimits limits, TimeProvider clock, CancellationToken cancellation)
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

    private static bool WantsMarkdown(HttpContext context) =>
        context.Request.GetTypedHeaders().Accept.OrderByDescending(type => type.Quality ?? 1).FirstOrDefault()?.MediaType == "text/markdown";
}
