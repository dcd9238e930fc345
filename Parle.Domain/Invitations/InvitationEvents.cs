using Parle.Domain.Contents;
using Parle.Domain.Rooms;

namespace Parle.Domain.Invitations;

// Events of an invitation, in the room's stream and in the order of its life. They are on the record, but in nobody's view.

/// <summary>An event of an invitation.</summary>
/// <param name="InvitationID">The invitation.</param>
public abstract record InvitationFact(Guid InvitationID);

/// <summary>A seat can be taken by the invited principal or agent, or by the holder of a join key.</summary>
/// <param name="InvitationID">The invitation.</param>
/// <param name="MinterSeatID">The seat that invites. When the invitation is used, it gives no more than this seat may give then.</param>
/// <param name="InviterID">The principal of that seat.</param>
/// <param name="Kind">The kind of guest.</param>
/// <param name="PrincipalID">The invited principal, or the principal of the invited agent; null for an e-mail address and for a
/// key.</param>
/// <param name="AgentID">The invited agent; null for all other kinds.</param>
/// <param name="Identity">The keyed hash of the invited e-mail address, 64 lowercase hex digits; null for all other kinds.</param>
/// <param name="NeedsApproval">Whether approval is needed when it is used: by an agent's principal, or for a key by its minter or the
/// room's owner.</param>
/// <param name="OfferedRights">The rights the seat will have beside taking part, of <see cref="Rights.All"/>.</param>
/// <param name="History">The start of the seat's view.</param>
/// <param name="ExpiresAt">The moment it expires.</param>
public sealed record InvitationMinted(
    Guid InvitationID, Guid MinterSeatID, Guid InviterID, InvitedKind Kind, Guid? PrincipalID, Guid? AgentID, string? Identity,
    bool NeedsApproval, IReadOnlyList<string> OfferedRights, History History, DateTimeOffset ExpiresAt) : InvitationFact(InvitationID)
{
    /// <summary>
    /// The tokens of the agent that minted it, outermost first. It ends with any of them, and so does the token of an agent that acts for
    /// its principal by it. Empty for a person's.
    /// </summary>
    public IReadOnlyList<Guid> MinterTokens { get; init; } = [];

    /// <summary>A join key's terms; null for all other kinds.</summary>
    public KeyTerms? Key { get; init; }
}

/// <summary>The terms of a join key: the token that it gives beside the seat.</summary>
/// <param name="Scopes">The scopes of the token.</param>
/// <param name="AgentHandle">The handle of an agent that the key brings in; null for any handle.</param>
/// <param name="Actions">The only actions the token will allow; null for all.</param>
/// <param name="Asks">The only asks it will be able to act on; null for all.</param>
/// <param name="Label">The minter's label, as a digest; null for none. Its text lies in contents, under the invitation's id.</param>
public sealed record KeyTerms(
    IReadOnlyList<string> Scopes, string? AgentHandle, IReadOnlyList<string>? Actions, IReadOnlyList<Guid>? Asks, Commitment? Label);

/// <summary>A guest asks to use an invitation that needs approval.</summary>
/// <param name="InvitationID">The invitation.</param>
/// <param name="PrincipalID">The principal of the guest.</param>
/// <param name="AgentID">The agent; null for one that does not exist yet.</param>
/// <param name="AgentHandle">The agent's handle.</param>
/// <param name="Claim">A keyed digest in hex that recognises the guest when it asks again. From now on only this guest can use the
/// key.</param>
public sealed record AdmissionRequested(Guid InvitationID, Guid PrincipalID, Guid? AgentID, string AgentHandle, string Claim)
    : InvitationFact(InvitationID);

/// <summary>The request was approved or denied. A denied invitation is over.</summary>
/// <param name="InvitationID">The invitation.</param>
/// <param name="Approved">Whether the guest may come in.</param>
public sealed record AdmissionDecided(Guid InvitationID, bool Approved) : InvitationFact(InvitationID);

/// <summary>An invitation was used. The admission follows.</summary>
/// <param name="InvitationID">The invitation.</param>
/// <param name="SeatID">The seat it gave.</param>
/// <param name="PrincipalID">The principal of the seat.</param>
/// <param name="AgentID">The agent; null for the principal itself.</param>
public sealed record InvitationAccepted(Guid InvitationID, Guid SeatID, Guid PrincipalID, Guid? AgentID) : InvitationFact(InvitationID)
{
    /// <summary>The way an agent joined with a key; null for all other kinds, and in facts from before it was recorded.</summary>
    public JoinedAs? As { get; init; }
}

/// <summary>An invitation was revoked.</summary>
/// <param name="InvitationID">The invitation.</param>
public sealed record InvitationRevoked(Guid InvitationID) : InvitationFact(InvitationID);

/// <summary>An invitation that was not used in time has lapsed.</summary>
/// <param name="InvitationID">The invitation.</param>
public sealed record InvitationLapsed(Guid InvitationID) : InvitationFact(InvitationID);

/// <summary>The way an agent joined with a key.</summary>
public enum JoinedAs
{
    /// <summary>With credentials of its own, or of its principal.</summary>
    Itself,

    /// <summary>Without credentials: as a new agent of the host.</summary>
    Guest,

    /// <summary>Without credentials: as an agent of the host that existed and that the key names.</summary>
    HostsAgent,
}

/// <summary>The kind of guest that an invitation is for.</summary>
public enum InvitedKind
{
    /// <summary>One person or organisation.</summary>
    Principal,

    /// <summary>One agent.</summary>
    Agent,

    /// <summary>The owner of an e-mail address.</summary>
    Email,

    /// <summary>The holder of its key, once.</summary>
    Key,
}
