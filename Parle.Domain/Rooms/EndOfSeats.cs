using System.Security.Cryptography;
using Parle.Domain.Asks;
using Parle.Domain.Contents;

namespace Parle.Domain.Rooms;

/// <summary>
/// The consequences of the end of seats: their presences end, their open asks are withdrawn, and asks they had claimed become free. Their
/// messages, answers and decisions stay.
/// </summary>
public static class EndOfSeats
{
    /// <summary>Ends <paramref name="seats"/>.</summary>
    /// <param name="room">The room.</param>
    /// <param name="seats">Seats of the room.</param>
    /// <param name="factID">A fresh id; the ids of facts about asks are derived from it.</param>
    /// <param name="salt">Fresh random bytes, from which further salts are derived.</param>
    public static Decision Of(Room room, IReadOnlyCollection<Seat> seats, Guid factID, byte[] salt)
    {
        var gone = seats.Select(seat => seat.SeatID).Order().ToList();
        var ends = Presences(room, participant => gone.Contains(participant.SeatID))
            .Concat(gone.Select(seat => new NewFact(new SeatRemoved(seat)))).ToList();

        // Asks are decided on the room without these seats, because an ended seat gets no row and no work. The time does not matter to
        // these facts.
        var after = ends.Aggregate(room, (before, fact) => Room.Apply(before, fact.Data, Placement.Of(before, fact.Data), at: default)!);
        foreach (var ask in after.Asks.Values.Where(ask => !ask.IsOver).OrderBy(ask => ask.AskID))
        {
            if (gone.Contains(ask.Asker.SeatID))
            {
                ends.Add(
                    About(ask, new AskWithdrawn(), "withdraw_ask", "Who asked has no seat here any more: this ask is over.", ask.Claimant));
            }
            else if (ask is { State: AskState.Claimed, Claimant: { } claimant } && gone.Contains(claimant.SeatID))
            {
                ends.Add(About(ask, new AskClaimLapsed(ask.Claims), "lapse",
                    "Who claimed this ask has no seat here any more: others can take it.", ask.Asker));
            }
        }

        return Decision.RecordAll(ends);

        NewFact About(Ask ask, AskFact fact, string act, string text, AskParty? forWhom)
        {
            var words = AskTexts.Of(
                SHA256.HashData([.. salt, .. ask.AskID.ToByteArray()])[..Content.SaltLength], ask.AskID, ask.Kind, act, text, null, null);
            return new(
                ask.Number(fact with { Words = words.Commitment, Work = forWhom?.In(after) is { } target ? [target] : [] }, after),
                NameBased.ID("end_of_seat", factID.ToString(), ask.AskID.ToString()), words);
        }
    }

    /// <summary>The end of presences.</summary>
    internal static IEnumerable<NewFact> Presences(Room room, Func<Participant, bool> which) =>
        room.Participants.Values.Where(which).Select(participant => participant.ParticipantID).Order()
            .Select(id => new NewFact(new ParticipantLeft(id)));
}
