using Marten;
using Npgsql;
using NpgsqlTypes;
using Parle.Domain.Aliases;

namespace Parle.Api.Aliases;

/// <summary>Decisions over an agent's sessions and names, one after the other on all nodes.</summary>
internal static class AgentStream
{
    private const string AliasesSql = """
        select coalesce((select version from parle.mt_streams where id = $1), 0), (select count(*) from parle.session_aliases n where n.agent_id = $1),
               a.alias, a.generation, case when a.released_at is null then a.session_id end, a.offline_delivery,
               array(select c.room_id from parle.session_alias_closed_rooms c where c.agent_id = a.agent_id and c.alias = a.alias), a.released_at is not null
        from (select) as once left join parle.session_aliases a on a.agent_id = $1 and (a.alias = $2 or (a.session_id = $3 and a.released_at is null))
        """;

    /// <summary>
    /// The agent's names, and how many facts its stream has. Read from the view, which is kept with the facts: the stream grows with every
    /// claim.
    /// </summary>
    /// <param name="session">Reads.</param>
    /// <param name="agentID">The agent.</param>
    /// <param name="alias">The name that is decided over.</param>
    /// <param name="holder">The session whose name is asked for besides; null for nobody's.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>That name and the holder's: no others.</returns>
    public static async Task<(AgentAliases Aliases, long Version, long Names)> Aliases(
        this IQuerySession session, Guid agentID, string? alias, Guid? holder, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(AliasesSql)
        {
            Parameters =
            {
                new() { Value = agentID }, new() { Value = alias ?? "" },
                new() { Value = (object?)holder ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid }
            }
        };
        await using var rows = await session.ExecuteReaderAsync(command, cancellation);
        var (names, version, count) = (AgentAliases.None.ByName, 0L, 0L);
        while (await rows.ReadAsync(cancellation))
        {
            (version, count) = (rows.GetInt64(0), rows.GetInt64(1));
            if (!await rows.IsDBNullAsync(2, cancellation))
            {
                names = names.SetItem(rows.GetString(2),
                    new(rows.GetInt64(3), rows.IsDBNull(4) ? null : rows.GetGuid(4), rows.GetBoolean(5), [.. rows.GetFieldValue<Guid[]>(6)])
                    { Released = rows.GetBoolean(7) });
            }
        }

        return (new(names), version, count);
    }
}
