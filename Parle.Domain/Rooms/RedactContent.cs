namespace Parle.Domain.Rooms;

/// <summary>Erases content for good. The room's owner may erase any content, an author its own.</summary>
/// <param name="By">The member that redacts.</param>
/// <param name="Manages">Whether it may manage rooms: a person, or an agent whose token has that scope.</param>
/// <param name="Reason">The reason.</param>
/// <param name="Said">The fact whose content is erased; null when the room has no such fact.</param>
public sealed record RedactContent(Member By, bool Manages, RedactionReason Reason, SaidFact? Said)
{
    private static readonly Refusal NotAuthor =
        Refusals.Forbidden with { Reason = "not_author", Unlock = "Only its author and the room's owner can redact this." };

    /// <summary>Affordances ask this too. An agent can redact its own content. People can redact only as owners.</summary>
    public static Refusal? Obstacle(Room? room, Member member) =>
        member.AgentID is null ? member.Obstacle(room, right: null) : member.SeatObstacle(room);

    /// <summary>Decides. A fact that the caller can neither see nor redact is answered like a missing one.</summary>
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

    // Only seats that see the fact see its redaction. An ended seat sees nothing new.
    private IReadOnlyList<Guid>? ReadersIn(Room room) =>
        Said!.Placement.Common is { } common
        ? (room.Seats.Values.All(seat => common > seat.Since)
            ? null : [.. room.Seats.Values.Where(seat => common > seat.Since).Select(seat => seat.SeatID).Order()])
        : [.. (Said.Placement.Private ?? []).Select(place => place.SeatID).Where(room.Seats.ContainsKey).Order()];
}

/// <summary>A recorded fact with the state of its content. The fact itself never changes.</summary>
/// <param name="FactID">The fact.</param>
/// <param name="Placement">Its places in its readers' views.</param>
/// <param name="AuthorSeatID">The author's seat; null when it has no author.</param>
/// <param name="ContentIDs">The ids of its contents, erased ones included.</param>
/// <param name="Remaining">The ids of its contents that still exist.</param>
public sealed record SaidFact(
    Guid FactID, Placement Placement, Guid? AuthorSeatID, IReadOnlyList<Guid> ContentIDs, IReadOnlyList<Guid> Remaining);

/// <summary>The reason of a redaction. There are only a few: a free text could repeat the erased words.</summary>
public enum RedactionReason
{
    /// <summary>They tell of a person things that others need not know.</summary>
    PersonalData,

    /// <summary>They hold a password, a key or the like.</summary>
    Secret,

    /// <summary>They were meant for somebody else, or for nobody.</summary>
    Mistake,

    /// <summary>The law asks for it.</summary>
    Legal,

    /// <summary>They do harm.</summary>
    Abuse,

    /// <summary>They served their purpose.</summary>
    NoLongerNeeded,
}
