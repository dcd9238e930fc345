using System.Collections.Immutable;
using Parle.Domain.Rooms;

namespace Parle.Domain.Invitations;

/// <summary>An open invitation. A room's state keeps only these.</summary>
/// <param name="Terms">Its terms, as minted.</param>
/// <param name="Request">The request to use it, if that needs approval; null for none yet.</param>
/// <param name="Approved">Whether the request was approved.</param>
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

    /// <summary>Whether it can be used now: it has not expired, and its minter could still mint it.</summary>
    public bool IsGood(Room room, DateTimeOffset now) =>
        !room.Archived && Terms.ExpiresAt > now
        && room.Seats.TryGetValue(Terms.MinterSeatID, out var seat) && new Member(seat.PrincipalID, seat.AgentID) is var minter
        && (MintInvitation.Obstacle(room, minter) ?? MintInvitation.ObstacleTo(Terms, room, minter)) is null;

    /// <summary>Whether it waits for a decision.</summary>
    public bool Waits => Request is not null && !Approved;

    /// <summary>Admits the invited guest.</summary>
    /// <param name="room">The room.</param>
    /// <param name="seatID">A fresh id for the seat.</param>
    /// <param name="principalID">The principal of the seat.</param>
    /// <param name="agentID">The agent; null for the principal itself.</param>
    /// <param name="maxSeats">Most seats the room can have.</param>
    /// <param name="joined">The way an agent joined with a key; null without one.</param>
    /// <param name="before">Facts to record before the admission.</param>
    internal Decision Admit(
        Room room, Guid seatID, Guid principalID, Guid? agentID, int maxSeats, JoinedAs? joined, params IReadOnlyList<object> before) =>
        ObstacleToSeat(room, principalID, agentID, maxSeats) is { } refusal ? refusal
        : Decision.RecordAll([
            .. before,
            new InvitationAccepted(Terms.InvitationID, seatID, principalID, agentID) { As = joined },
            new SeatAdmitted(seatID, principalID, agentID, Terms.History)
            {
                Origin = new(Terms.Kind is InvitedKind.Key ? SeatWay.JoinKey : SeatWay.Invitation, Terms.InviterID,
                    joined is JoinedAs.Guest or JoinedAs.HostsAgent),
            },
            .. Terms.OfferedRights.Select(right => new RightGranted(seatID, right)),
        ]);

    /// <summary>The refusal of this seat, for any invitation; null when the seat can be given.</summary>
    internal static Refusal? ObstacleToSeat(Room room, Guid principalID, Guid? agentID, int maxSeats = int.MaxValue) =>
        (agentID is { } agent
            ? new AdmitAgent(Guid.Empty, principalID, agent, History.FromAdmission) { MaxSeats = maxSeats }.Decide(room)
            : new AdmitPrincipal(Guid.Empty, principalID, History.FromAdmission) { MaxSeats = maxSeats }.Decide(room)).Refusal;
}
