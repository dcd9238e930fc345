namespace Parle.Domain.Rooms;

/// <summary>Gives a person or organisation a seat of its own.</summary>
/// <param name="SeatID">A fresh id for the seat.</param>
/// <param name="PrincipalID">The principal.</param>
/// <param name="History">The start of its view.</param>
public sealed record AdmitPrincipal(Guid SeatID, Guid PrincipalID, History History)
{
    /// <summary>Most seats the room can have.</summary>
    public int MaxSeats { get; init; } = int.MaxValue;

    /// <summary>Decides.</summary>
    public Decision Decide(Room? room) =>
        room is not { Archived: false } ? Refusals.RoomNotFound
        : room.PrincipalSeatOf(PrincipalID) is not null ? Refusals.AlreadyMember
        : room.Kind is RoomKind.Private && PrincipalID != room.OwnerID ? Refusals.ValidationFailed.Because(
            "A private room seats its owner's agents only.")
        : FullRoom.Obstacle(room, MaxSeats) is { } full ? full
        : Decision.Record(new SeatAdmitted(SeatID, PrincipalID, AgentID: null, History));
}
