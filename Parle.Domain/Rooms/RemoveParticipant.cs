namespace Parle.Domain.Rooms;

/// <summary>Removes one session from the room for good. Other sessions of the same seat stay.</summary>
/// <param name="By">The member that removes.</param>
/// <param name="ParticipantID">The presence.</param>
public sealed record RemoveParticipant(Member By, Guid ParticipantID)
{
    /// <summary>Affordances ask this too.</summary>
    public static Refusal? Obstacle(Room? room, Member member) => member.Obstacle(room, Rights.RemoveMembers);

    /// <summary>The refusal of this removal by a member that may remove others; null when it can. Affordances ask this too.</summary>
    public static Refusal? Obstacle(Room room, Member member, Participant participant) =>
        member.AgentID is not null && participant.SeatID == member.SeatIn(room)!.SeatID
            ? Refusals.ValidationFailed.Because("This is a session of your own. End it instead.")
        : room.Seats[participant.SeatID].PrincipalID == room.OwnerID && !member.Owns(room) ? Refusals.ValidationFailed.Because(
            "The owner's agents are the owner's to remove.")
        : null;

    /// <summary>Decides.</summary>
    public Decision Decide(Room? room) =>
        Obstacle(room, By) is { } refusal ? refusal
        : room!.Participants.GetValueOrDefault(ParticipantID) is not { } participant ? Refusals.NoSuchThing
        : Obstacle(room, By, participant) is { } obstacle ? obstacle
        : Decision.Record(new ParticipantRemoved(ParticipantID));
}
