namespace Parle.Domain.Sessions;

/// <summary>Ends a run of an agent before its time.</summary>
public sealed record EndSession
{
    /// <summary>Why the session cannot be ended; null when it can.</summary>
    public static Refusal? Obstacle(AgentSession? session) => session switch
    {
        null => Refusals.InvalidAgentSession,
        { Ended: true } => Refusals.AgentSessionEnded,
        _ => null,
    };

    /// <summary>Decides.</summary>
    public Decision Decide(AgentSession? session) => Obstacle(session) is { } refusal ? refusal : Decision.Record(new SessionEnded());
}
