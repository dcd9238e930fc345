using JasperFx.Events;
using NpgsqlTypes;
using Parle.Domain.Asks;

namespace Parle.Projections.Auditing;

/// <summary>Facts as rows of <see cref="RecordIndex"/>, a column at a time.</summary>
internal sealed class IndexRows
{
    private readonly long[] positions, versions;
    private readonly Guid[] ids, streams, principals;
    private readonly Guid?[] rooms, agents, tokens, asks;
    private readonly string[] types, actors;
    private readonly string?[] moreTokens, correlations;
    private readonly DateTime[] times;
    private readonly byte[]?[] leaves;

    /// <summary>Reads each fact once. What Marten writes where an append failed is no fact.</summary>
    public IndexRows(IReadOnlyList<IEvent> facts)
    {
        var real = facts.Where(fact => fact.Data is not Tombstone).ToList();
        var count = Count = real.Count;
        (positions, versions, ids, streams, principals) = (new long[count], new long[count], new Guid[count], new Guid[count], new Guid[count]);
        (rooms, agents, tokens, asks) = (new Guid?[count], new Guid?[count], new Guid?[count], new Guid?[count]);
        (types, actors, moreTokens, correlations) = (new string[count], new string[count], new string?[count], new string?[count]);
        (times, leaves) = (new DateTime[count], new byte[]?[count]);
        for (var i = 0; i < count; i++)
        {
            Read(i, real[i]);
        }
    }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    private void Read(int i, IEvent fact)
    {
        (positions[i], ids[i], streams[i], versions[i]) = (fact.Sequence, fact.Id, fact.StreamId, fact.Version);
        (types[i], times[i], correlations[i]) = (fact.EventTypeName, fact.Timestamp.UtcDateTime, fact.CorrelationId);
        (actors[i], principals[i], asks[i]) = (FactMetadata.ActorOf(fact), FactMetadata.PrincipalOf(fact), (fact.Data as AskFact)?.AskID);
        agents[i] = RecordIndex.AgentOf(actors[i]);
        var named = FactMetadata.AuthorityOf(fact).Select(RecordIndex.TokenOf).OfType<Guid>().ToList();
        tokens[i] = named is [var one] ? one : null;
        moreTokens[i] = named.Count > 1 ? $"{{{string.Join(',', named)}}}" : null; // An array of arrays is no column.
        if (RecordIndex.IsOfARoom(fact.Data))
        {
            (rooms[i], leaves[i]) = (fact.StreamId, FactText.Of(fact).EntryLeaf()); // So that the digest that was kept tells which fact was changed later.
        }
    }

    /// <summary>Adds them, from the first on that is not there: a page is indexed as a whole or not at all, and again after it was taken for lost.</summary>
    public SqlOperation Insert() => new(
        """
        insert into parle.record_index (seq_id, event_id, stream_id, version, room_id, type, at, actor, principal_id, agent_id, token_ids, ask_id, correlation, leaf)
        select f.seq_id, f.event_id, f.stream_id, f.version, f.room_id, f.type, f.at, f.actor, f.principal_id, f.agent_id,
            case when f.tokens is not null then f.tokens::uuid[] when f.token is not null then array[f.token] else '{}' end, f.ask_id, f.correlation, f.leaf
        from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) as f(seq_id, event_id, stream_id, version, room_id, type, at, actor, principal_id, agent_id, token, tokens, ask_id, correlation, leaf)
        where f.seq_id > (select coalesce(max(i.seq_id), 0) from parle.record_index i where i.seq_id <= ?)
        """,
        (positions, NpgsqlDbType.Array | NpgsqlDbType.Bigint),
        (ids, NpgsqlDbType.Array | NpgsqlDbType.Uuid),
        (streams, NpgsqlDbType.Array | NpgsqlDbType.Uuid),
        (versions, NpgsqlDbType.Array | NpgsqlDbType.Bigint),
        (rooms, NpgsqlDbType.Array | NpgsqlDbType.Uuid),
        (types, NpgsqlDbType.Array | NpgsqlDbType.Text),
        (times, NpgsqlDbType.Array | NpgsqlDbType.TimestampTz),
        (actors, NpgsqlDbType.Array | NpgsqlDbType.Text),
        (principals, NpgsqlDbType.Array | NpgsqlDbType.Uuid),
        (agents, NpgsqlDbType.Array | NpgsqlDbType.Uuid),
        (tokens, NpgsqlDbType.Array | NpgsqlDbType.Uuid),
        (moreTokens, NpgsqlDbType.Array | NpgsqlDbType.Text),
        (asks, NpgsqlDbType.Array | NpgsqlDbType.Uuid),
        (correlations, NpgsqlDbType.Array | NpgsqlDbType.Text),
        (leaves, NpgsqlDbType.Array | NpgsqlDbType.Bytea),
        (positions[^1], NpgsqlDbType.Bigint));
}
