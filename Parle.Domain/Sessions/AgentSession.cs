namespace Parle.Domain.Sessions;

/// <summary>The little state that decisions about a session need.</summary>
/// <param name="Ended">Whether it was ended before its time.</param>
/// <param name="ExpiresAt">When its life is over.</param>
public sealed record AgentSession(bool Ended, DateTimeOffset ExpiresAt)
{
    /// <summary>The session after one more fact of its stream; facts of other kinds change nothing.</summary>
    public static AgentSession? Apply(AgentSession? session, object fact) => fact switch
    {
        SessionStarted started => new(Ended: false, started.ExpiresAt),
        SessionEnded when session is not null => session with { Ended = true },
        _ => session,
    };
}
