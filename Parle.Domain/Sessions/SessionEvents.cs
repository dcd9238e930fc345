namespace Parle.Domain.Sessions;

/// <summary>An agent runs, from now until <paramref name="ExpiresAt"/> at the latest.</summary>
/// <param name="AgentID">Whose run it is.</param>
/// <param name="Handle">The anonymous handle that addresses this run.</param>
/// <param name="ExpiresAt">When its life is over; nothing extends it.</param>
public sealed record SessionStarted(Guid AgentID, string Handle, DateTimeOffset ExpiresAt);

/// <summary>A run of an agent is over before its time.</summary>
public sealed record SessionEnded;
