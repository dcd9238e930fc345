using Marten;
using Npgsql;
using Parle.Domain.Aliases;
using Parle.Domain.Names;
using Parle.Domain.Rooms;

namespace Parle.Projections.Aliases;

/// <summary>Aliases of an agent, as far as a decision needs them.</summary>
/// <param name="Aliases">The aliases that were asked about: no others.</param>
/// <param name="Version">The number of events in the agent's stream.</param>
/// <param name="Count">The number of aliases that the agent ever claimed.</param>
public sealed record StoredAliases(AgentAliases Aliases, long Version, long Count);

/// <summary>An alias that an agent claimed.</summary>
/// <param name="Generation">The number of its claims.</param>
/// <param name="Released">Whether it was given up since.</param>
/// <param name="HolderTokens">The tokens of the session that claimed it last, see
/// <see cref="Domain.Sessions.AgentSession.Tokens"/>.</param>
/// <param name="HolderLives">Whether that session still lives.</param>
public sealed record ClaimedName(long Generation, bool Released, IReadOnlyList<Guid> HolderTokens, bool HolderLives);

/// <summary>The holder of an alias.</summary>
/// <param name="Generation">The number of its claims.</param>
/// <param name="SessionID">The live session that has it; null when none does.</param>
public sealed record AliasHolder(long Generation, Guid? SessionID);

/// <summary>Queries of the names of agents' sessions, see <see cref="SessionAliases"/>.</summary>
public static class AliasQueries
{
    private const string Lives = "s.ended_at is null and s.superseded_at is null and s.expires_at";

    private const string AliasesSql = """
        select coalesce((select version from parle.mt_streams where id = $1), 0) as version,
               (select count(*) from parle.session_aliases n where n.agent_id = $1) as count,
               a.alias, a.generation, case when a.released_at is null then a.session_id end as holder_id, a.offline_delivery,
               array(
                 select c.room_id from parle.session_alias_closed_rooms c where c.agent_id = a.agent_id and c.alias = a.alias
               ) as closed_rooms,
               a.released_at is not null as released
        from (select) as once left join parle.session_aliases a
            on a.agent_id = $1 and (a.alias = $2 or (a.session_id = $3 and a.released_at is null))
        """;

    private const string AddressesSql = $"""
        select q.address, a.agent_id, sa.alias, s.session_id,
               coalesce(sa.offline_delivery, true) and not exists (
                 select from parle.session_alias_closed_rooms c
                 where c.agent_id = sa.agent_id and c.alias = sa.alias and c.room_id = $5) as accepts_offline
        from unnest($1, $2, $3, $4) as q(address, principal, agent, alias)
        cross join lateral (select principal_id from parle.principals p where p.handle = q.principal limit 1) as p
        cross join lateral (
            select agent_id from parle.agents a
            where a.principal_id = p.principal_id and a.handle = q.agent and a.deleted_at is null limit 1) as a
        left join lateral (
            select * from parle.session_aliases sa
            where sa.agent_id = a.agent_id and sa.alias = q.alias and sa.released_at is null limit 1) as sa on true
        left join lateral (
            select session_id from parle.agent_sessions s where s.session_id = sa.session_id and {Lives} > $6 limit 1) as s on true
        where q.alias is null or sa.alias is not null
        """;

    private const string ClaimedSql = $$"""
        select sa.alias, sa.generation, sa.released_at is not null as released,
               case when s.token_id is not null then s.token_path || s.token_id else '{}' end as holder_tokens,
               {{Lives}} > $2 as holder_lives
        from parle.session_aliases sa join parle.agent_sessions s using (session_id) where sa.agent_id = $1
        """;

    private const string HolderSql = $"""
        select sa.generation, s.session_id from parle.session_aliases sa
        left join parle.agent_sessions s on s.session_id = sa.session_id and sa.released_at is null and {Lives} > $3
        where sa.agent_id = $1 and sa.alias = $2
        """;

    /// <summary>
    /// An alias of an agent, and the alias that a session of it has. Read from the view, which is committed with the events: the stream
    /// grows with every claim.
    /// </summary>
    /// <param name="session">The unit of work.</param>
    /// <param name="agentID">The agent.</param>
    /// <param name="alias">The alias that is decided about.</param>
    /// <param name="holder">The session whose alias is read too; null for none.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<StoredAliases> Of(
        IQuerySession session, Guid agentID, string? alias, Guid? holder, CancellationToken cancellation)
    {
        var rows = await session.Rows(
            AliasesSql,
            row => (Version: row.Get<long>("version"), Count: row.Get<long>("count"), Alias: row.Get<string?>("alias"),
                State: row.Get<string?>("alias") is null ? null : StateRow(row)),
            cancellation, agentID, alias ?? "", holder);
        var names = AgentAliases.None.ByName;
        foreach (var row in rows)
        {
            names = row.State is { } state ? names.SetItem(row.Alias!, state) : names;
        }

        return new(new(names), rows[0].Version, rows[0].Count);
    }

    /// <summary>
    /// The agents and aliases that some addresses name. An unknown agent is left out, and so is an alias that was never claimed, or was
    /// released.
    /// </summary>
    /// <param name="database">The pool.</param>
    /// <param name="addresses">The addresses, each of an agent or an alias.</param>
    /// <param name="roomID">The room in which a message is to be sent to them.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<KnownAddress>> Find(
        NpgsqlDataSource database, IReadOnlyList<string> addresses, Guid roomID, DateTimeOffset now, CancellationToken cancellation)
    {
        var parsed = addresses.Select(text => Address.Parse(text)!).ToList();
        return database.Rows(
            AddressesSql,
            row => new KnownAddress(
                row.Get<string>("address"), row.Get<Guid>("agent_id"), row.Get<string?>("alias"), row.Get<Guid?>("session_id"),
                row.Get<bool>("accepts_offline")),
            cancellation, addresses.ToArray(), parsed.Select(address => address.Principal).ToArray(),
            parsed.Select(address => address.Agent).ToArray(), parsed.Select(address => address.Session).ToArray(), roomID, now);
    }

    /// <summary>All aliases that an agent ever claimed, by their names.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="agentID">The agent.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<IReadOnlyDictionary<string, ClaimedName>> ClaimedBy(
        NpgsqlDataSource database, Guid agentID, DateTimeOffset now, CancellationToken cancellation) =>
        (await database.Rows(
            ClaimedSql,
            row => KeyValuePair.Create(
                row.Get<string>("alias"),
                new ClaimedName(
                    row.Get<long>("generation"), row.Get<bool>("released"), row.Get<Guid[]>("holder_tokens"),
                    row.Get<bool>("holder_lives"))),
            cancellation, agentID, now)).ToDictionary(StringComparer.Ordinal);

    /// <summary>The holder of an alias; null when the alias was never claimed.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="agentID">The agent.</param>
    /// <param name="alias">The alias.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<AliasHolder?> Holder(
        NpgsqlDataSource database, Guid agentID, string alias, DateTimeOffset now, CancellationToken cancellation) =>
        await database.Rows(
            HolderSql, row => new AliasHolder(row.Get<long>("generation"), row.Get<Guid?>("session_id")), cancellation, agentID, alias, now)
            is [var holder, ..] ? holder : null;

    private static AliasState StateRow(Row row) => new(
        row.Get<long>("generation"), row.Get<Guid?>("holder_id"), row.Get<bool>("offline_delivery"), [.. row.Get<Guid[]>("closed_rooms")])
    {
        Released = row.Get<bool>("released"),
    };
}
