using Parle.Domain.Rooms;

namespace Parle.Domain.Asks;

/// <summary>Something that can be done about an ask. What is offered and what is accepted is one line of code (law 7).</summary>
/// <param name="ID">The registry's name.</param>
/// <param name="Obstacle">What stands in the way of a seat that may see the ask; null when nothing does.</param>
public sealed record AskAct(string ID, Func<Ask, Seat, DateTimeOffset, Refusal?> Obstacle);

/// <summary>All acts, and who may do which of them when.</summary>
public static class AskActs
{
#pragma warning disable CS1591 // Each line says it all.
    public static readonly AskAct Claim = new("claim_ask", (ask, seat, now) =>
        NotFor(ask, "approvals", AskKind.Approval) ?? NotAsked(ask, seat) ?? TooLate(ask, now)
        ?? (ask.State is AskState.Open || (ask.State is AskState.Claimed && ask.LeaseUntil <= now) ? null : NotIn(ask)));

    public static readonly AskAct Renew = new("renew_claim", (ask, seat, now) => NotClaimant(ask, seat) ?? TooLate(ask, now));

    public static readonly AskAct Release = new("release_claim", (ask, seat, _) => NotClaimant(ask, seat));

    public static readonly AskAct Answer = new("answer_ask", (ask, seat, now) => NotFor(ask, "approvals", AskKind.Approval) ?? NotClaimant(ask, seat) ?? TooLate(ask, now));

    public static readonly AskAct Decline = new("decline_ask", (ask, seat, now) =>
        NotFor(ask, "approvals", AskKind.Approval) ?? NotAsked(ask, seat)
        ?? (ask.Common is not null ? Not("asked_of_everybody", "Nobody in particular was asked: leave it to others.") : null)
        ?? (ask.DeclinedBy.Contains(seat.SeatID) ? Not("declined", "You declined already.") : null)
        ?? (ask.State is AskState.Open || (ask.State is AskState.Claimed && ask.Claimant?.SeatID == seat.SeatID) ? null : NotIn(ask)));

    public static readonly AskAct Withdraw = new("withdraw_ask", (ask, seat, _) => NotAsker(ask, seat) ?? (ask.IsOver ? NotIn(ask) : null));

    public static readonly AskAct Accept = new("accept_answer", (ask, seat, _) => NotAsker(ask, seat) ?? (ask.State is AskState.Answered ? null : NotIn(ask)));

    public static readonly AskAct Contest = new("contest_answer", (ask, seat, _) => NotAsker(ask, seat) ?? (ask.State is AskState.Answered ? null : NotIn(ask)));

    public static readonly AskAct Decide = new("decide_approval", (ask, seat, now) =>
        NotFor(ask, "help, logs and reviews", AskKind.Help, AskKind.Logs, AskKind.Review) ?? NotAsked(ask, seat)
        ?? (seat.IsGuest ? Not("guest", "A guest acts for its host and never decides as it. Ask your host to decide, in person or by an agent of its own.") : null)
        ?? (seat.PrincipalID == ask.Asker.PrincipalID ? Not("own_principal", "Another principal must decide: nobody approves its own request.") : null)
        ?? (ask.Decisions.ContainsKey(seat.PrincipalID) ? Not("decided", "Your principal decided already.") : null)
        ?? TooLate(ask, now) ?? (ask.State is AskState.Open ? null : NotIn(ask)));

    public static readonly AskAct Consume = new("consume_approval", (ask, seat, now) =>
        NotFor(ask, "help, logs and reviews", AskKind.Help, AskKind.Logs, AskKind.Review) ?? NotAsker(ask, seat)
        ?? (ask.State is AskState.Approved ? null : NotIn(ask))
        ?? (ask.UsableUntil <= now ? Not("approval_expired", "The approval was not used in time. Ask again.") : null));

    public static readonly AskAct ReplaceSubject = new("replace_subject", (ask, seat, now) =>
        NotFor(ask, "help and logs", AskKind.Help, AskKind.Logs) ?? NotAsker(ask, seat) ?? TooLate(ask, now) ?? (ask.IsOver ? NotIn(ask) : null));

    public static readonly AskAct AddContext = new("add_context", (ask, seat, _) =>
        ask.IsOver ? NotIn(ask)
        : seat.SeatID == ask.Asker.SeatID || (ask.State is AskState.Claimed && seat.SeatID == ask.Claimant?.SeatID) ? null
        : Not("not_a_party", "Only the asker, and who works on it, hand things over. Claim the ask first."));

    public static readonly AskAct WithdrawContext = new("withdraw_context", (ask, seat, _) =>
        ask.Items.Values.Contains(seat.SeatID) ? null : Not("nothing_of_yours", "Only what you handed over can be withdrawn, once."));
#pragma warning restore CS1591

    /// <summary>All of them, in the order in which an ask meets them.</summary>
    public static IReadOnlyList<AskAct> All { get; } =
        [Claim, Renew, Release, Answer, Decline, Withdraw, Accept, Contest, Decide, Consume, ReplaceSubject, AddContext, WithdrawContext];

    /// <summary>What <paramref name="seat"/> may do about <paramref name="ask"/> now.</summary>
    public static IReadOnlyList<string> Next(Ask ask, Seat seat, DateTimeOffset now) => [.. All.Where(act => act.Obstacle(ask, seat, now) is null).Select(act => act.ID)];

    private static Refusal Not(string reason, string unlock) => Refusals.ActNotPossible with { Reason = reason, Unlock = unlock };

    private static Refusal? NotFor(Ask ask, string what, params AskKind[] kinds) =>
        kinds.Contains(ask.Kind) ? Not("not_for_this_kind", $"That is not done with {what}.") : null;

    private static Refusal? NotAsker(Ask ask, Seat seat) => seat.SeatID == ask.Asker.SeatID ? null : Not("not_the_asker", "Only who asked can do that.");

    private static Refusal? NotAsked(Ask ask, Seat seat) => ask.IsFor(seat) ? null : Not("not_asked", "Only who was asked can do that.");

    private static Refusal? NotClaimant(Ask ask, Seat seat) =>
        ask.State is not AskState.Claimed ? NotIn(ask)
        : ask.Claimant?.SeatID == seat.SeatID ? null
        : Not("claimed_by_another", "Only who claimed it can do that. You can claim it once the claim was released or has lapsed.");

    private static Refusal? TooLate(Ask ask, DateTimeOffset now) =>
        ask.DueAt <= now && !ask.IsOver ? Not("ask_is_expired", "Its time is over. The asker can ask again.") : null;

    private static Refusal NotIn(Ask ask) => ask.State switch
    {
        AskState.Open => Not("ask_is_open", "It waits for somebody to take it up."),
        AskState.Claimed => Not("ask_is_claimed", "Somebody works on it. Wait for the answer, or until the claim is released or lapses."),
        AskState.Answered => Not("ask_is_answered", "The asker has to accept or contest the answer first."),
        AskState.Approved => Not("ask_is_approved", "It was approved, and waits to be used."),
        AskState.Denied => Not("ask_is_denied", "It was denied. The asker can replace the subject or ask again."),
        AskState.Closed => Not("ask_is_closed", "It is over. Ask again."),
        AskState.Declined => Not("ask_is_declined", "It is over: everybody who was asked declined. Ask others."),
        AskState.Withdrawn => Not("ask_is_withdrawn", "It is over: the asker took it back."),
        AskState.Consumed => Not("ask_is_consumed", "It is over: the approval was used. Ask again."),
        _ => Not("ask_is_expired", "It is over: its time ran out. Ask again."),
    };
}
