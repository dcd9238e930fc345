namespace Parle.Domain.Sessions;

/// <summary>The state of a session that decisions need.</summary>
/// <param name="Ended">Whether it was ended before its time.</param>
/// <param name="Superseded">Whether another session took over its alias.</param>
/// <param name="ExpiresAt">The moment it expires.</param>
public sealed record AgentSession(bool Ended, bool Superseded, DateTimeOffset ExpiresAt)
{
    /// <summary>
    /// The tokens it was started with, outermost first and its own last; empty for a session from before this was recorded.
    /// </summary>
    public IReadOnlyList<Guid> Tokens { get; init; } = [];

    /// <summary>The session after one more fact of its stream; facts of other kinds change nothing.</summary>
    public static AgentSession? Apply(AgentSession? session, object fact) => fact switch
    {
        SessionStarted started => new(Ended: false, Superseded: false, started.ExpiresAt)
        { Tokens = started.TokenID is { } token ? [.. started.TokenPath, token] : [] },
        SessionEnded when session is not null => session with { Ended = true },
        SessionSuperseded when session is not null => session with { Superseded = true },
        _ => session,
    };

    /// <summary>Whether it can still act at <paramref name="now"/>.</summary>
    public bool IsLive(DateTimeOffset now) => this is { Ended: false, Superseded: false } && ExpiresAt > now;
}
