using System.Collections.Immutable;

namespace Parle.Domain.Rooms;

/// <summary>
/// The loop guard's counters: turns of agents that only answer each other. Two programs that cannot stop come to a pause; a person or an
/// ask resets the count. A turn is a message to a seat that has spoken since one's own last one. Messages of one side alone do not count,
/// so nobody can mute another. A pair's turns depend only on facts that both seats see (law 2).
/// </summary>
/// <param name="Pairs">The turns of two seats in direct messages, keyed by their sorted ids.</param>
/// <param name="LastToAll">The seat that spoke to the whole room last.</param>
public sealed record Conversation(ImmutableDictionary<string, Turns> Pairs, Guid? LastToAll)
{
    /// <summary>No messages yet.</summary>
    public static Conversation None { get; } = new(ImmutableDictionary<string, Turns>.Empty, null);

    /// <summary>A pair that is silent for this long is forgotten.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    /// <summary>Most seats remembered that one seat has spoken to without an answer. An exchange with an older one begins anew.</summary>
    public const int MaxUnanswered = 256;

    private const int PairsBetweenLooks = 256;

    /// <summary>The turns of the only two seats that spoke to the whole room recently; null for none.</summary>
    public Turns? ToAll { get; init; }

    /// <summary>The seat that <see cref="LastToAll"/> answered there; null for none.</summary>
    public Guid? Answered { get; init; }

    /// <summary>
    /// The refusal of a seat that must wait before it speaks; null when it need not. A refused try leaves no trace, and the same message is
    /// accepted later.
    /// </summary>
    /// <param name="seatID">The seat that wants to speak.</param>
    /// <param name="to">The seats it speaks to; null for the whole room.</param>
    /// <param name="limits">The bound on turns, and the length of the pause.</param>
    /// <param name="now">The moment.</param>
    public Refusal? Obstacle(Guid seatID, IReadOnlyList<Guid>? to, RoomLimits limits, DateTimeOffset now)
    {
        if (limits.TurnsPerPair == 0)
        {
            return null;
        }

        var exchanges = to is null
            ? Answered == seatID ? [ToAll] : (IEnumerable<Turns?>)[] : to.Select(other => Pairs.GetValueOrDefault(Pair(seatID, other)));
        var pauses = exchanges.Where(turns => turns?.Holds(seatID, limits.TurnsPerPair) is true)
            .Select(turns => turns!.LastAt + limits.LoopPause - now);
        return pauses.DefaultIfEmpty().Max() is var pause && pause > TimeSpan.Zero
            ? Refusals.LoopGuard with { RetryAfterMs = (int)Math.Ceiling(pause.TotalMilliseconds) } : null;
    }

    /// <summary>The conversation after one more fact.</summary>
    /// <param name="room">The room before it.</param>
    /// <param name="fact">The fact.</param>
    /// <param name="placement">The fact's places in its readers' views.</param>
    /// <param name="at">The time of the fact.</param>
    public Conversation After(Room room, object fact, Placement placement, DateTimeOffset at) => RoomFacts.Of(fact).Turn switch
    {
        Turn.Message when fact is MessageSubmitted message && room.Participants.GetValueOrDefault(message.AuthorID) is { } author =>
            !IsAgent(room, author.SeatID) ? Interrupted(placement)
            : message.Addressing.Kind is AddressingKind.Direct ? Told(room, author.SeatID, message, at)
            : ToldAll(author.SeatID, at),
        Turn.Interruption => Interrupted(placement),
        Turn.NewBeginning => None,
        _ => this,
    };

    private Conversation Told(Room room, Guid seatID, MessageSubmitted message, DateTimeOffset at)
    {
        var others = message.Addressing.Targets.Select(target => target.SeatID).Distinct()
            .Where(other => other != seatID && IsAgent(room, other));
        var pairs = others.Aggregate(Pairs, (pairs, other) => pairs.SetItem(
            Pair(seatID, other), pairs.GetValueOrDefault(Pair(seatID, other))?.Then(seatID, at) ?? new(1, at) { By = seatID }));
        return this with { Pairs = pairs.Count / PairsBetweenLooks > Pairs.Count / PairsBetweenLooks ? Forgetting(pairs, at) : pairs };
    }

