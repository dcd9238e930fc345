using Parle.Domain.Rooms;

namespace Parle.Domain.Invitations;

/// <summary>Revokes an invitation that was not used.</summary>
/// <param name="Member">The member that revokes.</param>
/// <param name="InvitationID">The invitation.</param>
/// <param name="IsKey">Whether it is a join key.</param>
public sealed record RevokeInvitation(Member Member, Guid InvitationID, bool IsKey)
{
    /// <summary>Affordances ask this too.</summary>
    public static Refusal? Obstacle(Room? room, Member member, Guid invitationID) =>
        room is { Archived: false } && room.Invitations.TryGetValue(invitationID, out var invitation)
        && IsFor(member, room, invitation.Terms.MinterSeatID, invitation.Terms.InviterID)
            ? null : Refusals.NoSuchThing; // One answer for all reasons.

    /// <summary>
    /// Whether <paramref name="member"/> can revoke an invitation minted by that seat of that principal, and so may see it: its minter, the
    /// principal of the minting agent in person, and a member with the right.
    /// </summary>
    public static bool IsFor(Member member, Room room, Guid minterSeatID, Guid inviterID) =>
        !member.IsGuest(room) && (member.Obstacle(room, Rights.RevokeInvites) is null || (member.SeatIn(room)?.SeatID == minterSeatID)
            || (member.AgentID is null && member.PrincipalID == inviterID && room.Seats.ContainsKey(minterSeatID)));

    /// <summary>Decides.</summary>
    public Decision Decide(Room? room) =>
        Obstacle(room, Member, InvitationID) is { } refusal ? refusal
        : (room!.Invitations[InvitationID].Terms.Kind is InvitedKind.Key) != IsKey ? Refusals.NoSuchThing
        : Decision.Record(new InvitationRevoked(InvitationID));
}
