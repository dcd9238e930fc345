namespace Parle.Domain.Sessions;

/// <summary>
/// The bound on live sessions of a token together with those below it. A token below another one has half of that one's share, so that no
/// child takes all of it. A start beyond the bound ends sessions of the starting token and those below it, never one above or beside it.
/// </summary>
/// <param name="Sessions">Most live sessions of a token without a parent of the same agent; 0 for no bound.</param>
public sealed record SessionCap(int Sessions)
{
    /// <summary>The bound's name on the wire.</summary>
    public const string Name = "live_agent_sessions";

    /// <summary>
    /// Most sessions that a token with few uses may start, even with fewer uses than that: its holder may have to begin again.
    /// </summary>
    public const int FewestStarts = 5;

    private const int RetryAfterMs = 30_000; // A session whose connection closed counts as held for this long.

    /// <summary>A token with a bound on uses has started as many sessions as go with them.</summary>
    public static Refusal NoStartLeft { get; } = Refusals.TokenUsedUp with
    {
        Unlock = $"A token with a number of uses starts as many sessions in its life as it has uses, and {FewestStarts} at least. Ask "
            + "its minter for another one.",
    };

    /// <summary>The share of a token with so many tokens of its agent above it: half of the share above, and at least 1.</summary>
    public int ShareAt(int depth) => depth == 0 ? Sessions : Math.Max(1, ShareAt(depth - 1) / 2);

    /// <summary>The sessions to end so that one more can start, the longest silent first; or the refusal.</summary>
    /// <param name="tokens">The tokens of the start, outermost first: those of the same agent, the starting one last.</param>
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
/// <param name="SessionID">The session.</param>
/// <param name="Tokens">The tokens it was started with; empty for a session from before this was recorded, which counts nowhere.</param>
/// <param name="LastSeenAt">The moment of its last request.</param>
/// <param name="IsHeld">Whether it holds an open stream or a waiting read, and so is not silent.</param>
public sealed record LiveSession(Guid SessionID, IReadOnlyList<Guid> Tokens, DateTimeOffset LastSeenAt, bool IsHeld);
