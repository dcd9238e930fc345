namespace Parle.Domain.Sessions;

/// <summary>An agent's session began. It ends at <paramref name="ExpiresAt"/> at the latest.</summary>
/// <param name="AgentID">The agent.</param>
/// <param name="Handle">The anonymous handle of this session.</param>
/// <param name="ExpiresAt">The moment the session or its token expires; nothing extends it.</param>
public sealed record SessionStarted(Guid AgentID, string Handle, DateTimeOffset ExpiresAt)
{
    /// <summary>The token that started it, and with which it ends; null in facts from before this was recorded.</summary>
    public Guid? TokenID { get; init; }

    /// <summary>The tokens above that one, outermost first. The session ends with each of them too.</summary>
    public IReadOnlyList<Guid> TokenPath { get; init; } = [];
}

/// <summary>An agent's session ended before its time.</summary>
/// <param name="Reason">The reason if nobody asked for it, e.g. <see cref="TooMany"/>; null when it was asked for.</param>
public sealed record SessionEnded(string? Reason = null)
{
    /// <summary>Its token had too many live sessions, and this one was silent longest.</summary>
    public const string TooMany = "live_session_cap";

    /// <summary>Its agent was deleted.</summary>
    public const string AgentDeleted = "agent_deleted";

    /// <summary>Its token, or one above it, was revoked.</summary>
    public const string TokenRevoked = "token_revoked";

    /// <summary>The seat of its token ended, and the session was in no other room.</summary>
    public const string SeatOver = "seat_over";
}

/// <summary>Another session of the agent took over this one's alias, and its work with it.</summary>
/// <param name="BySessionID">The other session.</param>
public sealed record SessionSuperseded(Guid BySessionID);
