namespace Parle.Domain.Rooms;

/// <summary>Opens a room and seats its owner.</summary>
/// <param name="OwnerID">The principal whose room it is.</param>
/// <param name="Handle">Its name, unique among the owner's rooms; null for none, which only a shared room can have.</param>
/// <param name="Kind">The kind decides which principals can get a seat.</param>
/// <param name="OwnerSeatID">A fresh id for the owner's seat.</param>
public sealed record OpenRoom(Guid OwnerID, string? Handle, RoomKind Kind, Guid OwnerSeatID)
{
    /// <summary>Decides. A unique index of the database decides whether the handle is free.</summary>
    public Decision Decide(Room? room) =>
        room is not null ? Refusals.HandleUnavailable
        : Handle is null && Kind is RoomKind.Private ? Refusals.ValidationFailed.Because("A private room needs a room_handle.")
        : Handle is not null && Names.Handle.Obstacle(Handle) is { } refusal ? refusal
        : Decision.RecordAll(new RoomOpened(OwnerID, Handle, Kind), new SeatAdmitted(OwnerSeatID, OwnerID, AgentID: null, History.All));
}
