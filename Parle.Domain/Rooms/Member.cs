namespace Parle.Domain.Rooms;

/// <summary>A member that manages a room: a person, or one of its agents.</summary>
/// <param name="PrincipalID">The person or organisation; for an agent, its principal.</param>
/// <param name="AgentID">The agent; null for the person itself.</param>
public sealed record Member(Guid PrincipalID, Guid? AgentID = null)
{
    /// <summary>The member's own seat; null when it has none.</summary>
    public Seat? SeatIn(Room room) => AgentID is { } agentID ? room.SeatOf(agentID) : room.PrincipalSeatOf(PrincipalID);

    /// <summary>Whether the member is a guest there, see <see cref="Seat.IsGuest"/>.</summary>
    public bool IsGuest(Room room) => AgentID is not null && SeatIn(room) is { IsGuest: true };

    /// <summary>
    /// Whether it has the owner's authority in the room: the owner in person, or one of the owner's own agents. A guest of the owner has
    /// none.
    /// </summary>
    public bool Owns(Room room) => room.OwnerID == PrincipalID && !IsGuest(room);

    /// <summary>Whether it is the room's owner in person.</summary>
    public bool IsOwner(Room room) => AgentID is null && room.OwnerID == PrincipalID;

    /// <summary>The refusal of a caller that is no member of the room; null for a member.</summary>
    /// <param name="room">The room; null when there is none.</param>
    // A stranger is not told that the room exists.
    public Refusal? SeatObstacle(Room? room) => room is { Archived: false } && SeatIn(room) is not null ? null : Refusals.NoSuchThing;

    /// <summary>The refusal of an act that takes <paramref name="right"/>; null when the member may. Affordances ask this too.</summary>
    /// <param name="room">The room; null when there is none.</param>
    /// <param name="right">One of <see cref="Rights.All"/>; null for acts of the owner alone.</param>
    public Refusal? Obstacle(Room? room, string? right) =>
        SeatObstacle(room) is { } stranger ? stranger
        : IsGuest(room!) ? Refusals.Guest
        : Owns(room!) || (right is not null && SeatIn(room!)!.Has(right)) ? null
        : right is null ? Refusals.Forbidden with { Reason = "not_owner", Unlock = "Only the room's owner can do that." }
        : Refusals.MissingRight(right);
}
