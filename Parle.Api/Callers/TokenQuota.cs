using Marten;
using Npgsql;
using Parle.Api.Bounds;
using Parle.Domain;
using Parle.Domain.Tokens;
using Parle.Projections;
using Parle.Projections.Callers;

namespace Parle.Api.Callers;

/// <summary>How many tokens of one principal's agents can be good at the same time, and who has which share of them.</summary>
public sealed class TokenQuota(IConfiguration configuration)
{
    /// <summary>Tokens of a principal, unless configured otherwise. 0 stands for any number.</summary>
    public const int Default = 1000;

    private const string Sql = $"""
        with good as (
            select t.token_id, t.agent_id, t.path from parle.agent_tokens t join parle.agents a using (agent_id)
            left join parle.rooms r on r.room_id = t.room_id left join parle.seats s on s.seat_id = t.seat_id
            where a.principal_id = $1 and a.deleted_at is null and r.archived_at is null and s.removed_at is null and (t.expires_at is null or t.expires_at > now())
              and not exists (select from parle.agent_tokens above where above.token_id = any(t.path || t.token_id) and above.revoked_at is not null)),
        guests as (select a.agent_id from parle.agents a where a.principal_id = $1 and {GuestAgents.IsGuest})
        select (select count(*) from good) as all_good, (select count(*) from good where agent_id in (select agent_id from guests)) as of_guests, (select count(*) from good where agent_id = $2) as of_agent,
               exists (select from guests where agent_id = $2) as is_guest,
               array(select (select count(*) from good where c.token_id = any(good.path)) from unnest($3) with ordinality as c(token_id, i) order by c.i) as below
        """;

    private readonly int limit = Limits.Of(configuration, "TokensPerPrincipal", Default);

    /// <summary>Why there can be no more; null when there can. Exact for whoever has the principal's turn.</summary>
    /// <param name="session">Where it is asked.</param>
    /// <param name="principalID">Whose tokens they are.</param>
    /// <param name="agentID">The agent that is to have one more.</param>
    /// <param name="chain">The tokens that mint it, the first one first; empty for a person.</param>
    public async Task<Refusal?> Obstacle(IDocumentSession session, Guid principalID, Guid agentID, params Guid[] chain) =>
        limit == 0 ? null : (await session.Rows(Sql, Read, CancellationToken.None, principalID, agentID, chain))[0].Obstacle(limit);

    /// <summary>The same as far as it can be known without a turn.</summary>
    public async Task<Refusal?> Obstacle(
        NpgsqlDataSource database, Guid principalID, Guid agentID, IReadOnlyList<Guid> chain, CancellationToken cancellation) =>
        limit == 0 ? null : (await database.Rows(Sql, Read, cancellation, principalID, agentID, chain.ToArray()))[0].Obstacle(limit);

    private static TokensInUse Read(Row row) =>
        new(row.Get<long>("all_good"), row.Get<long>("of_guests"), row.Get<long>("of_agent"), row.Get<bool>("is_guest"),
            row.Get<long[]>("below"));
}
