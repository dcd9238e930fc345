using Parle.Domain.Rooms;

namespace Parle.Domain.Asks;

/// <summary>An act on an ask. Offers and attempts follow the same rule (law 7).</summary>
/// <param name="ID">The registry's name.</param>
/// <param name="Rule">The obstacle for a seat that may see the ask; null when there is none.</param>
public sealed record AskAct(string ID, Func<Ask, Seat, DateTimeOffset, Refusal?> Rule)
{
    /// <summary>The kinds of asks that take it; all, unless set otherwise.</summary>
    public Func<KindOfAsk, bool> IsFor { get; init; } = _ => true;

    /// <summary>Whether it can be repeated, and so takes from its principal's share of the ask.</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>
    /// Whether it only gives back or protects. Such an act passes every limit on storage, so that a flood cannot prevent it. Each one
    /// follows another act that was counted, or can be done once: so none can be repeated without end.
    /// </summary>
    public Func<Ask, Seat, bool> GivesBack { get; init; } = (_, _) => false;

    /// <summary>Whether it adds context.</summary>
    public bool HandsOver { get; init; }

    /// <summary>The obstacle; null when there is none.</summary>
    public Refusal? Obstacle(Ask ask, Seat seat, DateTimeOffset now, AskLimits limits)
    {
        if (ask.IsForgotten(now))
        {
            return Refusals.NotFound;
        }

        var share = ask.ShareOf(seat.PrincipalID);
        return NotForKind(ask.Kind) ?? Rule(ask, seat, now) ?? (IsRepeatable && !GivesBack(ask, seat) ? share.Obstacle(seat, limits) : null)
            ?? (HandsOver ? share.Obstacle(seat, packet: null, limits) : null);
    }

    private Refusal? NotForKind(AskKind kind) => IsFor(AskKinds.Of(kind)) ? null
        : AskActs.Not("not_for_this_kind", $"That is not done with {AskKinds.Many(other => !IsFor(other))}.");
}

/// <summary>All acts, with their rules.</summary>
public static class AskActs
{
#pragma warning disable CS1591 // Each line says it all.
    public static readonly AskAct Claim = new("claim_ask", (ask, seat, now) =>
        NotAsked(ask, seat) ?? TooLate(ask, now)
        ?? (ask.State is AskState.Open || (ask.State is AskState.Claimed && ask.LeaseUntil <= now) ? null : NotIn(ask)))
    { IsFor = IsAnswered, IsRepeatable = true };

    public static readonly AskAct Renew =
        new("renew_claim", (ask, seat, now) => NotClaimant(ask, seat) ?? TooLate(ask, now)) { IsRepeatable = true };

    public static readonly AskAct Release = new("release_claim", (ask, seat, _) => NotClaimant(ask, seat)) { GivesBack = (_, _) => true };

    public static readonly AskAct Answer = new(
        "answer_ask", (ask, seat, now) => NotClaimant(ask, seat) ?? TooLate(ask, now))
    { IsFor = IsAnswered };

    public static readonly AskAct Decline = new("decline_ask", (ask, seat, now) =>
        NotAsked(ask, seat)
        ?? (ask.Common is not null ? Not("asked_of_everybody", "Nobody in particular was asked: leave it to others.") : null)
        ?? (ask.DeclinedBy.Contains(seat.SeatID) ? Not("declined", "You declined already.") : null)
        ?? (ask.State is AskState.Open || (ask.State is AskState.Claimed && ask.Claimant?.SeatID == seat.SeatID) ? null : NotIn(ask)))
    { IsFor = IsAnswered, GivesBack = (_, _) => true };

    public static readonly AskAct Withdraw =
        new("withdraw_ask", (ask, seat, _) => NotAsker(ask, seat) ?? (ask.IsOver ? NotIn(ask) : null)) { GivesBack = (_, _) => true };

    public static readonly AskAct Accept = new(
        "accept_answer", (ask, seat, _) => NotAsker(ask, seat) ?? (ask.State is AskState.Answered ? null : NotIn(ask)));

    public static readonly AskAct Contest = new(
        "contest_answer", (ask, seat, _) => NotAsker(ask, seat) ?? (ask.State is AskState.Answered ? null : NotIn(ask)))
    { IsRepeatable = true };

    // Until the approval is used, each addressee can decide and change its decision, even after enough approvals or a denial. A first
    // denial protects.
    public static readonly AskAct Decide = new("decide_approval", (ask, seat, now) => NoDecider(ask, seat, now))
    {
        IsFor = IsDecided,
        IsRepeatable = true,
        GivesBack = (ask, seat) => !ask.Decisions.TryGetValue(seat.PrincipalID, out var approved) || approved
    };

    // Withdrawing a denial protects nobody: otherwise denials and withdrawals could alternate without end.
    public static readonly AskAct WithdrawDecision = new("withdraw_decision", (ask, seat, now) => NoDecider(ask, seat, now)
        ?? (ask.Decisions.ContainsKey(seat.PrincipalID) ? null : Not("nothing_decided", "Your principal has no decision to take back.")))
    { IsFor = IsDecided, IsRepeatable = true, GivesBack = (ask, seat) => ask.Decisions.GetValueOrDefault(seat.PrincipalID) };

    public static readonly AskAct Consume = new("consume_approval", (ask, seat, now) =>
        NotAsker(ask, seat) ?? (ask.State is AskState.Approved ? null : NotIn(ask)) ?? NotUsedInTime(ask, now))
    { IsFor = IsDecided };

