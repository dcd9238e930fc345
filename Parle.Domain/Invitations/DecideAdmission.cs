using Parle.Domain.Rooms;

namespace Parle.Domain.Invitations;

/// <summary>Lets somebody in who waits, or not: an agent of one's own, or who holds a key to a room where one may invite.</summary>
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
        ? MintInvitation.Obstacle(room, member) is null
        : terms.PrincipalID == member.PrincipalID);

    /// <summary>Decides. Whoever waits for a key's approval comes in when it asks again.</summary>
    public Decision Decide(Room? room, DateTimeOffset now) =>
        room?.Invitations.GetValueOrDefault(InvitationID) is not { Waits: true } invitation || !IsFor(Member, room, invitation.Terms) || !invitation.IsGood(room, now) ? Refusals.NoSuchThing
        : !Approve || invitation.Terms.Kind is InvitedKind.Key ? Decision.Record(new AdmissionDecided(InvitationID, Approve))
        : invitation.Admit(room, SeatID, invitation.Request!.PrincipalID, invitation.Request.AgentID, MaxSeats, new AdmissionDecided(InvitationID, Approved: true));
}
