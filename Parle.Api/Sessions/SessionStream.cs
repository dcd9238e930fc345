using Marten;
using Parle.Domain.Sessions;

namespace Parle.Api.Sessions;

/// <summary>An agent's session as a decision needs it: folded from its own stream, which is short.</summary>
internal static class SessionStream
{
    /// <summary>A session of the agent, and the number of facts in its stream.</summary>
    public static async Task<(AgentSession? Session, long Version)> Session(
        this IDocumentSession session, Guid sessionID, CancellationToken cancellation)
    {
        var facts = await session.Events.FetchStreamAsync(sessionID, token: cancellation);
        return (facts.Aggregate((AgentSession?)null, (state, fact) => AgentSession.Apply(state, fact.Data)), facts.Count);
    }
}
