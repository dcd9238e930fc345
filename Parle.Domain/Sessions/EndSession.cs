namespace Parle.Domain.Sessions;

/// <summary>Ends an agent's session before its time.</summary>
/// <param name="Reason">The reason if nobody asked for it; see <see cref="SessionEnded"/>.</param>
public sealed record EndSession(string? Reason = null)
{
    /// <summary>The token with which an agent ends it; null when no agent does.</summary>
    public SessionReach? By { get; init; }

    /// <summary>The refusal to end the session; null when it can be ended.</summary>
    public static Refusal? Obstacle(AgentSession? session) => session switch
    {
        null => Refusals.InvalidAgentSession,
        { Ended: true } => Refusals.AgentSessionEnded,
        { Superseded: true } => Refusals.AgentSessionSuperseded,
        _ => null,
    };

    /// <summary>Decides.</summary>
    public Decision Decide(AgentSession? session) =>
        (Obstacle(session) ?? By?.Obstacle(session!.Tokens)) is { } refusal ? refusal : Decision.Record(new SessionEnded(Reason));
}
