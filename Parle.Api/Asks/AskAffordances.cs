using Parle.Api.Registry;
using Parle.Domain;
using Parle.Domain.Asks;
using Parle.Domain.Rooms;

namespace Parle.Api.Asks;

/// <summary>The acts that the caller may do on each ask that it sees.</summary>
public static class AskAffordances
{
    /// <summary>The most asks among a room's affordances. Each ask shows its own when it is read.</summary>
    public const int MaxAsks = 20;

    /// <summary>The most context items of an ask among the affordances; all of them are listed with the ask.</summary>
    public const int MaxItems = 3;

    private static readonly Refusal NoAsk = Refusals.NotFound with
    { Reason = "no_ask", Unlock = $"No ask that you see is open here. Open one ({OpenAsk.ID}), or wait for somebody else's." };

    private static readonly Refusal NotHere = Refusals.NotFound with
    { Reason = "no_ask", Unlock = $"Nothing can be done about this ask: there is none for you, or it was over long ago." };

    private static readonly Refusal NoContext =
        Refusals.NotFound with { Reason = "no_context", Unlock = "Nothing was handed over with this ask." };

    /// <summary>The affordances of one ask, or of all that are not over.</summary>
    /// <param name="here">The caller's present situation.</param>
    /// <param name="askID">The ask; null for all.</param>
    /// <param name="spent">The reason why the caller can record nothing, see <see cref="Writing.TokenUses"/>; null for none.</param>
    public static (IReadOnlyList<Affordance> Rows, IReadOnlyList<LeftOut> LeftOut) Of(Standing here, Guid? askID, Refusal? spent)
    {
        var (caller, room) = (here.Agent, here.Room);
        if (room.Seats.GetValueOrDefault(caller.Seat!.SeatID) is not { } seat)
        {
            return ([], []); // Its seat was removed since it was let in.
        }

        var asks = room.Asks.Values.Where(ask => ask.IsVisibleTo(seat) && caller.Limits.Asks?.Contains(ask.AskID) is not false
            && (askID is null ? !ask.IsOver : ask.AskID == askID)).ToList();
        var shown = Shown(asks, seat);
        var leftOut = new List<LeftOut>();
        if (asks.Count > shown.Count)
        {
            leftOut.Add(new("asks", asks.Count - shown.Count, AskActions.ListAsks.Id));
        }

        IReadOnlyList<Affordance> rows = shown.Count > 0
            ? [.. shown.SelectMany(ask => About.SelectMany(action => Of(action, here, ask, seat, spent, leftOut)))]
            : [.. About.Select(action => Affordance.Denied(action, askID is null ? NoAsk : NotHere))];
        return (rows, leftOut);
    }

    private static IEnumerable<AskAction> About => AskActions.All.OfType<AskAction>();

    // First the asks that wait for the caller, then the asks that name it. Of all others, each principal's newest comes before any
    // principal's second, so that many asks of one principal do not displace others.
    private static List<Ask> Shown(IReadOnlyList<Ask> asks, Seat seat) =>
    [
        .. asks.GroupBy(ask => (Part: PartOf(ask, seat), ask.Asker.PrincipalID))
            .SelectMany(group => group.OrderByDescending(ask => ask.AskID).Select((ask, i) => (Ask: ask, group.Key.Part, Turn: i)))
            .OrderBy(one => one.Part).ThenBy(one => one.Turn).ThenByDescending(one => one.Ask.AskID).Take(MaxAsks).Select(one => one.Ask)
            .OrderByDescending(ask => ask.AskID),
    ];

    private static int PartOf(Ask ask, Seat seat) => ask.Asker.SeatID == seat.SeatID
        ? ask.State is AskState.Answered or AskState.Approved ? 0 : 2
        : ask.Claimant?.SeatID == seat.SeatID ? 0 : ask.Common is null ? 1 : 2;

    private static IEnumerable<Affordance> Of(AskAction action, Standing here, Ask ask, Seat seat, Refusal? spent, List<LeftOut> leftOut)
    {
        if ((here.Agent.Limits.Obstacle(action.Id, namesAsk: true, ask.AskID) ?? (action.IsUse ? spent : null)
            ?? action.Act?.Obstacle(ask, seat, here.Now, here.OwnLimits.OfAsk)) is { } refusal)
        {
            return [Affordance.Denied(action, refusal, ask.AskID)];
        }

        var offers = action.OffersFor?.Invoke(ask, seat).ToList() ?? [ActionOffer.Usual];
        if (offers.Count > MaxItems)
        {
            leftOut.Add(new(action.Id, offers.Count - MaxItems, AskActions.ReadAsk.Id, ask.AskID));
        }

        return offers.Count > 0
            ? offers.Take(MaxItems).Select(offer => Affordance.Offered(action, here, offer, ask.AskID))
            : [Affordance.Denied(action, NoContext, ask.AskID)];
    }
}
