namespace Parle.Domain.Sessions;

/// <summary>Ends the session whose alias another session of the agent took over. An ended one stays as it is.</summary>
/// <param name="BySessionID">The other session.</param>
/// <param name="By">The token of that other session.</param>
public sealed record SupersedeSession(Guid BySessionID, SessionReach By)
{
    /// <summary>Decides.</summary>
    public Decision Decide(AgentSession? session, DateTimeOffset now) =>
        session?.IsLive(now) is not true ? Decision.Nothing
        : By.Obstacle(session.Tokens) is { } refusal ? refusal
        : Decision.Record(new SessionSuperseded(BySessionID));
}
