namespace Parle.Domain.Sessions;

/// <summary>Ends the run whose alias another session of the agent has taken over. One that is over already stays as it is.</summary>
/// <param name="BySessionID">The other session.</param>
/// <param name="By">The token with which it is done.</param>
public sealed record SupersedeSession(Guid BySessionID, SessionReach By)
{
    /// <summary>Decides.</summary>
    public Decision Decide(AgentSession? session, DateTimeOffset now) =>
        session?.IsLive(now) is not true ? Decision.Nothing
        : By.Obstacle(session.Tokens) is { } refusal ? refusal
        : Decision.Record(new SessionSuperseded(BySessionID));
}
