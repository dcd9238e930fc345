using Parle.Domain.Contents;
using Parle.Domain.Rooms;

namespace Parle.Domain.Asks;

// All that happens to an ask, in the order it lives it. Words (titles, reasons, answers, context) lie in contents.

/// <summary>Something that happened to an ask. Whoever may see the ask sees this as a row.</summary>
public abstract record AskFact
{
    /// <summary>Which ask.</summary>
    public Guid AskID { get; init; }

    /// <summary>Which fact of this ask it is, from 1.</summary>
    public int Number { get; init; }

    /// <summary>How far the ask is after it.</summary>
    public AskState State { get; init; }

    /// <summary>The participant who did it; null when time did.</summary>
    public Guid? AuthorID { get; init; }

    /// <summary>The alias under which it did; null for none.</summary>
    public string? AuthorAlias { get; init; }

    /// <summary>The targets that are to respond to it now.</summary>
    public IReadOnlyList<Target> Work { get; init; } = [];

    /// <summary>The row's words, as a digest; null when there are none.</summary>
    public Commitment? Words { get; init; }

    /// <summary>The context that was handed over with it.</summary>
    public IReadOnlyList<ContextItem> Context { get; init; } = [];
}

/// <summary>Somebody asks for something.</summary>
/// <param name="Kind">The kind of ask.</param>
/// <param name="AskerSeatID">The seat that asks.</param>
/// <param name="AskerPrincipalID">For whom it asks.</param>
/// <param name="Addressing">The audience that may answer: the seats named, or everybody.</param>
/// <param name="Sha256">The digest of what is to be reviewed or approved, 64 lowercase hex digits; null without a subject.</param>
/// <param name="Quorum">How many principals must approve, 1 or more; null unless an approval is asked for.</param>
/// <param name="DueAt">After this moment nobody can answer; null for no bound.</param>
/// <param name="ValidSeconds">How long an approval can be used once it is given; null unless an approval is asked for.</param>
public sealed record AskOpened(
    AskKind Kind, Guid AskerSeatID, Guid AskerPrincipalID, Addressing Addressing, string? Sha256, int? Quorum, DateTimeOffset? DueAt,
    int? ValidSeconds) : AskFact;

/// <summary>Somebody works on it, until the lease is over.</summary>
/// <param name="SeatID">The seat that does.</param>
/// <param name="Claim">Which claim of this ask it is, from 1.</param>
/// <param name="LeaseUntil">When the claim lapses unless it is renewed.</param>
public sealed record AskClaimed(Guid SeatID, int Claim, DateTimeOffset LeaseUntil) : AskFact;

/// <summary>The claimant needs longer.</summary>
/// <param name="Claim">Which claim.</param>
/// <param name="LeaseUntil">When it lapses now.</param>
public sealed record AskClaimRenewed(int Claim, DateTimeOffset LeaseUntil) : AskFact;

/// <summary>The claimant gave it back.</summary>
/// <param name="Claim">Which claim.</param>
public sealed record AskReleased(int Claim) : AskFact;

/// <summary>The claimant was silent too long.</summary>
/// <param name="Claim">Which claim.</param>
public sealed record AskClaimLapsed(int Claim) : AskFact;

/// <summary>The claimant answered.</summary>
public sealed record AskAnswered : AskFact;

/// <summary>Somebody who was asked will not answer.</summary>
/// <param name="SeatID">The seat that will not.</param>
public sealed record AskDeclined(Guid SeatID) : AskFact;

/// <summary>The asker wants no answer any more.</summary>
public sealed record AskWithdrawn : AskFact;

/// <summary>The asker has what it needs.</summary>
public sealed record AskAccepted : AskFact;

/// <summary>The answer does not do; who answered works on it again.</summary>
/// <param name="Claim">Which claim it is now.</param>
/// <param name="LeaseUntil">When that claim lapses.</param>
public sealed record AskContested(int Claim, DateTimeOffset LeaseUntil) : AskFact;

/// <summary>A principal approved or denied. Its newest decision counts, in place of an earlier one.</summary>
/// <param name="PrincipalID">The principal that decided.</param>
/// <param name="Approved">Whether it approved.</param>
/// <param name="Sha256">The digest of what was decided on.</param>
/// <param name="UsableUntil">Until when the approval can be used, when it is given after this decision; otherwise null.</param>
public sealed record AskDecided(Guid PrincipalID, bool Approved, string Sha256, DateTimeOffset? UsableUntil) : AskFact;

/// <summary>A principal took its decision back: it has not decided.</summary>
/// <param name="PrincipalID">The principal that did.</param>
/// <param name="Sha256">The digest of what it had decided on.</param>
/// <param name="UsableUntil">Until when the approval can be used, when the other decisions give it; otherwise null.</param>
public sealed record AskDecisionWithdrawn(Guid PrincipalID, string Sha256, DateTimeOffset? UsableUntil) : AskFact;

/// <summary>The asker used the approval, which can be done once.</summary>
/// <param name="Sha256">The digest it presented.</param>
public sealed record AskConsumed(string Sha256) : AskFact;

/// <summary>The asker asks about something else now: claims, answers and decisions about the old subject are void.</summary>
/// <param name="Sha256">The new subject's digest.</param>
/// <param name="DeniedBy">Principals that denied this digest before, and whose denials count again; null for none.</param>
public sealed record AskSubjectReplaced(string Sha256, IReadOnlyList<Guid>? DeniedBy = null) : AskFact;

/// <summary>Nobody answered, or used the approval, in time.</summary>
public sealed record AskExpired : AskFact;

/// <summary>Something more was handed over.</summary>
public sealed record AskContextAdded : AskFact;

/// <summary>Something handed over was taken back: nobody can read it any more.</summary>
/// <param name="ItemID">The item.</param>
public sealed record AskContextWithdrawn(Guid ItemID) : AskFact;

/// <summary>One thing that is handed over. Its name, media type and text lie in contents, under its id.</summary>
/// <param name="ItemID">Which item.</param>
/// <param name="SeatID">The seat that hands it over.</param>
/// <param name="Content">Name, media type and text, as a digest.</param>
/// <param name="ExpiresAt">When it can no longer be read; null for never.</param>
public sealed record ContextItem(Guid ItemID, Guid SeatID, Commitment Content, DateTimeOffset? ExpiresAt);
