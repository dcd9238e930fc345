using Parle.Domain.Rooms;

namespace Parle.Domain.Asks;

/// <summary>Something about an ask that waits for a party, as the ask stands now.</summary>
/// <param name="Ask">The ask.</param>
/// <param name="SeatID">The seat for which it waits.</param>
/// <param name="Number">The number of the fact since which it waits, see <see cref="AskFact.Number"/>.</param>
/// <param name="Alias">The alias to which it belongs; null for none.</param>
/// <param name="ParticipantID">The presence to which it belongs while that lives; null for any session of the seat.</param>
/// <param name="Acts">The acts that are wanted; empty for news of an end.</param>
public sealed record AwaitedAct(
    Ask Ask, Guid SeatID, int Number, string? Alias, Guid? ParticipantID, IReadOnlyList<AskAct> Acts)
{
    /// <summary>The owner of it within the seat, see <see cref="Target.Scope"/>.</summary>
    public string Scope => Alias ?? ParticipantID?.ToString() ?? Target.AnySession;

    /// <summary>Whether it is the business of a presence of its seat.</summary>
    /// <param name="participantID">The presence.</param>
    /// <param name="alias">The alias of its session; null for none.</param>
    /// <param name="lives">Whether another presence of the seat is there and shows signs of life.</param>
    public bool IsFor(Guid participantID, string? alias, Func<Guid, bool> lives) =>
        (Alias is not null && Alias == alias)
        || (ParticipantID is { } owner ? owner == participantID || !lives(owner) : Alias is null);
}

/// <summary>
/// The queue of work that asks make. It follows from their states alone: so nothing waits that nobody needs any more, and what a session
/// left behind waits for the next one of its seat.
/// </summary>
public static class AskWork
{
    /// <summary>All that waits for <paramref name="seat"/>, in no particular order.</summary>
    /// <param name="room">The room.</param>
    /// <param name="seat">A seat of it.</param>
    /// <param name="now">The moment.</param>
    public static IEnumerable<AwaitedAct> Of(Room room, Seat seat, DateTimeOffset now) =>
        room.Asks.Values.Where(ask => !ask.IsForgotten(now)).SelectMany(ask => Of(ask, seat, now));

    /// <summary>All that waits for somebody since a fact about <paramref name="ask"/>.</summary>
    /// <param name="room">The room after the fact.</param>
    /// <param name="ask">The ask after it.</param>
    /// <param name="number">The number of the fact.</param>
    /// <param name="now">The moment.</param>
    public static IEnumerable<AwaitedAct> Since(Room room, Ask ask, int number, DateTimeOffset now) =>
        room.Seats.Values.SelectMany(seat => Of(ask, seat, now)).Where(awaited => awaited.Number == number);

    private static IEnumerable<AwaitedAct> Of(Ask ask, Seat seat, DateTimeOffset now)
    {
        if (seat.SeatID == ask.Asker.SeatID && Wanted(ask, seat, now,
            AskActs.Accept, AskActs.Contest, AskActs.Consume) is var ofAsker && (ofAsker.Count > 0 || IsNewsToAsker(ask)))
        {
            yield return new(ask, seat.SeatID, ask.Turns.Asker, ask.Asker.Alias, ask.Asker.ParticipantID, ofAsker);
        }

        if (ask.Claimant is { } claimant && claimant.SeatID == seat.SeatID
            && Wanted(ask, seat, now, AskActs.Answer) is var ofClaimant && (ofClaimant.Count > 0 || IsNewsToClaimant(ask)))
        {
            yield return new(ask, seat.SeatID, ask.Turns.Claimant, claimant.Alias, claimant.ParticipantID, ofClaimant);
        }
        else if (ask.State is AskState.Open && !ask.Decisions.ContainsKey(seat.PrincipalID) && !ask.DeclinedBy.Contains(seat.SeatID)
            && Wanted(ask, seat, now, AskActs.Claim, AskActs.Decline, AskActs.Decide) is { Count: > 0 } ofAsked)
        {
            // A seat that was admitted later does not see what happened to it since it was opened.
            var since = ask.ShowsAllTo(seat) ? ask.Turns.Asked : 1;
            foreach (var (alias, participantID) in ask.Targets.Where(target => target.SeatID == seat.SeatID)
                .Select(target => (target.Alias, target.ParticipantID)).DefaultIfEmpty().Distinct())
            {
                yield return new(ask, seat.SeatID, since, alias, participantID, ofAsked);
            }
        }
    }

    private static bool IsNewsToAsker(Ask ask) => ask.State is AskState.Declined or AskState.Denied or AskState.Expired;

    private static bool IsNewsToClaimant(Ask ask) => ask.State is AskState.Closed or AskState.Withdrawn or AskState.Expired;

    private static IReadOnlyList<AskAct> Wanted(Ask ask, Seat seat, DateTimeOffset now, params IReadOnlyList<AskAct> acts) =>
        [.. acts.Where(act => act.Obstacle(ask, seat, now, AskLimits.None) is null)];
}

/// <summary>The numbers of the facts since which an ask waits for its parties; 0 where it never did.</summary>
/// <param name="Asked">Since which it can be taken up.</param>
/// <param name="Claimant">Since which it is the claimant's, or over for it.</param>
/// <param name="Asker">Since which the asker has something to decide, or to know.</param>
public sealed record AskTurns(int Asked, int Claimant, int Asker)
{
    /// <summary>Of an ask that was just opened.</summary>
    public static AskTurns First { get; } = new(1, 0, 0);

    /// <summary>After one more fact, with its number and the state that it led to.</summary>
    /// <param name="fact">The fact.</param>
    /// <param name="number">Its number.</param>
    /// <param name="before">The ask before it.</param>
    /// <param name="state">The state after it.</param>
    public AskTurns After(AskFact fact, int number, Ask before, AskState state) => fact switch
    {
        AskClaimed or AskContested => this with { Claimant = number },
        AskReleased or AskClaimLapsed or AskSubjectReplaced => this with { Asked = number },
        AskDeclined => state is AskState.Declined ? this with { Asker = number }
            : before.State is AskState.Claimed ? this with { Asked = number } : this,
        AskAnswered => this with { Asker = number },
        AskDecided or AskDecisionWithdrawn => this with
        {
            Asker = fact is AskDecided ? number : Asker,
            Asked = state is AskState.Open && before.State is not AskState.Open ? number : Asked,
        },
        AskAccepted or AskWithdrawn => this with { Claimant = number },
        AskExpired => this with { Claimant = number, Asker = number },
        _ => this,
    };
}
