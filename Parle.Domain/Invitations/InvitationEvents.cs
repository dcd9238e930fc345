using Parle.Domain.Contents;
using Parle.Domain.Rooms;

namespace Parle.Domain.Invitations;

// What happens to an invitation, in the room's stream and in the order it lives it. On the record, but nobody's row.

/// <summary>Something that happened to an invitation.</summary>
/// <param name="InvitationID">Which invitation.</param>
public abstract record InvitationFact(Guid InvitationID);

/// <summary>Somebody may be given a seat: whom it names, or who holds its key.</summary>
/// <param name="InvitationID">Which invitation.</param>
/// <param name="MinterSeatID">The seat that invites. What it may not do when the invitation is used, the invitation cannot do.</param>
/// <param name="InviterID">Whose seat that is, or whose agent's.</param>
/// <param name="Kind">Whom it is for.</param>
/// <param name="PrincipalID">The principal it is for, or whose agent it is for; null for an e-mail address and for a key.</param>
/// <param name="AgentID">The agent it is for; null for all others.</param>
/// <param name="Identity">The keyed hash of the e-mail address it is for, 64 lowercase hex digits; null for all others.</param>
/// <param name="NeedsApproval">Whether somebody has to agree when it is used: an agent's principal, or for a key its maker, or the room's
/// owner.</param>
/// <param name="OfferedRights">What the seat will be allowed beside taking part, of <see cref="Rights.All"/>.</param>
/// <param name="History">Where the seat's view will begin.</param>
/// <param name="ExpiresAt">When it opens nothing any more.</param>
public sealed record InvitationMinted(
    Guid InvitationID, Guid MinterSeatID, Guid InviterID, InvitedKind Kind, Guid? PrincipalID, Guid? AgentID, string? Identity,
    bool NeedsApproval, IReadOnlyList<string> OfferedRights, History History, DateTimeOffset ExpiresAt) : InvitationFact(InvitationID)
{
    /// <summary>
    /// The tokens of the agent that minted it, the first one first: it ends with any of them, and so does the token of an agent that acts
    /// for its principal by it. Empty for a person's.
    /// </summary>
    public IReadOnlyList<Guid> MinterTokens { get; init; } = [];

    /// <summary>What a key hands over beside the seat; null for all others.</summary>
    public KeyTerms? Key { get; init; }
}

/// <summary>What a join key hands over beside the seat.</summary>
/// <param name="Scopes">What the token will allow.</param>
/// <param name="AgentHandle">As whom somebody joins who brings no agent; null for any name.</param>
/// <param name="Actions">The only actions the token will allow; null for all.</param>
/// <param name="Asks">The only asks it will be able to act on; null for all.</param>
/// <param name="Label">What its minter calls it, as a digest; null for nothing. The words lie in contents, under the invitation's
/// id.</param>
public sealed record KeyTerms(
    IReadOnlyList<string> Scopes, string? AgentHandle, IReadOnlyList<string>? Actions, IReadOnlyList<Guid>? Asks, Commitment? Label);

/// <summary>Somebody wants to use an invitation that needs approval.</summary>
/// <param name="InvitationID">Which invitation.</param>
/// <param name="PrincipalID">For whom.</param>
/// <param name="AgentID">Which agent; null for one that is not there yet.</param>
/// <param name="AgentHandle">The agent's handle.</param>
/// <param name="Claim">How it is recognised when it asks again, as a keyed digest in hex: nobody else can use the key from now on.</param>
public sealed record AdmissionRequested(Guid InvitationID, Guid PrincipalID, Guid? AgentID, string AgentHandle, string Claim)
    : InvitationFact(InvitationID);

/// <summary>It was decided whether that agent may come in. A denied invitation is over.</summary>
/// <param name="InvitationID">Which invitation.</param>
/// <param name="Approved">Whether it may.</param>
public sealed record AdmissionDecided(Guid InvitationID, bool Approved) : InvitationFact(InvitationID);

/// <summary>An invitation was used: the seat follows.</summary>
/// <param name="InvitationID">Which invitation.</param>
/// <param name="SeatID">The seat it brought.</param>
/// <param name="PrincipalID">Whose seat, or whose agent's.</param>
/// <param name="AgentID">The agent; null for the principal itself.</param>
public sealed record InvitationAccepted(Guid InvitationID, Guid SeatID, Guid PrincipalID, Guid? AgentID) : InvitationFact(InvitationID)
{
    /// <summary>As what an agent joined with a key; null for all others, and where it was not recorded yet.</summary>
    public JoinedAs? As { get; init; }
}

/// <summary>An invitation was taken back.</summary>
/// <param name="InvitationID">Which invitation.</param>
public sealed record InvitationRevoked(Guid InvitationID) : InvitationFact(InvitationID);

/// <summary>An invitation that nobody used in time is forgotten.</summary>
/// <param name="InvitationID">Which invitation.</param>
public sealed record InvitationLapsed(Guid InvitationID) : InvitationFact(InvitationID);

/// <summary>As what an agent joined with a key.</summary>
public enum JoinedAs
{
    /// <summary>With credentials of its own, or of its principal.</summary>
    Itself,

    /// <summary>Without: as an agent of the host that was not there before.</summary>
    Guest,

    /// <summary>Without: as an agent that the host had, and named in the key.</summary>
    HostsAgent,
}

/// <summary>Whom an invitation is for.</summary>
public enum InvitedKind
{
    /// <summary>One person or organisation.</summary>
    Principal,

    /// <summary>One agent.</summary>
    Agent,

    /// <summary>Whoever owns an e-mail address.</summary>
    Email,

    /// <summary>Whoever holds its key, once.</summary>
    Key,
}
