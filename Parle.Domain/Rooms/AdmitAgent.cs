namespace Parle.Domain.Rooms;

/// <summary>Gives an agent a seat.</summary>
/// <param name="SeatID">A fresh id for the seat.</param>
/// <param name="PrincipalID">Whose agent it is.</param>
/// <param name="AgentID">Which agent.</param>
/// <param name="History">Where its view begins.</param>
public sealed record AdmitAgent(Guid SeatID, Guid PrincipalID, Guid AgentID, History History)
{
    /// <summary>Decides.</summary>
    public Decision Decide(Room? room) =>
        room is null ? Refusals.RoomNotFound
        : room.SeatOf(AgentID) is not null ? Refusals.AlreadyMember
        : room.Kind is RoomKind.Private && PrincipalID != room.OwnerID ? Refusals.ValidationFailed.Because("A private room seats its owner's agents only.")
        : Decision.Record(new SeatAdmitted(SeatID, PrincipalID, AgentID, History));
}
