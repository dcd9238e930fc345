using System.Collections.Immutable;
using Parle.Domain.Rooms;

namespace Parle.Domain.Invitations;

/// <summary>An invitation that is open. A room remembers no others.</summary>
/// <param name="Terms">As it was minted.</param>
/// <param name="Request">Who wants to use it, where that needs approval; null for nobody yet.</param>
/// <param name="Approved">Whether that was approved.</param>
public sealed record Invitation(InvitationMinted Terms, AdmissionRequested? Request = null, bool Approved = false)
{
    /// <summary>The open invitations of a room after one more fact.</summary>
    public static ImmutableDictionary<Guid, Invitation> After(ImmutableDictionary<Guid, Invitation> open, InvitationFact fact) => (fact,
        open.GetValueOrDefault(fact.InvitationID)) switch
    {
        (InvitationMinted minted, _) => open.SetItem(minted.InvitationID, new(minted)),
        (AdmissionRequested request, { } invitation) => open.SetItem(fact.InvitationID, invitation with { Request = request }),
        (AdmissionDecided { Approved: true }, { } invitation) => open.SetItem(fact.InvitationID, invitation with { Approved = true }),
        (AdmissionRequested or AdmissionDecided or InvitationAccepted or InvitationRevoked or InvitationLapsed, _) =>
            open.Remove(fact.InvitationID),
        _ => throw new ArgumentException($"{fact.GetType().Name} does not happen to an invitation.", nameof(fact)),
    };

    /// <summary>Whether it can be used now: in time, and whoever minted it could mint it still.</summary>
    public bool IsGood(Room room, DateTimeOffset now) =>
        !room.Archived && Terms.ExpiresAt > now
        && room.Seats.TryGetValue(Terms.MinterSeatID, out var seat) && new Member(seat.PrincipalID, seat.AgentID) is var minter
        && (MintInvitation.Obstacle(room, minter) ?? MintInvitation.ObstacleTo(Terms, room, minter)) is null;

    /// <summary>Whether waiting for a decision is all there is to do.</summary>
    public bool Waits => Request is not null && !Approved;

    /// <summary>Brings in whom it is for.</summary>
    /// <param name="room">The room.</param>
    /// <param name="seatID">A fresh id for the seat.</param>
    /// <param name="principalID">Whose seat, or whose agent's.</param>
    /// <param name="agentID">The agent; null for the principal itself.</param>
    /// <param name="maxSeats">Most seats the room can have.</param>
    /// <param name="joined">As what an agent joins with a key; null without one.</param>
    /// <param name="before">What is recorded before it.</param>
    internal Decision Admit(
        Room room, Guid seatID, Guid principalID, Guid? agentID, int maxSeats, JoinedAs? joined, params IReadOnlyList<object> before) =>
        ObstacleToSeat(room, principalID, agentID, maxSeats) is { } refusal ? refusal
        : Decision.RecordAll([
            .. before,
            new InvitationAccepted(Terms.InvitationID, seatID, principalID, agentID) { As = joined },
            new SeatAdmitted(seatID, principalID, agentID, Terms.History),
            .. Terms.OfferedRights.Select(right => new RightGranted(seatID, right)),
        ]);

    /// <summary>Why nobody can be given this seat, whatever invites it; null when it can.</summary>
    internal static Refusal? ObstacleToSeat(Room room, Guid principalID, Guid? agentID, int maxSeats = int.MaxValue) =>
        (agentID is { } agent
            ? new AdmitAgent(Guid.Empty, principalID, agent, History.FromAdmission) { MaxSeats = maxSeats }.Decide(room)
            : new AdmitPrincipal(Guid.Empty, principalID, History.FromAdmission) { MaxSeats = maxSeats }.Decide(room)).Refusal;
}
