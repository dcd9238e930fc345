namespace Parle.Domain.Rooms;

/// <summary>
/// Brings a session of a seated agent into the room; entering again changes nothing. Who of the same seat has outlived its
/// session leaves on the occasion, since a killed agent says no goodbye.
/// </summary>
/// <param name="ParticipantID">A fresh id, used when the session is not there yet.</param>
/// <param name="AgentID">Whose session it is.</param>
/// <param name="AgentSessionID">Which session.</param>
/// <param name="Address">Where it can be reached.</param>
/// <param name="ExpiresAt">When the session's life is over.</param>
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

    /// <summary>The session's presence in <paramref name="room"/>, if it is there.</summary>
    public Participant? Present(Room room) =>
        room.Participants.Values.FirstOrDefault(participant => participant.AgentSessionID == AgentSessionID);
}
