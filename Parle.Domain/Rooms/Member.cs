namespace Parle.Domain.Rooms;

/// <summary>Somebody who manages a room: a person, or one of its agents.</summary>
/// <param name="PrincipalID">The person or organisation, or for whom the agent acts.</param>
/// <param name="AgentID">The agent; null for the person itself.</param>
public sealed record Member(Guid PrincipalID, Guid? AgentID = null)
{
    /// <summary>Its own seat, if it has one.</summary>
    public Seat? SeatIn(Room room) => AgentID is { } agentID ? room.SeatOf(agentID) : room.PrincipalSeatOf(PrincipalID);

    /// <summary>Whether it is a guest there, see <see cref="Seat.IsGuest"/>.</summary>
    public bool IsGuest(Room room) => AgentID is not null && SeatIn(room) is { IsGuest: true };

    /// <summary>
    /// Whether it has the owner's authority in the room: the owner in person, or an agent of its own. A guest of the owner has not.
    /// </summary>
    public bool Owns(Room room) => room.OwnerID == PrincipalID && !IsGuest(room);

    /// <summary>Whether it is the room's owner in person.</summary>
    public bool IsOwner(Room room) => AgentID is null && room.OwnerID == PrincipalID;

    /// <summary>Why it is no member of the room; null when it is one.</summary>
    /// <param name="room">The room; null when there is none.</param>
    // A stranger is not told that the room exists.
    public Refusal? SeatObstacle(Room? room) => room is { Archived: false } && SeatIn(room) is not null ? null : Refusals.NoSuchThing;

    /// <summary>Why it cannot do in the room what takes <paramref name="right"/>; null when it can. Affordances ask this too.</summary>
    /// <param name="room">The room; null when there is none.</param>
    /// <param name="right">One of <see cref="Rights.All"/>; null for what the owner alone can do.</param>
    public Refusal? Obstacle(Room? room, string? right) =>
        SeatObstacle(room) is { } stranger ? stranger
        : IsGuest(room!) ? Refusals.Guest
        : Owns(room!) || (right is not null && SeatIn(room!)!.Has(right)) ? null
        : right is null ? Refusals.Forbidden with { Reason = "not_owner", Unlock = "Only the room's owner can do that." }
        : Refusals.MissingRight(right);
}
