using System.Collections.Immutable;
using Parle.Domain.Asks;

namespace Parle.Domain.Rooms;

/// <summary>
/// How often agents answered each other since a person or an ask came between them: so that two programs that cannot stop come
/// to a pause. A pair's turns are counted, and forgotten, by facts alone that both of them see (law 2).
/// </summary>
/// <param name="Pairs">The turns of two seats, by their ids in order.</param>
/// <param name="LastToAll">Who spoke to the whole room last.</param>
public sealed record Conversation(ImmutableDictionary<string, Turns> Pairs, Guid? LastToAll)
{
    /// <summary>Nobody has said anything.</summary>
    public static Conversation None { get; } = new(ImmutableDictionary<string, Turns>.Empty, null);

    /// <summary>After so much silence a pair is forgotten.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    private const int PairsBetweenLooks = 256;

    /// <summary>Why a seat must wait before it speaks; null when it need not. What it says then is taken, and nothing of this try is kept.</summary>
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

        var pauses = (to ?? AnswersTo).Select(other => Pairs.GetValueOrDefault(Pair(seatID, other)))
            .Where(turns => turns is not null && turns.Count % limits.TurnsPerPair == 0).Select(turns => turns!.LastAt + limits.LoopPause - now);
        return pauses.DefaultIfEmpty().Max() is var pause && pause > TimeSpan.Zero ? Refusals.LoopGuard with { RetryAfterMs = (int)Math.Ceiling(pause.TotalMilliseconds) } : null;
    }

    /// <summary>The conversation after one more fact.</summary>
    /// <param name="room">The room before it.</param>
    /// <param name="fact">The fact.</param>
    /// <param name="placement">Who sees it.</param>
    /// <param name="at">When it happened.</param>
    public Conversation After(Room room, object fact, Placement placement, DateTimeOffset at) => fact switch
    {
        MessageSubmitted message when room.Participants.GetValueOrDefault(message.AuthorID) is { } author =>
            IsAgent(room, author.SeatID) ? Count(room, author.SeatID, message, at) : Interrupted(placement),
        AskOpened => Interrupted(placement),
        MessageSubmitted or AskFact or ContentRedacted => this,
        _ => placement.Common is null ? this : None, // A seat was given or taken, or the like: somebody looks after the room.
    };

    private IReadOnlyList<Guid> AnswersTo => LastToAll is { } last ? [last] : [];

    private Conversation Count(Room room, Guid seatID, MessageSubmitted message, DateTimeOffset at)
    {
        var isDirect = message.Addressing.Kind is AddressingKind.Direct;
        var others = (isDirect ? message.Addressing.Targets.Select(target => target.SeatID) : AnswersTo).Distinct().Where(other => other != seatID && IsAgent(room, other));
        var pairs = others.Aggregate(Pairs, (pairs, other) => pairs.SetItem(Pair(seatID, other), Next(pairs.GetValueOrDefault(Pair(seatID, other)), at)));
        return new(pairs.Count / PairsBetweenLooks > Pairs.Count / PairsBetweenLooks ? Forgetting(pairs, at) : pairs, isDirect ? LastToAll : seatID);
    }

    // Whoever does not see what came between them goes on counting, and so does whoever it talks to.
    private Conversation Interrupted(Placement placement)
    {
        var readers = (placement.Private ?? []).Select(place => place.SeatID).ToList();
        return placement.Common is not null ? None
            : this with { Pairs = Pairs.RemoveRange(from one in readers from other in readers select Pair(one, other)) };
    }

    // Looked through now and then, as it grows: what is as old as this counts for nothing anyway.
    private static ImmutableDictionary<string, Turns> Forgetting(ImmutableDictionary<string, Turns> pairs, DateTimeOffset at) =>
        pairs.RemoveRange(pairs.Where(pair => pair.Value.LastAt + Memory < at).Select(pair => pair.Key));

    private static Turns Next(Turns? turns, DateTimeOffset at) => new(turns is null || turns.LastAt + Memory < at ? 1 : turns.Count + 1, at);

    private static bool IsAgent(Room room, Guid seatID) => room.Seats.GetValueOrDefault(seatID)?.AgentID is not null;

    private static string Pair(Guid one, Guid other) => one.CompareTo(other) < 0 ? $"{one:N}{other:N}" : $"{other:N}{one:N}";
}

/// <summary>The turns of two seats.</summary>
/// <param name="Count">How many there were.</param>
/// <param name="LastAt">When the last one was.</param>
public sealed record Turns(long Count, DateTimeOffset LastAt);
