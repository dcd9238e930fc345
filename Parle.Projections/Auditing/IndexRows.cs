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
        tokens[i] = TokensOf(fact);
        if (RecordIndex.IsOfARoom(fact.Data))
        {
            (rooms[i], leaves[i]) = (fact.StreamId, FactText.EntryLeafOf(fact)); // So that the digest that was kept tells which fact was changed later.
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

    /// <summary>Adds them, from the first on that is not there: a page is indexed as a whole or not at all, and again after it was taken for lost.</summary>
    public SqlOperation Insert()
    {
        List<(string Name, NpgsqlDbType Type, Array Values)> simple =
        [
            ("seq_id", NpgsqlDbType.Bigint, positions),
            ("event_id", NpgsqlDbType.Uuid, ids),
            ("stream_id", NpgsqlDbType.Uuid, streams),
            ("version", NpgsqlDbType.Bigint, versions),
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
        var names = string.Join(", ", simple.Select(column => column.Name));
        return new(
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
    }
}
