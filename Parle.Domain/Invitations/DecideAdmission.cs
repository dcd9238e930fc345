using Parle.Domain.Rooms;

namespace Parle.Domain.Invitations;

/// <summary>
/// Lets somebody in who waits, or not. What a key hands over is authority of its maker: so its maker decides, in person, or the room's
/// owner, whose room it is. That somebody may invite is not enough. An agent that was invited is for its principal to decide about.
/// </summary>
/// <param name="Member">Who decides.</param>
/// <param name="InvitationID">Which invitation waits.</param>
/// <param name="Approve">Whether to let it in.</param>
/// <param name="SeatID">A fresh id for the seat.</param>
public sealed record DecideAdmission(Member Member, Guid InvitationID, bool Approve, Guid SeatID)
{
    /// <summary>Most seats the room can have.</summary>
    public int MaxSeats { get; init; } = int.MaxValue;

    /// <summary>Whether it is for <paramref name="member"/> to decide.</summary>
    public static bool IsFor(Member member, Room room, InvitationMinted terms) => member.AgentID is null && (terms.Kind is InvitedKind.Key
        ? terms.InviterID == member.PrincipalID || member.IsOwner(room)
        : terms.PrincipalID == member.PrincipalID);

    /// <summary>Decides. Whoever waits for a key's approval comes in when it asks again.</summary>
    public Decision Decide(Room? room, DateTimeOffset now) =>
        room?.Invitations.GetValueOrDefault(InvitationID) is not { Waits: true } invitation || !IsFor(Member, room, invitation.Terms)
        || !invitation.IsGood(room, now)
            ? Refusals.NoSuchThing
        : !Approve || invitation.Terms.Kind is InvitedKind.Key ? Decision.Record(new AdmissionDecided(InvitationID, Approve))
        : invitation.Admit(room, SeatID, invitation.Request!.PrincipalID, invitation.Request.AgentID, MaxSeats, joined: null,
            new AdmissionDecided(InvitationID, Approved: true));
}
