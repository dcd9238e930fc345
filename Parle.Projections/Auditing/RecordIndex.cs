using JasperFx.Events;
using Marten;
using NpgsqlTypes;
using Parle.Domain.Asks;
using Parle.Domain.Invitations;
using Parle.Domain.Rooms;
using Weasel.Postgresql.Tables;

namespace Parle.Projections.Auditing;

/// <summary>
/// "Which facts are about this?" Every fact of every stream, by time, type, actor, principal, agent, token, ask and request, in the
/// order of the whole record. Kept after the facts, and nothing that participants read depends on it.
/// </summary>
public sealed class RecordIndex : TableProjection
{
    /// <summary>The name under which its progress is kept.</summary>
    public const string Shard = $"{nameof(RecordIndex)}:All";

    /// <summary>Declares the table and the ways to look things up in it.</summary>
    public RecordIndex()
    {
        Name = nameof(RecordIndex);
        Own(Table("record_index", table =>
        {
            table.AddColumn("seq_id", "bigint").AsPrimaryKey();
            table.AddColumn("event_id", "uuid").NotNull();
            table.AddColumn("stream_id", "uuid").NotNull();
            table.AddColumn("version", "bigint").NotNull();
            table.AddColumn("room_id", "uuid");
            table.AddColumn("type", "text").NotNull();
            table.AddColumn("at", "timestamptz").NotNull();
            table.AddColumn("actor", "text").NotNull();
            table.AddColumn("principal_id", "uuid").NotNull();
            table.AddColumn("agent_id", "uuid");
            table.AddColumn("token_ids", "uuid[]").NotNull();
            table.AddColumn("ask_id", "uuid");
            table.AddColumn("correlation", "text");
            table.AddColumn("leaf", "bytea");
            table.Indexes.Add(new IndexDefinition("record_index_event") { Columns = ["event_id"], IsUnique = true });
            table.Indexes.Add(new IndexDefinition("record_index_stream") { Columns = ["stream_id", "version"], IsUnique = true });
            table.Indexes.Add(new IndexDefinition("record_index_type") { Columns = ["type", "seq_id"] });
            table.Indexes.Add(new IndexDefinition("record_index_at") { Columns = ["at"] });
            table.Indexes.Add(new IndexDefinition("record_index_actor") { Columns = ["actor", "seq_id"] });
            table.Indexes.Add(new IndexDefinition("record_index_principal") { Columns = ["principal_id", "seq_id"] });
            table.Indexes.Add(new IndexDefinition("record_index_agent") { Columns = ["agent_id", "seq_id"], Predicate = "agent_id is not null" });
            table.Indexes.Add(new IndexDefinition("record_index_tokens") { Columns = ["token_ids"], Method = IndexMethod.gin });
            table.Indexes.Add(new IndexDefinition("record_index_ask") { Columns = ["ask_id", "seq_id"], Predicate = "ask_id is not null" });
            table.Indexes.Add(new IndexDefinition("record_index_correlation") { Columns = ["correlation", "seq_id"], Predicate = "correlation is not null" });
        }));
    }

    /// <inheritdoc/>
    protected override void Apply(IDocumentOperations operations, IReadOnlyList<IEvent> facts)
    {
        var real = facts.Where(fact => fact.Data is not Tombstone).ToList(); // What Marten writes where an append failed is no fact.
        if (real.Count == 0)
        {
            return;
        }

        operations.QueueOperation(new SqlOperation(
            """
            insert into parle.record_index (seq_id, event_id, stream_id, version, room_id, type, at, actor, principal_id, agent_id, token_ids, ask_id, correlation, leaf)
            select seq_id, event_id, stream_id, version, room_id, type, at, actor, principal_id, agent_id, token_ids::uuid[], ask_id, correlation, leaf
            from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                as f(seq_id, event_id, stream_id, version, room_id, type, at, actor, principal_id, agent_id, token_ids, ask_id, correlation, leaf)
            on conflict (seq_id) do nothing
            """,
            (real.Select(fact => fact.Sequence).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint),
            (real.Select(fact => fact.Id).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid),
            (real.Select(fact => fact.StreamId).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid),
            (real.Select(fact => fact.Version).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint),
            (real.Select(RoomOf).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid),
            (real.Select(fact => fact.EventTypeName).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text),
            (real.Select(fact => fact.Timestamp.ToUniversalTime()).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.TimestampTz),
            (real.Select(FactMetadata.ActorOf).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text),
            (real.Select(FactMetadata.PrincipalOf).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid),
            (real.Select(AgentOf).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid),
            (real.Select(fact => $"{{{string.Join(',', Named(FactMetadata.AuthorityOf(fact), "token"))}}}").ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text),
            (real.Select(fact => (fact.Data as AskFact)?.AskID).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid),
            (real.Select(fact => fact.CorrelationId).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text),
            (real.Select(LeafOf).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bytea)));
    }

    /// <summary>The room whose stream the fact is in; null for facts of other streams.</summary>
    private static Guid? RoomOf(IEvent fact) => IsOfARoom(fact.Data) ? fact.StreamId : null;

    /// <summary>Whether rooms' streams hold such facts, and no others.</summary>
    public static bool IsOfARoom(object fact) => fact is AskFact or InvitationFact || fact.GetType().Namespace == typeof(RoomOpened).Namespace;

    // What a log of the room's facts hashes, so that it need not be computed with each proof.
    private static byte[]? LeafOf(IEvent fact) => IsOfARoom(fact.Data) ? FactText.Of(fact).EntryLeaf() : null;

    private static Guid? AgentOf(IEvent fact) => Named(FactMetadata.ActorOf(fact).Split('/'), "agent").Select(id => (Guid?)id).FirstOrDefault();

    // What stands after "token:" and its like.
    private static IEnumerable<Guid> Named(IEnumerable<string> path, string what) => path
        .Where(step => step.StartsWith(what, StringComparison.Ordinal) && step.Length > what.Length && step[what.Length] == ':')
        .Select(step => Guid.TryParse(step.AsSpan(what.Length + 1), out var id) ? id : (Guid?)null)
        .OfType<Guid>();
}
