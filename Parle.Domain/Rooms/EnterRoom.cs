namespace Parle.Domain.Rooms;

/// <summary>
/// Brings a session of a seated agent into the room; entering again changes nothing. Presences of the same seat whose sessions have expired
/// leave at this moment, since a killed agent never says goodbye.
/// </summary>
/// <param name="ParticipantID">A fresh id, used if the session is not present yet.</param>
/// <param name="AgentID">The session's agent.</param>
/// <param name="AgentSessionID">The session.</param>
/// <param name="Address">The session's address.</param>
/// <param name="ExpiresAt">The moment the session expires.</param>
public sealed record EnterRoom(Guid ParticipantID, Guid AgentID, Guid AgentSessionID, string Address, DateTimeOffset ExpiresAt)
{
    /// <summary>Affordances ask this too: entering is offered exactly when nothing stands in its way.</summary>
    public static Refusal? Obstacle(Room? room, Guid agentID) =>
        room?.SeatOf(agentID) is null ? Refusals.RoomNotFound : null; // A stranger is not told that the room exists.

    /// <summary>Decides.</summary>
    public Decision Decide(Room? room, DateTimeOffset now)
    {
        if (Obstacle(room, AgentID) is { } refusal)
        {
            return refusal;
        }

        if (room!.SentOut.ContainsKey(AgentSessionID))
        {
            return Refusals.ParticipantRevoked;
        }

        if (Present(room) is not null)
        {
            return Decision.Nothing;
        }

        var seat = room.SeatOf(AgentID)!.SeatID;
        var gone = room.Participants.Values.Where(participant => participant.SeatID == seat && participant.ExpiresAt <= now);
        return Decision.RecordAll([
            .. gone.Select(participant => new ParticipantLeft(participant.ParticipantID)),
            new ParticipantEntered(ParticipantID, seat, AgentSessionID, Address, ExpiresAt),
        ]);
    }

    /// <summary>The session's presence in <paramref name="room"/>; null when it is not there.</summary>
    public Participant? Present(Room room) =>
        room.Participants.Values.FirstOrDefault(participant => participant.AgentSessionID == AgentSessionID);
}
