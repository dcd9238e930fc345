using System.Text.Json;
using Npgsql;
using Parle.Api.Contract;
using Parle.Api.Lanes;
using Parle.Api.Rooms;
using Parle.Api.Tokens;
using Parle.Domain;
using Parle.Domain.Asks;
using Parle.Domain.Contents;
using Parle.Projections.Asks;

namespace Parle.Api.Asks;

/// <summary>Reads asks. Whoever may not see one finds what it would find if there were none.</summary>
public static class ReadAskEndpoint
{
    private static readonly string[] States = [.. Enum.GetNames<AskState>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];
    private static readonly string[] Kinds = [.. Enum.GetValues<AskKind>().Select(AskWords.Spell)];
    private static readonly string[] Mine = ["asked", "claimed", "for_me"];

    /// <summary>Lists them, in the order of their opening.</summary>
    [Serves(nameof(Actions.ListAsks))]
    public static async Task<IResult> List(Caller caller, HttpContext context, NpgsqlDataSource database, RoomStates states, Disclosures disclosures, TimeProvider clock)
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
        await Task.WhenAll(asks.Take(AskPage.MaxAsks).Select(ask => disclosures.Record(caller.Seat.SeatID, ask.Seq, ask.Seq, caller.Session!.SessionID)));
        var next = await NextActs(caller, states, clock, context.RequestAborted);
        var page = asks.Take(AskPage.MaxAsks).Select(ask => AskSummary.Of(ask, next(ask.AskID))).ToList();
        return Results.Json(new AskList(page, asks.Count > AskPage.MaxAsks ? page[^1].AskID : null), WireJson.Options);
    }

    /// <summary>Reads one, as data or, to who accepts <c>text/markdown</c>, as a page for people.</summary>
    [Serves(nameof(Actions.ReadAsk))]
    public static async Task<IResult> Read(Caller caller, HttpContext context, NpgsqlDataSource database, RoomStates states, Disclosures disclosures, TimeProvider clock)
    {
        if (IDIn(context, "ask") is not { } askID || await Find(askID, caller, database, context.RequestAborted) is not { } ask)
        {
            return new RefusalResult(Refusals.NotFound);
        }

        var seat = caller.Seat!;
        var now = clock.GetUtcNow();
        var facts = await AskPage.Facts(database, askID, seat.SeatID, seat.Since, context.RequestAborted);
        var items = await AskPage.Context(database, askID, null, context.RequestAborted);
        await Task.WhenAll(facts.Select(fact => disclosures.Record(seat.SeatID, fact.Seq, fact.Seq, caller.Session!.SessionID)));

        var room = (await states.Read([caller.RoomID], context.RequestAborted))[caller.RoomID].Room!;
        var preamble = Framing.Preamble(caller.Address);
        var summary = AskSummary.Of(ask, room.Asks.TryGetValue(askID, out var state) && room.Seats.TryGetValue(seat.SeatID, out var standing) ? AskActs.Next(state, standing, now) : []);
        var replaced = facts.LastOrDefault(fact => fact.Type is "ask_subject_replaced");
        var answered = facts.LastOrDefault(fact => fact.Type is "ask_answered" && !(fact.Seq < replaced?.Seq)); // An answer about another subject is void.
        var details = AskDetails.Of(
            summary, ask.Words, replaced?.Content ?? ask.Words, answered?.Content, [.. items.Where(item => facts.Any(fact => fact.EventID == item.EventID)).Select(item => ContextItemView.Of(item, now))],
            [.. facts.Select(fact => RowRendering.Render(fact, preamble))], [.. AskAffordances.Of(caller, room, askID, await TokenUses.Obstacle(database, caller, context.RequestAborted), now)]);
        return WantsMarkdown(context) ? Results.Text(AskMarkdown.Of(details), "text/markdown", System.Text.Encoding.UTF8) : Results.Json(details, WireJson.Options);
    }

    /// <summary>Reads one thing that was handed over.</summary>
    [Serves(nameof(Actions.ReadContext))]
    public static async Task<IResult> ReadContext(Caller caller, HttpContext context, NpgsqlDataSource database, Disclosures disclosures, TimeProvider clock)
    {
        if (IDIn(context, "ask") is not { } askID || IDIn(context, "item") is not { } itemID || await Find(askID, caller, database, context.RequestAborted) is null
            || await AskPage.Context(database, askID, itemID, context.RequestAborted) is not [var row])
        {
            return new RefusalResult(Refusals.NotFound);
        }

        var seat = caller.Seat!;
        if ((await AskPage.Facts(database, askID, seat.SeatID, seat.Since, context.RequestAborted)).FirstOrDefault(fact => fact.EventID == row.EventID) is not { } fact)
        {
            return new RefusalResult(Refusals.NotFound); // Handed over before it was given its seat, among those who were there.
        }

        await disclosures.Record(seat.SeatID, fact.Seq, fact.Seq, caller.Session!.SessionID);
        var item = ContextItemView.Read(row, clock.GetUtcNow(), out var thing);
        var fence = thing is { } words ? RowRendering.FenceFor(words.Text) : null;
        return Results.Json(
            new ContextThing(
                item.ItemID, item.Name, item.MediaType, item.Bytes, item.Sha256, item.ExpiresAt, item.Gone, thing is { IsJson: false } text ? text.Text : null,
                thing is { IsJson: true } json ? JsonElement.Parse(json.Text) : null, fence is null ? null : Framing.Frame(Framing.Preamble(caller.Address), fence, thing!.Value.Text), fence),
            WireJson.Options);
    }

    /// <summary>The id that stands in the path under <paramref name="name"/>; null when there is none.</summary>
    internal static Guid? IDIn(HttpContext context, string name) => WireID.InPath(context, name);

    private static async Task<AskRow?> Find(Guid askID, Caller caller, NpgsqlDataSource database, CancellationToken cancellation) =>
        (await AskPage.List(database, new AsksOf(caller.RoomID, caller.Seat!.SeatID, caller.Seat.Since) { AskID = askID }, cancellation)) is [var ask] ? ask : null;

    private static async Task<Func<Guid, IReadOnlyList<string>>> NextActs(Caller caller, RoomStates states, TimeProvider clock, CancellationToken cancellation)
    {
        var room = (await states.Read([caller.RoomID], cancellation))[caller.RoomID].Room!;
        var (seat, now) = (room.Seats.GetValueOrDefault(caller.Seat!.SeatID), clock.GetUtcNow());
        return id => seat is not null && room.Asks.TryGetValue(id, out var ask) ? AskActs.Next(ask, seat, now) : [];
    }

    private static bool WantsMarkdown(HttpContext context) =>
        context.Request.GetTypedHeaders().Accept.OrderByDescending(type => type.Quality ?? 1).FirstOrDefault()?.MediaType == "text/markdown";
}
