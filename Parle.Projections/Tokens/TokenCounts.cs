using Marten;
using Npgsql;
using Parle.Domain.Tokens;
using Parle.Projections.Callers;

namespace Parle.Projections.Tokens;

/// <summary>Counts the tokens of a principal's agents that are good at the same time.</summary>
public static class TokenCounts
{
    private const string Sql = $"""
        with good as (
            select t.token_id, t.agent_id, t.path from parle.agent_tokens t join parle.agents a using (agent_id)
            left join parle.rooms r on r.room_id = t.room_id left join parle.seats s on s.seat_id = t.seat_id
            where a.principal_id = $1 and a.deleted_at is null and r.archived_at is null and s.removed_at is null
              and (t.expires_at is null or t.expires_at > now())
              and not exists (
                select from parle.agent_tokens above
                where above.token_id = any(t.path || t.token_id) and above.revoked_at is not null)),
        guests as (select a.agent_id from parle.agents a where a.principal_id = $1 and {GuestAgents.IsGuest})
        select (select count(*) from good) as all_good,
            (select count(*) from good where agent_id in (select agent_id from guests)) as of_guests,
            (select count(*) from good where agent_id = $2) as of_agent,
            exists (select from guests where agent_id = $2) as is_guest,
            array(
                select (select count(*) from good where c.token_id = any(good.path))
                from unnest($3) with ordinality as c(token_id, i) order by c.i) as below
        """;

    /// <summary>The tokens of a principal, of one of its agents, and below some tokens.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="principalID">The principal.</param>
    /// <param name="agentID">The agent.</param>
    /// <param name="chain">The tokens.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<TokensInUse> Of(
        NpgsqlDataSource database, Guid principalID, Guid agentID, IReadOnlyList<Guid> chain, CancellationToken cancellation) =>
        (await database.Rows(Sql, Read, cancellation, principalID, agentID, chain.ToArray()))[0];

    /// <summary>The same within a unit of work.</summary>
    /// <param name="session">The unit of work.</param>
    /// <param name="principalID">The principal.</param>
    /// <param name="agentID">The agent.</param>
    /// <param name="chain">The tokens.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<TokensInUse> Of(
        IQuerySession session, Guid principalID, Guid agentID, IReadOnlyList<Guid> chain, CancellationToken cancellation) =>
        (await session.Rows(Sql, Read, cancellation, principalID, agentID, chain.ToArray()))[0];

    private static TokensInUse Read(Row row) => new(
        row.Get<long>("all_good"), row.Get<long>("of_guests"), row.Get<long>("of_agent"), row.Get<bool>("is_guest"),
        row.Get<long[]>("below"));
}
