using Parle.Api.Registry;
using Parle.Domain.Asks;
using Parle.Domain.Rooms;

namespace Parle.Api.Asks;

/// <summary>Ready bodies for what can be done about asks.</summary>
internal static class AskOffers
{
    /// <summary>To open an ask of each kind, each in words of its own. An approval that nobody could give is not asked for.</summary>
    public static IEnumerable<ActionOffer> OfEachKind(Standing here) => here.Room.Seats.TryGetValue(here.Agent.Seat!.SeatID, out var seat)
        ? AskKinds.All.Where(kind => Domain.Asks.OpenAsk.IsOffered(kind, here.Room, seat))
            .Select(kind => new ActionOffer(OpenAskRequest.Template(kind)))
        : [ActionOffer.Usual];

    /// <summary>To decide otherwise than the principal has decided.</summary>
    public static IEnumerable<ActionOffer> Decide(Ask ask, Seat seat) =>
        [new(DecideRequest.Example with
        { Decision = ask.Decisions.GetValueOrDefault(seat.PrincipalID) ? "deny" : "approve", Sha256 = ask.Sha256 })];

    /// <summary>To name another subject than the ask has.</summary>
    public static IEnumerable<ActionOffer> ReplaceSubject(Ask ask, Seat seat) =>
        [ask.Sha256 == SubjectRequest.Example.Subject!.Sha256 ? new(new SubjectRequest(AskSubjectBody.Example)) : ActionOffer.Usual];

    /// <summary>Each thing that was handed over.</summary>
    public static IEnumerable<ActionOffer> EachItem(Ask ask, Seat seat) => ask.Items.Keys.Order().Select(Item);

    /// <summary>Each thing that the seat itself handed over.</summary>
    public static IEnumerable<ActionOffer> EachOwnItem(Ask ask, Seat seat) =>
        ask.Items.Where(item => item.Value == seat.SeatID).Select(item => item.Key).Order().Select(Item);

    private static ActionOffer Item(Guid itemID) => new(null, ("item", itemID.ToString()));
}
