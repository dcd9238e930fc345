namespace Parle.Domain.Sessions;

/// <summary>An agent runs, from now until <paramref name="ExpiresAt"/> at the latest.</summary>
/// <param name="AgentID">Whose run it is.</param>
/// <param name="Handle">The anonymous handle that addresses this run.</param>
/// <param name="ExpiresAt">When its life is over, or that of its token; nothing extends it.</param>
public sealed record SessionStarted(Guid AgentID, string Handle, DateTimeOffset ExpiresAt)
{
    /// <summary>The token that started it, and with which it ends; null for sessions of before this was recorded.</summary>
    public Guid? TokenID { get; init; }

    /// <summary>The tokens above that one, the first one first: it ends with each of them too.</summary>
    public IReadOnlyList<Guid> TokenPath { get; init; } = [];
}

/// <summary>A run of an agent is over before its time.</summary>
/// <param name="Reason">Why, when nobody asked for it, e.g. <see cref="TooMany"/>; null when it was asked for.</param>
public sealed record SessionEnded(string? Reason = null)
{
    /// <summary>Its token had too many live sessions, and this one had been silent longest.</summary>
    public const string TooMany = "live_session_cap";

    /// <summary>Its agent was deleted.</summary>
    public const string AgentDeleted = "agent_deleted";

    /// <summary>The token that started it was taken back, or one above that.</summary>
    public const string TokenRevoked = "token_revoked";

    /// <summary>The seat of the token that started it is no more, and the session was in no other room.</summary>
    public const string SeatOver = "seat_over";
}

/// <summary>Another session of the agent took over this one's alias, and its work with it.</summary>
/// <param name="BySessionID">The other session.</param>
public sealed record SessionSuperseded(Guid BySessionID);
