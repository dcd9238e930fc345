namespace Parle.Domain.Sessions;

/// <summary>An agent runs, from now until <paramref name="ExpiresAt"/> at the latest.</summary>
/// <param name="AgentID">Whose run it is.</param>
/// <param name="Handle">The anonymous handle that addresses this run.</param>
/// <param name="ExpiresAt">When its life is over; nothing extends it.</param>
public sealed record SessionStarted(Guid AgentID, string Handle, DateTimeOffset ExpiresAt);

/// <summary>A run of an agent is over before its time.</summary>
/// <param name="Reason">Why, when nobody asked for it, e.g. <see cref="TooMany"/>; null when it was asked for.</param>
public sealed record SessionEnded(string? Reason = null)
{
    /// <summary>Its agent had too many live sessions, and this one had been silent longest.</summary>
    public const string TooMany = "live_session_cap";

    /// <summary>Its agent was deleted.</summary>
    public const string AgentDeleted = "agent_deleted";
}

/// <summary>Another session of the agent took over this one's alias, and its work with it.</summary>
/// <param name="BySessionID">The other session.</param>
public sealed record SessionSuperseded(Guid BySessionID);
