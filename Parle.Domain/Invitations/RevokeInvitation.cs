using Parle.Domain.Rooms;

namespace Parle.Domain.Invitations;

/// <summary>Takes an invitation back that nobody used.</summary>
/// <param name="Member">Who does.</param>
/// <param name="InvitationID">Which invitation.</param>
/// <param name="IsKey">Whether a join key is meant.</param>
public sealed record RevokeInvitation(Member Member, Guid InvitationID, bool IsKey)
{
    /// <summary>Affordances ask this too.</summary>
    public static Refusal? Obstacle(Room? room, Member member, Guid invitationID) =>
        room is { Archived: false } && room.Invitations.TryGetValue(invitationID, out var invitation)
        && IsFor(member, room, invitation.Terms.MinterSeatID, invitation.Terms.InviterID)
            ? null : Refusals.NoSuchThing; // Whatever it is, in one way.

    /// <summary>
    /// Whether <paramref name="member"/> can take back what that seat of that principal minted, and so may see that it is there: its maker,
    /// in person also what its agents minted, and who has the right.
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
