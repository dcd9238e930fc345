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
        room is { Archived: false } && room.Invitations.TryGetValue(invitationID, out var invitation) && member.SeatIn(room) is { } seat
        && (member.Obstacle(room, Rights.RevokeInvites) is null || seat.SeatID == invitation.Terms.MinterSeatID)
            ? null : Refusals.NoSuchThing; // Whatever it is, in one way.

    /// <summary>Decides.</summary>
    public Decision Decide(Room? room) =>
        Obstacle(room, Member, InvitationID) is { } refusal ? refusal
        : (room!.Invitations[InvitationID].Terms.Kind is InvitedKind.Key) != IsKey ? Refusals.NoSuchThing
        : Decision.Record(new InvitationRevoked(InvitationID));
}
