namespace Parle.Domain.Rooms;

/// <summary>Gives an agent a seat.</summary>
/// <param name="SeatID">A fresh id for the seat.</param>
/// <param name="PrincipalID">The agent's principal.</param>
/// <param name="AgentID">The agent.</param>
/// <param name="History">The start of its view.</param>
public sealed record AdmitAgent(Guid SeatID, Guid PrincipalID, Guid AgentID, History History)
{
    /// <summary>Most seats the room can have.</summary>
    public int MaxSeats { get; init; } = int.MaxValue;

    /// <summary>Decides.</summary>
    public Decision Decide(Room? room) =>
        room is not { Archived: false } ? Refusals.RoomNotFound
        : room.SeatOf(AgentID) is not null ? Refusals.AlreadyMember
        : room.Kind is RoomKind.Private && PrincipalID != room.OwnerID ? Refusals.ValidationFailed.Because(
            "A private room seats its owner's agents only.")
        : FullRoom.Obstacle(room, MaxSeats) is { } full ? full
        : Decision.Record(new SeatAdmitted(SeatID, PrincipalID, AgentID, History));
}

/// <summary>The bound on a room's seats.</summary>
public static class FullRoom
{
    /// <summary>Refuses one more; null while there is room.</summary>
    public static Refusal? Obstacle(Room room, int maxSeats) =>
        new Cap("room_seats", room.Seats.Count, maxSeats, "Remove a seat that is not needed, or open another room.").Obstacle();
}
