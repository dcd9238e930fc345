using System.Text.Json;
using Parle.Api.Registry;
using Parle.Domain.Asks;
using Parle.Domain.Rooms;

namespace Parle.Api.Asks;

/// <summary>Ready bodies for acts on asks.</summary>
internal static class AskOffers
{
    /// <summary>Bodies that open an ask of each kind. An approval that nobody could give is left out.</summary>
    public static IEnumerable<ActionOffer> OfEachKind(Standing here) => here.Room.Seats.TryGetValue(here.Agent.Seat!.SeatID, out var seat)
        ? AskKinds.All.Where(kind => Domain.Asks.OpenAsk.IsOffered(kind, here.Room, seat))
            .Select(kind => new ActionOffer(OpenAskRequest.Template(kind))
            {
                Needs = kind.NeedsSubject ? ["subject"] : [],
                Shapes = new Dictionary<string, AskShape> { ["request"] = kind.Request },
            })
        : [ActionOffer.Usual];

    /// <summary>A body about the present digest. It offers only decisions that differ from the principal's last one.</summary>
    public static IEnumerable<ActionOffer> Decide(Ask ask, Seat seat)
    {
        bool? decided = ask.Decisions.TryGetValue(seat.PrincipalID, out var approved) ? approved : null;
        return
        [
            new(new DecideRequest(null, ask.Sha256))
            {
                Choices = new Dictionary<string, IReadOnlyList<string>>
                { ["decision"] = decided is true ? ["deny"] : decided is false ? ["approve"] : ["approve", "deny"] },
            },
        ];
    }

    /// <summary>A body that the kind is answered with, about the present digest.</summary>
    public static IEnumerable<ActionOffer> Answer(Ask ask, Seat seat)
    {
        var shape = AskShapes.AnswerOf(ask.Kind);
        var known = shape.SubjectDigest is { } digest
            ? JsonSerializer.SerializeToElement(new Dictionary<string, string?> { [digest.Name] = ask.Sha256 }) : ActionOffer.Unknown;
        return [new(new AnswerRequest(known)) { Shapes = new Dictionary<string, AskShape> { ["answer"] = shape } }];
    }

    /// <summary>A body that adds a text as context.</summary>
    public static IEnumerable<ActionOffer> HandOver(Ask ask, Seat seat) => [new(Body: null) { Needs = ["items[].text"] }];

    /// <summary>A path for each context item.</summary>
    public static IEnumerable<ActionOffer> EachItem(Ask ask, Seat seat) => ask.Items.Keys.Order().Select(Item);

    /// <summary>A path for each context item that the seat itself added.</summary>
    public static IEnumerable<ActionOffer> EachOwnItem(Ask ask, Seat seat) =>
        ask.Items.Where(item => item.Value == seat.SeatID).Select(item => item.Key).Order().Select(Item);

    private static ActionOffer Item(Guid itemID) => new(null, ("item", itemID.ToString()));
}
