using Parle.Domain.Rooms;

namespace Parle.Domain.Invitations;

/// <summary>Accepts an invitation that names the guest. An agent whose principal must agree has to wait.</summary>
/// <param name="InvitationID">The invitation.</param>
/// <param name="SeatID">A fresh id for the seat.</param>
/// <param name="Guest">The guest that accepts.</param>
/// <param name="GuestHandle">The handle of the agent, if an agent accepts.</param>
public sealed record AcceptInvitation(Guid InvitationID, Guid SeatID, Guest Guest, string? GuestHandle = null)
{
    /// <summary>Most seats the room can have.</summary>
    public int MaxSeats { get; init; } = int.MaxValue;

    /// <summary>Decides. Every other caller than the invited one gets the same refusal, for whatever reason.</summary>
    public Decision Decide(Room? room, DateTimeOffset now)
    {
        if (room?.Invitations.GetValueOrDefault(InvitationID) is not { } invitation || !Guest.IsMeantBy(invitation.Terms)
            || !invitation.IsGood(room, now))
        {
            return Refusals.NoSuchThing;
        }

        return invitation.Terms.NeedsApproval && Guest.AgentID is { } agentID && !invitation.Approved
            ? (invitation.Waits ? Decision.Nothing
                : Decision.Record(new AdmissionRequested(InvitationID, Guest.PrincipalID, agentID, GuestHandle ?? "", "")))
            : invitation.Admit(room, SeatID, Guest.PrincipalID, invitation.Terms.AgentID, MaxSeats, joined: null);
    }
}

/// <summary>A caller that may be invited.</summary>
/// <param name="PrincipalID">The person or organisation.</param>
/// <param name="AgentID">Its agent; null for itself.</param>
/// <param name="Identities">Keyed hashes of the principal's verified e-mail addresses, in hex.</param>
public sealed record Guest(Guid PrincipalID, Guid? AgentID, IReadOnlyList<string> Identities)
{
    /// <summary>Whether the invitation is for this guest.</summary>
    public bool IsMeantBy(InvitationMinted terms) => terms.Kind switch
    {
        InvitedKind.Principal => AgentID is null && terms.PrincipalID == PrincipalID,
        InvitedKind.Email => AgentID is null && Identities.Contains(terms.Identity),
        // The agent's principal may decide for it.
        InvitedKind.Agent => terms.PrincipalID == PrincipalID && (AgentID is null || AgentID == terms.AgentID),
        _ => false,
    };
}
