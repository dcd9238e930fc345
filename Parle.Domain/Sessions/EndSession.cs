namespace Parle.Domain.Sessions;

/// <summary>Ends a run of an agent before its time.</summary>
/// <param name="Reason">Why, when it was not asked for; see <see cref="SessionEnded"/>.</param>
public sealed record EndSession(string? Reason = null)
{
    /// <summary>The token with which an agent ends it; null where that is not an agent's doing.</summary>
    public SessionReach? By { get; init; }

    /// <summary>Why the session cannot be ended; null when it can.</summary>
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
