using Parle.Api.Registry;
using Parle.Domain.Asks;
using Parle.Domain.Rooms;

namespace Parle.Api.Asks;

/// <summary>Ready bodies for acts on asks.</summary>
internal static class AskOffers
{
    /// <summary>Bodies that open an ask of each kind, in words of their own. An approval that nobody could give is left out.</summary>
    public static IEnumerable<ActionOffer> OfEachKind(Standing here) => here.Room.Seats.TryGetValue(here.Agent.Seat!.SeatID, out var seat)
        ? AskKinds.All.Where(kind => Domain.Asks.OpenAsk.IsOffered(kind, here.Room, seat))
            .Select(kind => new ActionOffer(OpenAskRequest.Template(kind)))
        : [ActionOffer.Usual];

    /// <summary>A body that decides differently from the principal's last decision.</summary>
    public static IEnumerable<ActionOffer> Decide(Ask ask, Seat seat) =>
        [new(DecideRequest.Example with
        { Decision = ask.Decisions.GetValueOrDefault(seat.PrincipalID) ? "deny" : "approve", Sha256 = ask.Sha256 })];

    /// <summary>A body that names another subject than the ask's.</summary>
    public static IEnumerable<ActionOffer> ReplaceSubject(Ask ask, Seat seat) =>
        [ask.Sha256 == SubjectRequest.Example.Subject!.Sha256 ? new(new SubjectRequest(AskSubjectBody.Example)) : ActionOffer.Usual];

    /// <summary>A path for each context item.</summary>
    public static IEnumerable<ActionOffer> EachItem(Ask ask, Seat seat) => ask.Items.Keys.Order().Select(Item);

    /// <summary>A path for each context item that the seat itself added.</summary>
    public static IEnumerable<ActionOffer> EachOwnItem(Ask ask, Seat seat) =>
        ask.Items.Where(item => item.Value == seat.SeatID).Select(item => item.Key).Order().Select(Item);

    private static ActionOffer Item(Guid itemID) => new(null, ("item", itemID.ToString()));
}
