namespace Parle.Domain.Rooms;

/// <summary>Gives a seat to an agent of a member.</summary>
/// <param name="By">The member that admits.</param>
/// <param name="Admission">The seat, for an agent of the same principal.</param>
public sealed record SeatAgent(Member By, AdmitAgent Admission)
{
    /// <summary>Affordances ask this too. A member that is present only by an agent's seat brings no others along.</summary>
    public static Refusal? Obstacle(Room? room, Member member) => member.SeatObstacle(room)
        ?? (member.IsGuest(room!) ? Refusals.Guest : null)
        ?? (room!.PrincipalSeatOf(member.PrincipalID) is null ? Refusals.Forbidden with
        { Reason = "principal_has_no_seat", Unlock = "Your principal needs a seat of its own in the room first." } : null);

    /// <summary>Decides.</summary>
    public Decision Decide(Room? room) =>
        Obstacle(room, By) is { } refusal ? refusal
        : Admission.History is History.All && !(By.AgentID is null && By.Owns(room!)) ? Refusals.ValidationFailed.Because(
            "Only the room's owner, in person, lets a seat read what was before it.")
        : Admission.Decide(room);
}
