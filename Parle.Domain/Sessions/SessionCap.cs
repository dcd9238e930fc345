namespace Parle.Domain.Sessions;

/// <summary>
/// How many sessions may live at the same time: of a token with those below it. A token below another has half of that one's
/// share, so that no child takes all of it. What is too much ends the starter's own sessions and those below it, never one above or beside.
/// </summary>
/// <param name="Sessions">Live sessions of a token that stands below no other of its agent; 0 for any number.</param>
public sealed record SessionCap(int Sessions)
{
    /// <summary>The name that clients know it by.</summary>
    public const string Name = "live_agent_sessions";

    /// <summary>
    /// How many sessions a token with fewer uses than that may start nevertheless: whoever holds it may have to begin again.
    /// </summary>
    public const int FewestStarts = 5;

    private const int RetryAfterMs = 30_000; // For so long a session that let go of its connection counts as held.

    /// <summary>A token with a number of uses that began as many runs as go with them.</summary>
    public static Refusal NoStartLeft { get; } = Refusals.TokenUsedUp with
    {
        Unlock = $"A token with a number of uses starts as many sessions in its life as it has uses, and {FewestStarts} at least. Ask "
            + "whoever gave it to you for another one.",
    };

    /// <summary>
    /// The share of a token that stands so many tokens below the first one of its agent: half of the one above it, and 1 at least.
    /// </summary>
    public int ShareAt(int depth) => depth == 0 ? Sessions : Math.Max(1, ShareAt(depth - 1) / 2);

    /// <summary>Which sessions end so that one more can start, those that were silent longest; or why none can start.</summary>
    /// <param name="tokens">The token that starts one, last, and those of the same agent above it.</param>
    /// <param name="live">The agent's live sessions.</param>
    public (Refusal? Refusal, IReadOnlyList<Guid> Ending) MakeRoom(IReadOnlyList<Guid> tokens, IReadOnlyCollection<LiveSession> live)
    {
        if (Sessions == 0)
        {
            return (null, []);
        }

        var (used, share) = tokens.Select((token, depth) => (Used: live.Count(session => session.Tokens.Contains(token)),
            Share: ShareAt(depth))).MaxBy(level => level.Used - level.Share);
        var tooMany = Math.Max(0, used - share + 1);
        var ending = live.Where(session => !session.IsHeld && session.Tokens.Contains(tokens[^1]))
            .OrderBy(session => session.LastSeenAt).ThenBy(session => session.SessionID).Select(session => session.SessionID).Take(tooMany)
            .ToList();
        return ending.Count == tooMany ? (null, ending) : (Refusals.RateLimited with
        {
            RetryAfterMs = RetryAfterMs,
            Cap = new(Name, used, share, "End a session that is not needed any more (end_session), or wait until one ends. One that holds "
                + "a stream or a wait is never ended to make room."),
        }, []);
    }
}

/// <summary>A live session, as the cap sees it.</summary>
/// <param name="SessionID">Which session.</param>
/// <param name="Tokens">The token that started it and those above it; empty for a session of before this was recorded, which counts
/// nowhere.</param>
/// <param name="LastSeenAt">When it was last heard of.</param>
/// <param name="IsHeld">Whether it holds a stream or a wait somewhere: then it is not silent.</param>
public sealed record LiveSession(Guid SessionID, IReadOnlyList<Guid> Tokens, DateTimeOffset LastSeenAt, bool IsHeld);