    // A message to all answers the previous one to all. A third seat between two ends their exchange: they no longer only answer each
    // other.
    private Conversation ToldAll(Guid seatID, DateTimeOffset at) =>
        LastToAll is not { } last || ToAll is null ? this with { LastToAll = seatID, ToAll = new(0, at) { By = seatID }, Answered = null }
        : last == seatID ? this
        : this with
        { LastToAll = seatID, ToAll = (Answered == seatID ? ToAll : new(0, ToAll.LastAt) { By = last }).Then(seatID, at), Answered = last };

    // A pair's counter is reset only if both seats can see the interruption.
    private Conversation Interrupted(Placement placement)
    {
        if (placement.Common is not null)
        {
            return None;
        }

        var readers = (placement.Private ?? []).Select(place => place.SeatID).ToHashSet();
        var isBetweenTwo = ToAll is not null && Answered is { } answered && readers.Contains(answered)
            && readers.Contains(LastToAll!.Value);
        return this with
        {
            Pairs = Pairs.RemoveRange(from one in readers from other in readers select Pair(one, other)),
            ToAll = isBetweenTwo ? new(0, ToAll!.LastAt) { By = LastToAll } : ToAll,
            Answered = isBetweenTwo ? null : Answered,
        };
    }

    // Runs now and then, as the dictionary grows. Forgotten entries no longer counted; a seat loses only its own oldest unanswered messages
    // beyond the bound.
    private static ImmutableDictionary<string, Turns> Forgetting(ImmutableDictionary<string, Turns> pairs, DateTimeOffset at)
    {
        var left = pairs.RemoveRange(
            pairs.Where(pair => pair.Value.LastAt + (pair.Value.Count == 1 ? Turns.Pace : Memory) < at).Select(pair => pair.Key));
        return left.RemoveRange(left.Where(pair => pair.Value.Count == 1).GroupBy(pair => pair.Value.By)
            .SelectMany(unanswered => unanswered.OrderByDescending(pair => pair.Value.LastAt).Skip(MaxUnanswered))
            .Select(pair => pair.Key));
    }

    private static bool IsAgent(Room room, Guid seatID) => room.Seats.GetValueOrDefault(seatID)?.AgentID is not null;

    private static string Pair(Guid one, Guid other) => one.CompareTo(other) < 0 ? $"{one:N}{other:N}" : $"{other:N}{one:N}";
}

/// <summary>The turns of two seats.</summary>
/// <param name="Count">The number of turns, each soon after the previous one.</param>
/// <param name="LastAt">The moment of the last turn.</param>
public sealed record Turns(long Count, DateTimeOffset LastAt)
{
    /// <summary>An answer that takes longer than this is no reflex: the turns begin anew.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(30);

    /// <summary>The seat whose turn it was; null in states from before it was remembered.</summary>
    public Guid? By { get; init; }

    /// <summary>The extra time that the seat whose turn it was took over all its turns, compared with the other one.</summary>
    public TimeSpan Slower { get; init; }

    /// <summary>The turns after this seat spoke. A second message in a row takes no further turn.</summary>
    public Turns Then(Guid seatID, DateTimeOffset at)
    {
        var took = at > LastAt ? at - LastAt : TimeSpan.Zero;
        return seatID == By && took <= Conversation.Memory ? this
            : took >= Pace ? new(1, at) { By = seatID }
            : new(Count + 1, at) { By = seatID, Slower = took - Slower };
    }

    /// <summary>
    /// Whether this seat would go on beyond the bound. Only the seat that answers no slower than the other is held. So an agent with
    /// something to say cannot be stopped by one that has an answer to everything.
    /// </summary>
    public bool Holds(Guid seatID, int bound) =>
        seatID != By && Count >= bound && (Count % bound == 0 || Count % bound == 1) && Slower >= TimeSpan.Zero;
}
