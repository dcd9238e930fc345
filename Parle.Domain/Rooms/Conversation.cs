using System.Collections.Immutable;

namespace Parle.Domain.Rooms;

/// <summary>
/// How often agents answered each other since a person or an ask came between them: so that two programs that cannot stop come
/// to a pause. A turn is a message to somebody who spoke since; what one side says alone counts for nothing, so nobody mutes another.
/// A pair's turns are counted, and forgotten, by facts alone that both of them see (law 2).
/// </summary>
/// <param name="Pairs">The turns of two seats in direct messages, by their ids in order.</param>
/// <param name="LastToAll">Who spoke to the whole room last.</param>
public sealed record Conversation(ImmutableDictionary<string, Turns> Pairs, Guid? LastToAll)
{
    /// <summary>Nobody has said anything.</summary>
    public static Conversation None { get; } = new(ImmutableDictionary<string, Turns>.Empty, null);

    /// <summary>After so much silence a pair is forgotten.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    /// <summary>
    /// Most seats that one seat has spoken to, and that did not answer, which are remembered; an exchange with an older one begins anew.
    /// </summary>
    public const int MaxUnanswered = 256;

    private const int PairsBetweenLooks = 256;

    /// <summary>The turns of the two who alone spoke to the whole room of late; null when nobody did.</summary>
    public Turns? ToAll { get; init; }

    /// <summary>Whom <see cref="LastToAll"/> answered there; null for nobody.</summary>
    public Guid? Answered { get; init; }

    /// <summary>
    /// Why a seat must wait before it speaks; null when it need not. What it says then is taken, and nothing of this try is kept.
    /// </summary>
    /// <param name="seatID">The seat that wants to speak.</param>
    /// <param name="to">To which seats; null for the whole room.</param>
    /// <param name="limits">How many turns there are, and how long the pause is.</param>
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
    /// <param name="placement">Who sees it.</param>
    /// <param name="at">When it happened.</param>
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

    // Whoever speaks to all answers the one who did before. A third one between two ends what they had: they do not only answer each other.
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

    // Looked through now and then, as it grows. What is forgotten counted for nothing any more; but a seat's unanswered words beyond the
    // bound are its own loss.
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
/// <param name="Count">How many there were, one soon after the other.</param>
/// <param name="LastAt">When the last one was.</param>
public sealed record Turns(long Count, DateTimeOffset LastAt)
{
    /// <summary>Who takes longer than this to answer has not merely answered: the turns begin anew.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(30);

    /// <summary>Whose turn it was; null where that was not remembered yet.</summary>
    public Guid? By { get; init; }

    /// <summary>How much longer the one whose turn it was took over all its turns than the other one.</summary>
    public TimeSpan Slower { get; init; }

    /// <summary>The turns after this seat spoke. Whoever goes on speaking takes no other turn.</summary>
    public Turns Then(Guid seatID, DateTimeOffset at)
    {
        var took = at > LastAt ? at - LastAt : TimeSpan.Zero;
        return seatID == By && took <= Conversation.Memory ? this
            : took >= Pace ? new(1, at) { By = seatID }
            : new(Count + 1, at) { By = seatID, Slower = took - Slower };
    }

    /// <summary>
    /// Whether this seat would go on with it beyond the bound. Of the two only the one that answers no slower is held: so an
    /// agent with something to say cannot be stopped by another one that has an answer to everything.
    /// </summary>
    public bool Holds(Guid seatID, int bound) =>
        seatID != By && Count >= bound && (Count % bound == 0 || Count % bound == 1) && Slower >= TimeSpan.Zero;
}
