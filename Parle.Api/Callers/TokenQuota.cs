using Marten;
using Npgsql;
using Parle.Api.Bounds;
using Parle.Domain;
using Parle.Projections.Tokens;

namespace Parle.Api.Callers;

/// <summary>How many tokens of one principal's agents can be good at the same time, and who has which share of them.</summary>
public sealed class TokenQuota(IConfiguration configuration)
{
    /// <summary>Tokens of a principal, unless configured otherwise. 0 stands for any number.</summary>
    public const int Default = 1000;

    private readonly int limit = Limits.Of(configuration, "TokensPerPrincipal", Default);

    /// <summary>Why there can be no more; null when there can. Exact for whoever has the principal's turn.</summary>
    /// <param name="session">Where it is asked.</param>
    /// <param name="principalID">Whose tokens they are.</param>
    /// <param name="agentID">The agent that is to have one more.</param>
    /// <param name="chain">The tokens that mint it, the first one first; empty for a person.</param>
    public async Task<Refusal?> Obstacle(IDocumentSession session, Guid principalID, Guid agentID, params Guid[] chain) =>
        limit == 0 ? null : (await TokenCounts.Of(session, principalID, agentID, chain, CancellationToken.None)).Obstacle(limit);

    /// <summary>The same as far as it can be known without a turn.</summary>
    public async Task<Refusal?> Obstacle(
        NpgsqlDataSource database, Guid principalID, Guid agentID, IReadOnlyList<Guid> chain, CancellationToken cancellation) =>
        limit == 0 ? null : (await TokenCounts.Of(database, principalID, agentID, chain, cancellation)).Obstacle(limit);
}
