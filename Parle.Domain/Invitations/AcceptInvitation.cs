using Parle.Domain.Rooms;

namespace Parle.Domain.Invitations;

/// <summary>Takes up an invitation that names somebody. An agent whose principal has to agree waits.</summary>
/// <param name="InvitationID">Which invitation.</param>
/// <param name="SeatID">A fresh id for the seat.</param>
/// <param name="Guest">Who takes it up.</param>
/// <param name="GuestHandle">The handle of the agent, when one does.</param>
public sealed record AcceptInvitation(Guid InvitationID, Guid SeatID, Guest Guest, string? GuestHandle = null)
{
    /// <summary>Most seats the room can have.</summary>
    public int MaxSeats { get; init; } = int.MaxValue;

    /// <summary>Decides. Whatever is wrong is told in one way, but for the one it is for.</summary>
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

/// <summary>Somebody who was perhaps invited.</summary>
/// <param name="PrincipalID">The person or organisation.</param>
/// <param name="AgentID">Its agent; null for itself.</param>
/// <param name="Identities">Keyed hashes of the e-mail addresses that are proved to be the principal's, in hex.</param>
public sealed record Guest(Guid PrincipalID, Guid? AgentID, IReadOnlyList<string> Identities)
{
    /// <summary>Whether an invitation is for it.</summary>
    public bool IsMeantBy(InvitationMinted terms) => terms.Kind switch
    {
        InvitedKind.Principal => AgentID is null && terms.PrincipalID == PrincipalID,
        InvitedKind.Email => AgentID is null && Identities.Contains(terms.Identity),
        // Its principal decides for it.
        InvitedKind.Agent => terms.PrincipalID == PrincipalID && (AgentID is null || AgentID == terms.AgentID),
        _ => false,
    };
}
