using Parle.Domain.Rooms;

namespace Parle.Domain.Invitations;

/// <summary>
/// Admits a waiting guest, or denies it. A key gives authority of its minter to its holder. So the minter decides in person, or the room's
/// owner; the right to invite is not enough. For an invited agent its principal decides.
/// </summary>
/// <param name="Member">The member that decides.</param>
/// <param name="InvitationID">The invitation that waits.</param>
/// <param name="Approve">Whether to admit the guest.</param>
/// <param name="SeatID">A fresh id for the seat.</param>
public sealed record DecideAdmission(Member Member, Guid InvitationID, bool Approve, Guid SeatID)
{
    /// <summary>Most seats the room can have.</summary>
    public int MaxSeats { get; init; } = int.MaxValue;

    /// <summary>Whether <paramref name="member"/> is to decide.</summary>
    public static bool IsFor(Member member, Room room, InvitationMinted terms) => member.AgentID is null && (terms.Kind is InvitedKind.Key
        ? terms.InviterID == member.PrincipalID || member.IsOwner(room)
        : terms.PrincipalID == member.PrincipalID);

    /// <summary>Decides. A guest that waits for a key's approval comes in when it asks again.</summary>
    public Decision Decide(Room? room, DateTimeOffset now) =>
        room?.Invitations.GetValueOrDefault(InvitationID) is not { Waits: true } invitation || !IsFor(Member, room, invitation.Terms)
        || !invitation.IsGood(room, now)
            ? Refusals.NoSuchThing
        : !Approve || invitation.Terms.Kind is InvitedKind.Key ? Decision.Record(new AdmissionDecided(InvitationID, Approve))
        : invitation.Admit(room, SeatID, invitation.Request!.PrincipalID, invitation.Request.AgentID, MaxSeats, joined: null,
            new AdmissionDecided(InvitationID, Approved: true));
}
