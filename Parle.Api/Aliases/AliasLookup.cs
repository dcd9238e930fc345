using Npgsql;
using NpgsqlTypes;
using Parle.Domain.Names;
using Parle.Domain.Rooms;

namespace Parle.Api.Aliases;

/// <summary>Finds out who goes by an alias now, and whether something may be left for it.</summary>
public sealed class AliasLookup(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Sql = """
        select q.address, a.agent_id, sa.alias, s.session_id,
               sa.offline_delivery and not exists (select from parle.session_alias_closed_rooms c where c.agent_id = sa.agent_id and c.alias = sa.alias and c.room_id = $5)
        from unnest($1, $2, $3, $4) as q(address, principal, agent, alias)
        cross join lateral (select principal_id from parle.principals p where p.handle = q.principal limit 1) as p
        cross join lateral (select agent_id from parle.agents a where a.principal_id = p.principal_id and a.handle = q.agent and a.deleted_at is null limit 1) as a
        cross join lateral (select * from parle.session_aliases sa where sa.agent_id = a.agent_id and sa.alias = q.alias and sa.released_at is null limit 1) as sa
        left join lateral (
            select session_id from parle.agent_sessions s
            where s.session_id = sa.session_id and s.ended_at is null and s.superseded_at is null and s.expires_at > $6 limit 1) as s on true
        """;

    /// <summary>
    /// What is known of <paramref name="addresses"/>, for messages in <paramref name="roomID"/>. Those that nobody ever claimed are not in
    /// it.
    /// </summary>
    public async Task<IReadOnlyList<KnownAlias>> Find(IReadOnlyList<string> addresses, Guid roomID, CancellationToken cancellation)
    {
        if (addresses.Count == 0)
        {
            return [];
        }

        var parsed = addresses.Select(text => Address.Parse(text)!).ToList();
        await using var command = database.CreateCommand(Sql);
        command.Parameters.AddRange(new NpgsqlParameter[]
        {
            Texts(addresses), Texts(parsed.Select(address => address.Principal)), Texts(parsed.Select(address => address.Agent)),
            Texts(parsed.Select(address => address.Session!)), new() { Value = roomID }, new() { Value = clock.GetUtcNow() },
        });
        var found = new List<KnownAlias>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            found.Add(
                new(rows.GetString(0), rows.GetGuid(1), rows.GetString(2), rows.IsDBNull(3) ? null : rows.GetGuid(3), rows.GetBoolean(4)));
        }

        return found;
    }

    /// <summary>The names an agent ever claimed.</summary>
    public static async Task<IReadOnlyDictionary<string, ClaimedName>> Of(
        NpgsqlDataSource database, Guid agentID, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            select sa.alias, sa.generation, sa.released_at is not null, case when s.token_id is not null then s.token_path || s.token_id else '{}' end,
                   s.ended_at is null and s.superseded_at is null and s.expires_at > $2
            from parle.session_aliases sa join parle.agent_sessions s using (session_id) where sa.agent_id = $1
            """);
        command.Parameters.AddRange(new NpgsqlParameter[] { new() { Value = agentID }, new() { Value = now } });
        var aliases = new Dictionary<string, ClaimedName>(StringComparer.Ordinal);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            aliases[rows.GetString(0)] = new(rows.GetInt64(1), rows.GetBoolean(2), rows.GetFieldValue<Guid[]>(3), rows.GetBoolean(4));
        }

        return aliases;
    }

    private static NpgsqlParameter Texts(IEnumerable<string> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}

/// <summary>A name that an agent claimed.</summary>
/// <param name="Generation">How often.</param>
/// <param name="Released">Whether it was given up since.</param>
/// <param name="HolderTokens">The tokens of the session that claimed it last, see
/// <see cref="Domain.Sessions.AgentSession.Tokens"/>.</param>
/// <param name="HolderLives">Whether that session still lives.</param>
public sealed record ClaimedName(long Generation, bool Released, IReadOnlyList<Guid> HolderTokens, bool HolderLives);