    public static readonly AskAct ReplaceSubject = new("replace_subject", (ask, seat, now) =>
        NotAsker(ask, seat) ?? TooLate(ask, now) ?? (ask.IsOver ? NotIn(ask) : null))
    { IsFor = kind => kind.SubjectCanBeReplaced, IsRepeatable = true };

    public static readonly AskAct AddContext = new("add_context", (ask, seat, _) =>
        ask.IsOver ? NotIn(ask)
        : seat.SeatID == ask.Asker.SeatID || (ask.State is AskState.Claimed && seat.SeatID == ask.Claimant?.SeatID) ? null
        : Not("not_a_party", AskKinds.Of(ask.Kind).IsDecided
            ? "Only the asker hands things over with this ask. Say what you have to say with your decision, or in a message."
            : "Only the asker, and whoever has claimed the ask, hand things over. Claim the ask first."))
    { IsRepeatable = true, HandsOver = true };

    public static readonly AskAct WithdrawContext = new("withdraw_context", (ask, seat, _) =>
        ask.Items.ContainsValue(seat.SeatID) ? null : Not("nothing_of_yours", "Only what you handed over can be withdrawn, once."))
    { GivesBack = (_, _) => true };
#pragma warning restore CS1591

    /// <summary>All acts, in the order in which an ask meets them.</summary>
    public static IReadOnlyList<AskAct> All { get; } =
        [Claim, Renew, Release, Answer, Decline, Withdraw, Accept, Contest, Decide, WithdrawDecision, Consume, ReplaceSubject, AddContext,
            WithdrawContext];

    /// <summary>The acts that <paramref name="seat"/> may do on <paramref name="ask"/> now.</summary>
    public static IReadOnlyList<string> Next(Ask ask, Seat seat, DateTimeOffset now, AskLimits limits) =>
        [.. All.Where(act => act.Obstacle(ask, seat, now, limits) is null).Select(act => act.ID)];

    internal static Refusal Not(string reason, string unlock) => Refusals.ActNotPossible with { Reason = reason, Unlock = unlock };

    private static bool IsAnswered(KindOfAsk kind) => !kind.IsDecided;

    private static bool IsDecided(KindOfAsk kind) => kind.IsDecided;

    // An approval can be taken back as long as it can be used, also when the time to answer is over.
    private static Refusal? NoDecider(Ask ask, Seat seat, DateTimeOffset now) =>
        NotAsked(ask, seat)
        ?? (seat.IsGuest ? Not("guest",
            "A guest acts for its host and never decides as it. Ask your host to decide, in person or by an agent of its own.") : null)
        ?? (seat.PrincipalID == ask.Asker.PrincipalID
            ? Not("own_principal", "Another principal must decide: nobody approves its own request.") : null)
        ?? (ask.State is AskState.Approved ? NotUsedInTime(ask, now) : TooLate(ask, now))
        ?? (ask.State is AskState.Open or AskState.Denied or AskState.Approved ? null : NotIn(ask));

    private static Refusal? NotUsedInTime(Ask ask, DateTimeOffset now) =>
        ask.UsableUntil <= now ? Not("approval_expired", "The approval was not used in time. Ask again.") : null;

    private static Refusal? NotAsker(Ask ask, Seat seat) =>
        seat.SeatID == ask.Asker.SeatID ? null : Not("not_the_asker", "Only who asked can do that.");

    private static Refusal? NotAsked(Ask ask, Seat seat) => ask.IsFor(seat) ? null : Not("not_asked", "Only who was asked can do that.");

    private static Refusal? NotClaimant(Ask ask, Seat seat) =>
        ask.State is not AskState.Claimed ? NotIn(ask)
        : ask.Claimant?.SeatID == seat.SeatID ? null
        : Not("claimed_by_another", "Only who claimed it can do that. You can claim it once the claim was released or has lapsed.");

    private static Refusal? TooLate(Ask ask, DateTimeOffset now) =>
        ask.DueAt <= now && !ask.IsOver ? Not("ask_is_expired", "Its time is over. The asker can ask again.") : null;

    private static Refusal NotIn(Ask ask) => ask.State switch
    {
        AskState.Open => Not("ask_is_open", AskKinds.Of(ask.Kind).IsDecided
            ? "Too few principals have approved it yet." : "It waits for somebody to take it up."),
        AskState.Claimed => Not("ask_is_claimed", "Somebody works on it. Wait for the answer, or until the claim is released or lapses."),
        AskState.Answered => Not("ask_is_answered", "The asker has to accept or contest the answer first."),
        AskState.Approved => Not("ask_is_approved", "It was approved, and waits to be used."),
        AskState.Denied =>
            Not("ask_is_denied", "It was denied. Who denied can decide otherwise; the asker can replace the subject or ask again."),
        AskState.Closed => Not("ask_is_closed", "It is over. Ask again."),
        AskState.Declined => Not("ask_is_declined", "It is over: everybody who was asked declined. Ask others."),
        AskState.Withdrawn => Not("ask_is_withdrawn", "It is over: the asker took it back."),
        AskState.Consumed => Not("ask_is_consumed", "It is over: the approval was used. Ask again."),
        _ => Not("ask_is_expired", "It is over: its time ran out. Ask again."),
    };
}
