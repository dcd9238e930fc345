using Marten;
using Npgsql;
using Parle.Domain.Aliases;
using Parle.Domain.Sessions;

namespace Parle.Api.Aliases;

/// <summary>Decisions over an agent's sessions and names, one after the other on all nodes.</summary>
internal static class AgentStream
{
    /// <summary>Waits until nobody else decides over this agent, and keeps everybody else waiting until the unit of work is over.</summary>
    /// <remarks>Whoever has a turn holds a connection and must not need a second one: those who wait may have taken them all.</remarks>
    public static async Task TakeTurn(this IDocumentSession session, Guid agentID, HttpContext context, CancellationToken cancellation)
    {
        context.Response.RegisterForDispose(await context.RequestServices.GetRequiredService<AgentTurns>().Take(agentID, cancellation));
        await session.BeginTransactionAsync(cancellation);
        await session.AlsoTakeTurn(agentID, cancellation);
    }

    /// <summary>For whoever has another's turn already: an agent's after its principal's, and never the other way.</summary>
    public static async Task AlsoTakeTurn(this IDocumentSession session, Guid agentID, CancellationToken cancellation)
    {
        await using var turn = new NpgsqlCommand("select pg_advisory_xact_lock(hashtextextended($1::text, 0))") { Parameters = { new() { Value = agentID } } };
        await using var taken = await session.ExecuteReaderAsync(turn, cancellation);
        await taken.ReadAsync(cancellation);
    }

    /// <summary>The agent's names, and how many facts its stream has.</summary>
    public static async Task<(AgentAliases Aliases, long Version)> Aliases(this IDocumentSession session, Guid agentID, CancellationToken cancellation)
    {
        var facts = await session.Events.FetchStreamAsync(agentID, token: cancellation);
        return (facts.Aggregate(AgentAliases.None, (aliases, fact) => AgentAliases.Apply(aliases, fact.Data)), facts.Count);
    }

    /// <summary>A session of the agent, and how many facts its stream has.</summary>
    public static async Task<(AgentSession? Session, long Version)> Session(this IDocumentSession session, Guid sessionID, CancellationToken cancellation)
    {
        var facts = await session.Events.FetchStreamAsync(sessionID, token: cancellation);
        return (facts.Aggregate((AgentSession?)null, (state, fact) => AgentSession.Apply(state, fact.Data)), facts.Count);
    }
}
