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

    /// <summary>Reads each fact once. What Marten writes where an append failed is no fact.</summary>
    public IndexRows(IReadOnlyList<IEvent> facts)
    {
        var real = facts.Where(fact => fact.Data is not Tombstone).ToList();
        var count = Count = real.Count;
        (positions, versions, ids, streams, principals) = (new long[count], new long[count], new Guid[count], new Guid[count], new Guid[count]);
        (rooms, agents, asks, tokens) = (new Guid?[count], new Guid?[count], new Guid?[count], new Guid[count][]);
        (types, actors, correlations) = (new string[count], new string[count], new string?[count]);
        (times, leaves) = (new DateTimeOffset[count], new byte[]?[count]);
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
        (types[i], times[i], correlations[i]) = (fact.EventTypeName, fact.Timestamp.ToUniversalTime(), fact.CorrelationId);
        (actors[i], principals[i], asks[i]) = (FactMetadata.ActorOf(fact), FactMetadata.PrincipalOf(fact), (fact.Data as AskFact)?.AskID);
        agents[i] = RecordIndex.AgentOf(actors[i]);
        tokens[i] = [.. FactMetadata.AuthorityOf(fact).Select(RecordIndex.TokenOf).OfType<Guid>()];
        if (RecordIndex.IsOfARoom(fact.Data))
        {
            (rooms[i], leaves[i]) = (fact.StreamId, FactText.EntryLeafOf(fact)); // So that the digest that was kept tells which fact was changed later.
        }
    }

    /// <summary>Adds them, from the first on that is not there: a page is indexed as a whole or not at all, and again after it was taken for lost.</summary>
    public NewRows Insert()
    {
        List<NewColumn> simple =
        [
            new("seq_id", NpgsqlDbType.Bigint, positions),
            new("event_id", NpgsqlDbType.Uuid, ids),
            new("stream_id", NpgsqlDbType.Uuid, streams),
            new("version", NpgsqlDbType.Bigint, versions),
            new("room_id", NpgsqlDbType.Uuid, rooms),
            new("type", NpgsqlDbType.Text, types),
            new("at", NpgsqlDbType.TimestampTz, times),
            new("actor", NpgsqlDbType.Text, actors),
            new("principal_id", NpgsqlDbType.Uuid, principals),
            new("agent_id", NpgsqlDbType.Uuid, agents),
            new("ask_id", NpgsqlDbType.Uuid, asks),
            new("correlation", NpgsqlDbType.Text, correlations),
            new("leaf", NpgsqlDbType.Bytea, leaves),
        ];
        var names = string.Join(", ", simple.Select(column => column.Name));
        var statement = new SqlOperation(
            $"""
            insert into parle.record_index ({names}, token_ids)
            select {names}, case when tokens is not null then tokens::uuid[] when token is not null then array[token] else array[]::uuid[] end
            from unnest({string.Join(", ", simple.Select(_ => "?"))}, ?, ?) as f({names}, token, tokens)
            where f.seq_id > (select coalesce(max(i.seq_id), 0) from parle.record_index i where i.seq_id <= ?)
            """,
            [
                .. simple.Select(column => ((object?)column.Values, NpgsqlDbType.Array | column.Type)),
                (tokens.Select(named => named is [var one] ? one : (Guid?)null).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid),
                (tokens.Select(named => named.Length > 1 ? $"{{{string.Join(',', named)}}}" : null).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text), // An array of arrays is no column.
                (positions[^1], NpgsqlDbType.Bigint),
            ]);
        return new(statement, "record_index", [.. simple, new("token_ids", NpgsqlDbType.Array | NpgsqlDbType.Uuid, tokens)]);
    }
}
