using System.Collections.Immutable;
using Parle.Domain.Rooms;

namespace Parle.Domain.Asks;

/// <summary>How far an ask is.</summary>
public enum AskState
{
    /// <summary>Nobody works on it.</summary>
    Open,

    /// <summary>Somebody works on it, for as long as its lease lasts.</summary>
    Claimed,

    /// <summary>There is an answer, which the asker has not accepted yet.</summary>
    Answered,

    /// <summary>Enough principals approved; it can be used once.</summary>
    Approved,

    /// <summary>The asker accepted the answer.</summary>
    Closed,

    /// <summary>Everybody who was asked declined.</summary>
    Declined,

    /// <summary>A principal denied.</summary>
    Denied,

    /// <summary>The asker took it back.</summary>
    Withdrawn,

    /// <summary>The approval was used.</summary>
    Consumed,

    /// <summary>Its time is over.</summary>
    Expired,
}

/// <summary>An ask, as decisions need it.</summary>
/// <param name="AskID">Which ask.</param>
/// <param name="Kind">The kind of ask.</param>
/// <param name="State">How far it is.</param>
/// <param name="Asker">The one that asks.</param>
/// <param name="Common">Its number among the room's common rows, when everybody may see it; otherwise null.</param>
/// <param name="Seats">The seats asked by name; empty when everybody was.</param>
/// <param name="Sha256">The digest of its subject; null without one.</param>
/// <param name="Quorum">How many principals must approve.</param>
/// <param name="DueAt">After this moment nobody can answer.</param>
/// <param name="ValidSeconds">How long an approval can be used.</param>
/// <param name="Claims">How many claims there were.</param>
/// <param name="Claimant">The party that works on it, or answered; null for nobody.</param>
/// <param name="LeaseUntil">When the claim lapses.</param>
/// <param name="DeclinedBy">Seats that declined.</param>
/// <param name="Decisions">The newest decision of each principal; true approves.</param>
/// <param name="UsableUntil">Until when a given approval can be used.</param>
/// <param name="Items">Context that was not withdrawn: whose it is.</param>
/// <param name="Facts">How many facts there are about it.</param>
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
    /// <summary>How long an ask that is over can still be acted on, e.g. to take back what was handed over with it.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromDays(7);

    /// <summary>
    /// The principals that denied other digests than this one, by digest. Naming one of them again brings its denials back; approvals have
    /// to be given anew.
    /// </summary>
    public ImmutableDictionary<string, ImmutableHashSet<Guid>> Denials { get; init; } =
        ImmutableDictionary<string, ImmutableHashSet<Guid>>.Empty;

    /// <summary>
    /// Until when the approvals given so far can be used, also while a denial stands in the way; null before there were enough.
    /// </summary>
    public DateTimeOffset? Completed { get; init; }

    /// <summary>The share of each principal.</summary>
    public ImmutableDictionary<Guid, AskShare> Shares { get; init; } = ImmutableDictionary<Guid, AskShare>.Empty;

    /// <summary>Where whoever asked stands in what its principal may.</summary>
    public Rank Rank { get; init; }

    /// <summary>When it was over; null while it is not.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>
    /// Whether it was over so long ago that nobody can act on it any more. A matter of time alone: what else happens in the room tells
    /// nobody of itself by it.
    /// </summary>
    public bool IsForgotten(DateTimeOffset now) => EndedAt is { } end && end + Memory <= now;

    /// <summary>The share of <paramref name="principalID"/>.</summary>
    public AskShare ShareOf(Guid principalID) => Shares.GetValueOrDefault(principalID, AskShare.None);

    /// <summary>
    /// Whether <paramref name="seat"/> sees all that happened to it. A seat given later with the whole history does not: it sees what
    /// everybody was told.
    /// </summary>
    public bool ShowsAllTo(Seat seat) => Common is not { } common || common > (seat.Admitted ?? seat.Since);

    /// <summary>
    /// The principals that decided for it, and those that could: asked, with an agent that has a seat, and not the asker's own.
    /// </summary>
    public int PossibleApprovals(Room room) => room.Seats.Values.Where(seat => seat.AgentID is not null && !seat.IsGuest && IsFor(seat)
        && seat.PrincipalID != Asker.PrincipalID).Select(seat => seat.PrincipalID)
        .Union(Decisions.Where(decision => decision.Value).Select(decision => decision.Key)).Count();

    /// <summary>Whether nothing can happen to it any more.</summary>
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

    /// <summary>How many principals approve of its subject, by their newest decisions.</summary>
    public int Approvals => Decisions.Values.Count(approved => approved);

    /// <summary>Until when the approval can be used if these are the decisions; null when they do not give it.</summary>
    /// <param name="decisions">By principal, the newest of each.</param>
    /// <param name="isNew">Whether an approval has just been given, which counts from <paramref name="now"/>.</param>
    /// <param name="now">The moment.</param>
    public DateTimeOffset? Usable(ImmutableDictionary<Guid, bool> decisions, bool isNew, DateTimeOffset now) =>
        decisions.ContainsValue(false) || decisions.Count < Quorum ? null
        : UsableUntil ?? (isNew ? null : Completed) ?? now.AddSeconds(ValidSeconds);

    /// <summary>
    /// The ask as it begins. <paramref name="placement"/> is where the fact stands in its readers' views, <paramref name="rank"/> that of
    /// the asker.
    /// </summary>
    public static Ask Open(AskOpened opened, Placement placement, Rank rank) => new(
        opened.AskID, opened.Kind, AskState.Open,
        new(opened.AskerSeatID, opened.AskerPrincipalID, opened.AuthorID!.Value, opened.AuthorAlias), placement.Common,
        [.. opened.Addressing.Targets.Select(target => target.SeatID)], opened.Sha256, opened.Quorum ?? 0, opened.DueAt,
        opened.ValidSeconds ?? 0, 0, null, null, [], ImmutableDictionary<Guid, bool>.Empty, null,
        ImmutableDictionary<Guid, Guid>.Empty.AddRange(opened.Context.Select(item => KeyValuePair.Create(item.ItemID, item.SeatID))), 1)
    {
        Rank = rank,
        Shares = ImmutableDictionary<Guid, AskShare>.Empty.Add(opened.AskerPrincipalID, AskShare.None.After(opened, rank)),
    };

    /// <summary>The ask after one more fact about it, by whoever has so many tokens above its own.</summary>
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
        Items = after.Items.SetItems(fact.Context.Select(item => KeyValuePair.Create(item.ItemID, item.SeatID))),
        Shares = SeatOf(fact, room) is { } seat
            ? Shares.SetItem(seat.PrincipalID, ShareOf(seat.PrincipalID).After(fact, new(seat.IsGuest, tokensAbove))) : Shares,
    } : this;

    /// <summary>
    /// The principals that denied <paramref name="sha256"/> while the ask was about it; null when their denials were taken back, or there
    /// were none.
    /// </summary>
    public IReadOnlyList<Guid>? DeniedBy(string sha256) =>
        Denials.GetValueOrDefault(sha256) is { Count: > 0 } denied ? [.. denied.Order()] : null;

    /// <summary><paramref name="fact"/>, with its place in the life of this ask.</summary>
    public AskFact Number(AskFact fact, Room room)
    {
        var numbered = fact with { AskID = AskID, Number = Facts + 1 };
        return numbered with { State = After(numbered, room).State };
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

/// <summary>Somebody who has a part in an ask.</summary>
/// <param name="SeatID">By which seat.</param>
/// <param name="PrincipalID">For whom.</param>
/// <param name="ParticipantID">The presence in which it acted.</param>
/// <param name="Alias">The alias under which it did; null for none.</param>
public sealed record AskParty(Guid SeatID, Guid PrincipalID, Guid ParticipantID, string? Alias)
{
    /// <summary>
    /// How to reach it now: under its alias, or its session while that is in the room; null when it is gone, or its seat is.
    /// </summary>
    public Target? In(Room room) => !room.Seats.ContainsKey(SeatID) ? null
        : room.Participants.GetValueOrDefault(ParticipantID) is var there && Alias is not null
        ? new(there?.Address ?? "", there?.ParticipantID, SeatID, there?.AgentSessionID, Alias)
        : there is null ? null : new(there.Address, there.ParticipantID, SeatID, there.AgentSessionID);
}
