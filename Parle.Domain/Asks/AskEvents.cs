using Parle.Domain.Contents;
using Parle.Domain.Rooms;

namespace Parle.Domain.Asks;

// All that happens to an ask, in the order it lives it. Words (titles, reasons, answers, context) lie in contents.

/// <summary>A fact about an ask. Every seat that may see the ask sees it as a row.</summary>
public abstract record AskFact
{
    /// <summary>The ask.</summary>
    public Guid AskID { get; init; }

    /// <summary>Its number among the facts of this ask, from 1.</summary>
    public int Number { get; init; }

    /// <summary>The state of the ask after it.</summary>
    public AskState State { get; init; }

    /// <summary>The participant that acted; null for a fact of time alone.</summary>
    public Guid? AuthorID { get; init; }

    /// <summary>The alias under which it acted; null for none.</summary>
    public string? AuthorAlias { get; init; }

    /// <summary>The targets that shall respond to it now.</summary>
    public IReadOnlyList<Target> Work { get; init; } = [];

    /// <summary>The row's content, as a digest; null for none.</summary>
    public Commitment? Words { get; init; }

    /// <summary>The context that came with it.</summary>
    public IReadOnlyList<ContextItem> Context { get; init; } = [];

    /// <summary>What the service says about the ask in this fact's row; null for a fact from before it did.</summary>
    public AskProgress? Progress { get; init; }
}

/// <summary>An ask as it stands after a fact, in the service's own words.</summary>
/// <param name="Kind">The kind of ask.</param>
/// <param name="Audience">The audience: everybody, or the seats named.</param>
/// <param name="Sha256">The digest of the subject; null without one.</param>
/// <param name="Quorum">The number of principals that must approve; null for all kinds but approvals.</param>
/// <param name="Approvals">The number of principals that approve, by their newest decisions; null likewise.</param>
/// <param name="Denials">The number of those that deny; null likewise.</param>
/// <param name="UsableUntil">The time until which the approval can be used; null while there is none.</param>
public sealed record AskProgress(
    AskKind Kind, Addressing Audience, string? Sha256, int? Quorum, int? Approvals, int? Denials, DateTimeOffset? UsableUntil);

/// <summary>An ask was opened.</summary>
/// <param name="Kind">The kind of ask.</param>
/// <param name="AskerSeatID">The seat that asks.</param>
/// <param name="AskerPrincipalID">The principal that it asks for.</param>
/// <param name="Addressing">The audience that may answer: the seats named, or everybody.</param>
/// <param name="Sha256">The digest of the subject to review or approve, 64 lowercase hex digits; null without a subject.</param>
/// <param name="Quorum">The number of principals that must approve, 1 or more; null for all kinds but approvals.</param>
/// <param name="DueAt">After this moment nobody can answer; null for no bound.</param>
/// <param name="ValidSeconds">The seconds for which a given approval can be used; null for all kinds but approvals.</param>
public sealed record AskOpened(
    AskKind Kind, Guid AskerSeatID, Guid AskerPrincipalID, Addressing Addressing, string? Sha256, int? Quorum, DateTimeOffset? DueAt,
    int? ValidSeconds) : AskFact;

/// <summary>A seat claimed the ask, until the lease ends.</summary>
/// <param name="SeatID">The claiming seat.</param>
/// <param name="Claim">The claim's number, from 1.</param>
/// <param name="LeaseUntil">The time at which the claim lapses unless it is renewed.</param>
public sealed record AskClaimed(Guid SeatID, int Claim, DateTimeOffset LeaseUntil) : AskFact;

/// <summary>The claimant renewed its claim.</summary>
/// <param name="Claim">The number of the claim.</param>
/// <param name="LeaseUntil">The time at which it lapses now.</param>
public sealed record AskClaimRenewed(int Claim, DateTimeOffset LeaseUntil) : AskFact;

/// <summary>The claimant released its claim.</summary>
/// <param name="Claim">The number of the claim.</param>
public sealed record AskReleased(int Claim) : AskFact;

/// <summary>A claim lapsed without renewal.</summary>
/// <param name="Claim">The number of the claim.</param>
public sealed record AskClaimLapsed(int Claim) : AskFact;

/// <summary>The claimant answered.</summary>
public sealed record AskAnswered : AskFact
{
    /// <summary>The verdict of a review; null for an answer without one, and from before it was kept.</summary>
    public string? Verdict { get; init; }
}

/// <summary>An addressee declined.</summary>
/// <param name="SeatID">The seat that declined.</param>
public sealed record AskDeclined(Guid SeatID) : AskFact;

/// <summary>The asker withdrew the ask.</summary>
public sealed record AskWithdrawn : AskFact;

/// <summary>The asker accepted the answer.</summary>
public sealed record AskAccepted : AskFact;

/// <summary>The asker contested the answer; its author has the claim again.</summary>
/// <param name="Claim">The number of the claim now.</param>
/// <param name="LeaseUntil">The time at which that claim lapses.</param>
public sealed record AskContested(int Claim, DateTimeOffset LeaseUntil) : AskFact;

/// <summary>A principal approved or denied. Its newest decision replaces an earlier one.</summary>
/// <param name="PrincipalID">The principal that decided.</param>
/// <param name="Approved">Whether it approved.</param>
/// <param name="Sha256">The digest that was decided on.</param>
/// <param name="UsableUntil">The time until which the approval can be used, if this decision gives it; otherwise null.</param>
public sealed record AskDecided(Guid PrincipalID, bool Approved, string Sha256, DateTimeOffset? UsableUntil) : AskFact;

/// <summary>A principal withdrew its decision, and so counts as undecided.</summary>
/// <param name="PrincipalID">The principal.</param>
/// <param name="Sha256">The digest that it had decided on.</param>
/// <param name="UsableUntil">The time until which the approval can be used, if the other decisions give it; otherwise null.</param>
public sealed record AskDecisionWithdrawn(Guid PrincipalID, string Sha256, DateTimeOffset? UsableUntil) : AskFact;

/// <summary>The asker used the approval. This can be done once.</summary>
/// <param name="Sha256">The digest it presented.</param>
public sealed record AskConsumed(string Sha256) : AskFact;

/// <summary>The asker replaced the subject: claims, answers and decisions about the old one are void.</summary>
/// <param name="Sha256">The new subject's digest.</param>
/// <param name="DeniedBy">Principals that denied this digest before, and whose denials count again; null for none.</param>
public sealed record AskSubjectReplaced(string Sha256, IReadOnlyList<Guid>? DeniedBy = null) : AskFact;

/// <summary>The ask expired without an answer, or its approval without use.</summary>
public sealed record AskExpired : AskFact;

/// <summary>Context was added.</summary>
public sealed record AskContextAdded : AskFact;

/// <summary>A context item was withdrawn: nobody can read it any more.</summary>
/// <param name="ItemID">The item.</param>
public sealed record AskContextWithdrawn(Guid ItemID) : AskFact;

/// <summary>A context item. Its name, media type and text lie in contents, under its id.</summary>
/// <param name="ItemID">The item.</param>
/// <param name="SeatID">The seat that added it.</param>
/// <param name="Content">Name, media type and text, as a digest.</param>
/// <param name="ExpiresAt">The end of its readability; null for none.</param>
public sealed record ContextItem(Guid ItemID, Guid SeatID, Commitment Content, DateTimeOffset? ExpiresAt);
