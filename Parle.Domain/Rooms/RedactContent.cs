namespace Parle.Domain.Rooms;

/// <summary>Takes words away for good: the room's owner any, an author its own.</summary>
/// <param name="By">Who does it.</param>
/// <param name="Manages">Whether it may manage rooms: a person, or an agent whose token says so.</param>
/// <param name="Reason">Why.</param>
/// <param name="Said">What was said, as it is on record; null when there is no such fact in the room.</param>
public sealed record RedactContent(Member By, bool Manages, RedactionReason Reason, SaidFact? Said)
{
    private static readonly Refusal NotAuthor =
        Refusals.Forbidden with { Reason = "not_author", Unlock = "Only its author and the room's owner can redact this." };

    /// <summary>Affordances ask this too. Agents can redact what they said themselves; people only own rooms.</summary>
    public static Refusal? Obstacle(Room? room, Member member) =>
        member.AgentID is null ? member.Obstacle(room, right: null) : member.SeatObstacle(room);

    /// <summary>Decides. A fact that one can neither see nor redact is answered as if there were none.</summary>
    public Decision Decide(Room? room)
    {
        if (Obstacle(room, By) is { } refusal)
        {
            return refusal;
        }

        var seat = By.SeatIn(room!)!;
        var mayRedact = Said is not null && ((Manages && By.Owns(room!)) || Said.AuthorSeatID == seat.SeatID);
        return !mayRedact ? (Said?.Placement.SeqFor(seat) is null ? Refusals.NoSuchThing : NotAuthor)
            : Said!.ContentIDs.Count == 0 ? Refusals.ValidationFailed.Because("This fact has no words.")
            : Said.Remaining.Count == 0 ? Decision.Nothing
            : Decision.Record(new ContentRedacted(Said.FactID, Said.Remaining, Reason, seat.SeatID, ReadersIn(room!)));
    }

    // Who sees the fact sees that its words are gone, and nobody else; a seat that is no more sees nothing new.
    private IReadOnlyList<Guid>? ReadersIn(Room room) =>
        Said!.Placement.Common is { } common
        ? (room.Seats.Values.All(seat => common > seat.Since)
            ? null : [.. room.Seats.Values.Where(seat => common > seat.Since).Select(seat => seat.SeatID).Order()])
        : [.. (Said.Placement.Private ?? []).Select(place => place.SeatID).Where(room.Seats.ContainsKey).Order()];
}

/// <summary>A fact of a room, as far as its words are concerned. It is on record, and so does not change.</summary>
/// <param name="FactID">Which fact.</param>
/// <param name="Placement">Where it stands in its readers' views.</param>
/// <param name="AuthorSeatID">Who said it; null when nobody did.</param>
/// <param name="ContentIDs">Under which ids its words lie, or lay.</param>
/// <param name="Remaining">Those that are there still.</param>
public sealed record SaidFact(
    Guid FactID, Placement Placement, Guid? AuthorSeatID, IReadOnlyList<Guid> ContentIDs, IReadOnlyList<Guid> Remaining);

/// <summary>Why words are taken away. One of a few: a reason in words of one's own could repeat them.</summary>
public enum RedactionReason
{
    /// <summary>They tell of a person what others need not know.</summary>
    PersonalData,

    /// <summary>They hold a password, a key or the like.</summary>
    Secret,

    /// <summary>They were meant for somebody else, or for nobody.</summary>
    Mistake,

    /// <summary>The law asks for it.</summary>
    Legal,

    /// <summary>They do harm.</summary>
    Abuse,
}
