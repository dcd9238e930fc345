namespace Parle.Domain.Rooms;

/// <summary>Takes an ended session out of the room; leaving again changes nothing.</summary>
/// <param name="ParticipantID">The presence that ends.</param>
public sealed record LeaveRoom(Guid ParticipantID)
{
    /// <summary>Decides.</summary>
    public Decision Decide(Room? room) =>
        room?.Participants.ContainsKey(ParticipantID) is true ? Decision.Record(new ParticipantLeft(ParticipantID)) : Decision.Nothing;
}
