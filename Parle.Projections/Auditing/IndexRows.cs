using JasperFx.Events;
using NpgsqlTypes;
using Parle.Domain.Asks;

namespace Parle.Projections.Auditing;

/// <summary>Facts as rows of <see cref="RecordIndex"/>, a column at a time.</summary>
internal sealed class IndexRows
{
    private readonly long[] positions, versions;
    private readonly Guid[] ids, streams, principals;
    private readonly Guid?[] rooms, agents, asks;
    private readonly Guid[][] tokens;
    private readonly string[] types, actors;
    private readonly string?[] correlations;
    private readonly DateTimeOffset[] times;
    private readonly byte[]?[] leaves;

    /// <summary>
    /// Reads each fact once. All facts must know the same about themselves: their place in the record, only their version, or neither.
    /// </summary>
    public IndexRows(IReadOnlyList<IEvent> facts)
    {
        var count = facts.Count;
        (positions, versions, ids, streams, principals) = (new long[count], new long[count], new Guid[count], new Guid[count],
            new Guid[count]);
        (rooms, agents, asks, tokens) = (new Guid?[count], new Guid?[count], new Guid?[count], new Guid[count][]);
        (types, actors, correlations) = (new string[count], new string[count], new string?[count]);
        (times, leaves) = (new DateTimeOffset[count], new byte[]?[count]);
        for (var i = 0; i < count; i++)
        {
            Read(i, facts[i]);
        }
    }

    private void Read(int i, IEvent fact)
    {
        (positions[i], ids[i], streams[i], versions[i]) = (fact.Sequence, fact.Id, fact.StreamId, fact.Version);
        (types[i], times[i], correlations[i]) = (fact.EventTypeName, fact.Timestamp.ToUniversalTime(), fact.CorrelationId);
        (actors[i], principals[i], asks[i]) = (FactMetadata.ActorOf(fact), FactMetadata.PrincipalOf(fact), (fact.Data as AskFact)?.AskID);
        agents[i] = RecordIndex.AgentOf(actors[i]);
        tokens[i] = TokensOf(fact);
        if (RecordIndex.IsOfARoom(fact.Data))
        {
            // The digest is stored, so that a fact that is changed later can be found.
            (rooms[i], leaves[i]) = (fact.StreamId, FactText.EntryLeafOf(fact));
        }
    }

    private static Guid[] TokensOf(IEvent fact)
    {
        var named = new List<Guid>();
        foreach (var step in FactMetadata.AuthorityOf(fact))
        {
            if (RecordIndex.TokenOf(step) is { } token)
            {
                named.Add(token);
            }
        }

        return [.. named];
    }

    /// <summary>
    /// Inserts the rows. For facts read from the record the position is known. For new facts PostgreSQL supplies the position, and for some
    /// the version too.
    /// </summary>
    public SqlOperation Insert() => positions[0] > 0 ? Insert("f.seq_id", "f.version", "", ("seq_id", NpgsqlDbType.Bigint, positions))
        : versions[0] > 0 ? Insert("e.seq_id", "f.version", "e.version = f.version")
        // These are among the newest facts of their streams.
        : Insert("e.seq_id", "e.version",
            $"e.version > (select s.version from parle.mt_streams s where s.id = f.stream_id) - {positions.Length} and e.id = f.event_id");

    private SqlOperation Insert(
        string position, string version, string isIt, params IEnumerable<(string Name, NpgsqlDbType Type, Array Values)> known)
    {
        List<(string Name, NpgsqlDbType Type, Array Values)> simple =
        [
            ("event_id", NpgsqlDbType.Uuid, ids),
            ("stream_id", NpgsqlDbType.Uuid, streams),
            ("room_id", NpgsqlDbType.Uuid, rooms),
            ("type", NpgsqlDbType.Text, types),
            ("at", NpgsqlDbType.TimestampTz, times),
            ("actor", NpgsqlDbType.Text, actors),
            ("principal_id", NpgsqlDbType.Uuid, principals),
            ("agent_id", NpgsqlDbType.Uuid, agents),
            ("ask_id", NpgsqlDbType.Uuid, asks),
            ("correlation", NpgsqlDbType.Text, correlations),
            ("leaf", NpgsqlDbType.Bytea, leaves),
        ];
        (string Name, NpgsqlDbType Type, Array Values)[] given =
        [
            .. simple,
            ("version", NpgsqlDbType.Bigint, versions),
            .. known,
            ("token", NpgsqlDbType.Uuid, tokens.Select(named => named is [var one] ? one : (Guid?)null).ToArray()),
            // PostgreSQL has no column type for an array of arrays.
            ("tokens", NpgsqlDbType.Text, tokens.Select(named => named.Length > 1 ? $"{{{string.Join(',', named)}}}" : null).ToArray()),
        ];
        var names = simple.Select(column => column.Name).ToList();
        // One index lookup for each row, with one generic plan: see ViewHeads.
        var found = isIt.Length == 0
            ? "" : $"left join lateral (select * from parle.mt_events e where e.stream_id = f.stream_id and {isIt} limit 1) as e on true";
        return new(
            $"""
            insert into parle.record_index ({string.Join(", ", names)}, seq_id, version, token_ids)
            select {string.Join(", ", names.Select(name => $"f.{name}"))}, {position}, {version},
                   case when f.tokens is not null then f.tokens::uuid[] when f.token is not null then array[f.token] else array[]::uuid[] end
            from unnest({string.Join(", ", given.Select(_ => "(select ?)"))}) as f({string.Join(", ", given.Select(column => column.Name))}) {found}
            """,
            [.. given.Select(column => ((object?)column.Values, NpgsqlDbType.Array | column.Type))]);
    }
}
