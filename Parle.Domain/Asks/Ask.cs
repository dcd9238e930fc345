using System.Collections.Immutable;
using Parle.Domain.Rooms;

namespace Parle.Domain.Asks;

/// <summary>How far an ask is.</summary>
public enum AskState
{
    /// <summary>No seat has claimed it.</summary>
    Open,

    /// <summary>A seat has claimed it, for as long as its lease lasts.</summary>
    Claimed,

    /// <summary>There is an answer, which the asker has not accepted yet.</summary>
    Answered,

    /// <summary>Enough principals approved; it can be used once.</summary>
    Approved,

    /// <summary>The asker accepted the answer.</summary>
    Closed,

    /// <summary>All addressees declined.</summary>
    Declined,

    /// <summary>A principal denied.</summary>
    Denied,

    /// <summary>The asker withdrew it.</summary>
    Withdrawn,

    /// <summary>The approval was used.</summary>
    Consumed,

    /// <summary>It expired.</summary>
    Expired,
}

/// <summary>An ask, as decisions need it.</summary>
/// <param name="AskID">The ask.</param>
/// <param name="Kind">The kind of ask.</param>
/// <param name="State">Its state.</param>
/// <param name="Asker">The one that asks.</param>
/// <param name="Common">Its number among the room's common rows, when everybody may see it; otherwise null.</param>
/// <param name="Seats">The seats asked by name; empty when everybody was.</param>
/// <param name="Sha256">The digest of its subject; null without one.</param>
/// <param name="Quorum">The number of principals that must approve.</param>
/// <param name="DueAt">After this moment nobody can answer.</param>
/// <param name="ValidSeconds">The seconds for which an approval can be used.</param>
/// <param name="Claims">The number of claims so far.</param>
/// <param name="Claimant">The party that has claimed or answered it; null for none.</param>
/// <param name="LeaseUntil">The time at which the claim lapses.</param>
/// <param name="DeclinedBy">Seats that declined.</param>
/// <param name="Decisions">The newest decision of each principal; true approves.</param>
/// <param name="UsableUntil">The time until which a given approval can be used.</param>
/// <param name="Items">The context that was not withdrawn, with the seat that added each item.</param>
/// <param name="Facts">The number of facts about it.</param>
public sealed record Ask(
    Guid AskID,
    AskKind Kind,
    AskState State,
    AskParty Asker,
    long? Common,
    ImmutableHashSet<Guid> Seats,
    string? Sha256,
    int Quorum,
    DateTimeOffset? DueAt,
    int ValidSeconds,
    int Claims,
    AskParty? Claimant,
    DateTimeOffset? LeaseUntil,
    ImmutableHashSet<Guid> DeclinedBy,
    ImmutableDictionary<Guid, bool> Decisions,
    DateTimeOffset? UsableUntil,
    ImmutableDictionary<Guid, Guid> Items,
    int Facts)
{
    /// <summary>The time for which an ask can still be acted on after its end, e.g. to withdraw context.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromDays(7);

    /// <summary>
    /// The principals that denied other digests than this one, by digest. If the subject becomes one of them again, its denials count
    /// again; approvals do not.
    /// </summary>
    public ImmutableDictionary<string, ImmutableHashSet<Guid>> Denials { get; init; } =
        ImmutableDictionary<string, ImmutableHashSet<Guid>>.Empty;

    /// <summary>
    /// The time until which the present approvals can be used, even while a denial stands in the way; null while there are too few.
    /// </summary>
    public DateTimeOffset? Completed { get; init; }

    /// <summary>The share of each principal.</summary>
    public ImmutableDictionary<Guid, AskShare> Shares { get; init; } = ImmutableDictionary<Guid, AskShare>.Empty;

    /// <summary>The addressees of one that is not for everybody; empty otherwise.</summary>
    public ImmutableList<Target> Targets { get; init; } = [];

    /// <summary>The facts since which it waits for its parties.</summary>
    public AskTurns Turns { get; init; } = AskTurns.First;

    /// <summary>The asker's rank among the tokens of its principal.</summary>
    public Rank Rank { get; init; }

    /// <summary>The time of its end; null while it is open.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>
    /// Whether it ended so long ago that nobody can act on it any more. This depends on time alone, so it reveals nothing about other facts
    /// in the room.
    /// </summary>
    public bool IsForgotten(DateTimeOffset now) => EndedAt is { } end && end + Memory <= now;

    /// <summary>The share of <paramref name="principalID"/>.</summary>
    public AskShare ShareOf(Guid principalID) => Shares.GetValueOrDefault(principalID, AskShare.None);

    /// <summary>
    /// Whether <paramref name="seat"/> sees all facts about it. A seat that was admitted later with the whole history does not: it sees
    /// only the facts that everybody could see.
    /// </summary>
    public bool ShowsAllTo(Seat seat) => Common is not { } common || common > (seat.Admitted ?? seat.Since);

    /// <summary>The principals that decided for it, and those that could: asked, with a seated agent, and not the asker's own.</summary>
    public int PossibleApprovals(Room room) => room.Seats.Values.Where(seat => seat.AgentID is not null && !seat.IsGuest && IsFor(seat)
        && seat.PrincipalID != Asker.PrincipalID).Select(seat => seat.PrincipalID)
        .Union(Decisions.Where(decision => decision.Value).Select(decision => decision.Key)).Count();

    /// <summary>Whether it is closed for further acts.</summary>
    public bool IsOver => State is AskState.Closed or AskState.Declined or AskState.Withdrawn or AskState.Consumed or AskState.Expired;

    /// <summary>Whether <paramref name="seat"/> was asked.</summary>
    public bool IsFor(Seat seat) =>
        seat.SeatID != Asker.SeatID && (Common is { } common ? common > seat.Since : Seats.Contains(seat.SeatID));

    /// <summary>Whether <paramref name="seat"/> may know of it.</summary>
    public bool IsVisibleTo(Seat seat) => seat.SeatID == Asker.SeatID || IsFor(seat);

    /// <summary>Whether the same readers see both: everybody, or the same seats.</summary>
    public bool HasReadersOf(Ask other) =>
        Common is null == other.Common is null
        && (Common is not null || Seats.Add(Asker.SeatID).SetEquals(other.Seats.Add(other.Asker.SeatID)));

    /// <summary>The number of principals that approve its subject, by their newest decisions.</summary>
    public int Approvals => Decisions.Values.Count(approved => approved);

    /// <summary>The time until which these decisions can be used as an approval; null when they give none.</summary>
    /// <param name="decisions">By principal, the newest of each.</param>
    /// <param name="isNew">Whether an approval has just been given, which counts from <paramref name="now"/>.</param>
    /// <param name="now">The moment.</param>
    public DateTimeOffset? Usable(ImmutableDictionary<Guid, bool> decisions, bool isNew, DateTimeOffset now) =>
        decisions.ContainsValue(false) || decisions.Count < Quorum ? null
        : UsableUntil ?? (isNew ? null : Completed) ?? now.AddSeconds(ValidSeconds);

    /// <summary>
    /// The ask as it begins. <paramref name="placement"/> holds the fact's places in its readers' views, <paramref name="rank"/> the
    /// asker's rank.
    /// </summary>
    public static Ask Open(AskOpened opened, Placement placement, Rank rank) => new(
        opened.AskID, opened.Kind, AskState.Open,
        new(opened.AskerSeatID, opened.AskerPrincipalID, opened.AuthorID!.Value, opened.AuthorAlias), placement.Common,
        [.. opened.Addressing.Targets.Select(target => target.SeatID)], opened.Sha256, opened.Quorum ?? 0, opened.DueAt,
        opened.ValidSeconds ?? 0, 0, null, null, [], ImmutableDictionary<Guid, bool>.Empty, null,
        ImmutableDictionary<Guid, Guid>.Empty.AddRange(opened.Context.Select(item => KeyValuePair.Create(item.ItemID, item.SeatID))), 1)
    {
        Rank = rank,
        Targets = [.. opened.Addressing.Targets],
        Shares = ImmutableDictionary<Guid, AskShare>.Empty.Add(opened.AskerPrincipalID, AskShare.None.After(opened, rank)),
    };

    /// <summary>The ask after one more fact about it, by a caller with so many tokens above its own.</summary>
    public Ask After(AskFact fact, Room room, int tokensAbove = 0) => fact switch
    {
        AskClaimed claimed =>
            this with { State = AskState.Claimed, Claims = claimed.Claim, Claimant = PartyOf(fact, room), LeaseUntil = claimed.LeaseUntil },
        AskClaimRenewed renewed => this with { LeaseUntil = renewed.LeaseUntil },
        AskReleased or AskClaimLapsed => this with { State = AskState.Open, Claimant = null, LeaseUntil = null },
        AskAnswered => this with { State = AskState.Answered, LeaseUntil = null },
        AskContested contested => this with { State = AskState.Claimed, Claims = contested.Claim, LeaseUntil = contested.LeaseUntil },
        AskDeclined declined => Decline(declined.SeatID),
        AskWithdrawn => this with { State = AskState.Withdrawn, LeaseUntil = null },
        AskAccepted => this with { State = AskState.Closed },
        AskExpired => this with { State = AskState.Expired, LeaseUntil = null },
        AskDecided decided => Tally(Decisions.SetItem(decided.PrincipalID, decided.Approved), decided.UsableUntil),
        AskDecisionWithdrawn withdrawn => Tally(Decisions.Remove(withdrawn.PrincipalID), withdrawn.UsableUntil),
        AskConsumed => this with { State = AskState.Consumed },
        AskSubjectReplaced replaced => this with
        {
            Sha256 = replaced.Sha256,
            State = replaced.DeniedBy is null ? AskState.Open : AskState.Denied,
            Claimant = null,
            LeaseUntil = null,
            Decisions = ImmutableDictionary<Guid, bool>.Empty.AddRange(
                (replaced.DeniedBy ?? []).Select(principal => KeyValuePair.Create(principal, false))),
            Denials = WithThoseOfNow().Remove(replaced.Sha256),
            UsableUntil = null,
            Completed = null,
        },
        AskContextWithdrawn withdrawn => this with { Items = Items.Remove(withdrawn.ItemID) },
        AskContextAdded => this,
        _ => throw new ArgumentException($"{fact.GetType().Name} does not happen to an open ask.", nameof(fact)),
    } is var after ? after with
    {
        Facts = Facts + 1,
        Turns = Turns.After(fact, Facts + 1, this, after.State),
        Items = after.Items.SetItems(fact.Context.Select(item => KeyValuePair.Create(item.ItemID, item.SeatID))),
        Shares = SeatOf(fact, room) is { } seat
            ? Shares.SetItem(seat.PrincipalID, ShareOf(seat.PrincipalID).After(fact, new(seat.IsGuest, tokensAbove))) : Shares,
    } : this;

    /// <summary>
    /// The principals that denied <paramref name="sha256"/> while it was the subject; null when all withdrew their denials, or none denied.
    /// </summary>
    public IReadOnlyList<Guid>? DeniedBy(string sha256) =>
        Denials.GetValueOrDefault(sha256) is { Count: > 0 } denied ? [.. denied.Order()] : null;

    /// <summary><paramref name="fact"/> with its number and the ask's next state.</summary>
    public AskFact Number(AskFact fact, Room room)
    {
        var numbered = fact with { AskID = AskID, Number = Facts + 1 };
        var after = After(numbered, room);
        return numbered with { State = after.State, Progress = after.Progress(room) };
    }

    // Decisions are not counted in a row that somebody reads who did not see all of them (law 2).
    private AskProgress Progress(Room room)
    {
        var audience = Common is null ? Addressing.To([.. Targets]) : Addressing.Everybody;
        return !AskKinds.Of(Kind).IsDecided ? new(Kind, audience, Sha256, null, null, null, null)
            : room.Seats.Values.Any(seat => IsVisibleTo(seat) && !ShowsAllTo(seat)) ? new(Kind, audience, Sha256, Quorum, null, null, null)
            : new(Kind, audience, Sha256, Quorum, Approvals, Decisions.Count - Approvals, UsableUntil);
    }

    private Ask Tally(ImmutableDictionary<Guid, bool> decisions, DateTimeOffset? usableUntil) => this with
    {
        Decisions = decisions,
        State = decisions.ContainsValue(false) ? AskState.Denied : usableUntil is null ? AskState.Open : AskState.Approved,
        UsableUntil = usableUntil,
        Completed = usableUntil ?? (decisions.Values.Count(approved => approved) < Quorum ? null : Completed),
    };

    private ImmutableDictionary<string, ImmutableHashSet<Guid>> WithThoseOfNow() =>
        Sha256 is { } sha256 && Decisions.Where(decision => !decision.Value).Select(
            decision => decision.Key).ToImmutableHashSet() is { Count: > 0 } denied ? Denials.SetItem(sha256, denied) : Denials;

    private static Seat? SeatOf(AskFact fact, Room room) =>
        fact.AuthorID is { } author && room.Participants.TryGetValue(author, out var there) && room.Seats.TryGetValue(
            there.SeatID, out var seat) ? seat : null;

    private Ask Decline(Guid seatID)
    {
        var declined = DeclinedBy.Add(seatID);
        return this with
        {
            DeclinedBy = declined,
            State = Common is null && Seats.Except(declined).IsEmpty ? AskState.Declined : AskState.Open,
            Claimant = null,
            LeaseUntil = null,
        };
    }

    private static AskParty PartyOf(AskFact fact, Room room)
    {
        var seat = room.Seats[room.Participants[fact.AuthorID!.Value].SeatID];
        return new(seat.SeatID, seat.PrincipalID, fact.AuthorID.Value, fact.AuthorAlias);
    }
}

/// <summary>A party to an ask.</summary>
/// <param name="SeatID">Its seat.</param>
/// <param name="PrincipalID">The principal that it acts for.</param>
/// <param name="ParticipantID">The presence in which it acted.</param>
/// <param name="Alias">The alias under which it acted; null for none.</param>
public sealed record AskParty(Guid SeatID, Guid PrincipalID, Guid ParticipantID, string? Alias)
{
    /// <summary>Its present address: its alias, or its session while that is in the room; null when it or its seat is gone.</summary>
    public Target? In(Room room) => !room.Seats.ContainsKey(SeatID) ? null
        : room.Participants.GetValueOrDefault(ParticipantID) is var there && Alias is not null
        ? new(there?.Address ?? "", there?.ParticipantID, SeatID, there?.AgentSessionID, Alias)
        : there is null ? null : new(there.Address, there.ParticipantID, SeatID, there.AgentSessionID);
}
