namespace Parle.Domain.Sessions;

/// <summary>Ends the run whose alias another session of the agent has taken over. One that is over already stays as it is.</summary>
/// <param name="BySessionID">The other session.</param>
public sealed record SupersedeSession(Guid BySessionID)
{
    /// <summary>Decides.</summary>
    public Decision Decide(AgentSession? session, DateTimeOffset now) =>
        session?.IsLive(now) is true ? Decision.Record(new SessionSuperseded(BySessionID)) : Decision.Nothing;
}
