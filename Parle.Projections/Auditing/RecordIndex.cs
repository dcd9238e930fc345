using JasperFx.Events;
using Marten;
using Parle.Domain.Rooms;
using Weasel.Postgresql.Tables;

namespace Parle.Projections.Auditing;

/// <summary>
/// "Which facts are about this?" All facts of all streams, by time, type, actor, principal, agent, token, ask and request, in the order of
/// the whole record. Written in the transaction of the facts. Participants cannot read it; redactions and receipts find their fact here.
/// </summary>
public sealed class RecordIndex : TableProjection
{
    // These facts are found in the order of the record, and need no index of their own.
    private const string MostFacts = "message_submitted";

    /// <summary>Declares the table and its indexes.</summary>
    /// <remarks>
    /// Every index makes each write slower, so most facts are in few of them. Facts of one session are found among those of its agent.
    /// </remarks>
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
            table.Indexes.Add(
                new IndexDefinition("record_index_type") { Columns = ["type", "seq_id"], Predicate = $"type <> '{MostFacts}'" });
            table.Indexes.Add(new IndexDefinition("record_index_at")
            { Columns = ["at"], Method = IndexMethod.brin, StorageParameters = { ["pages_per_range"] = 32, ["autosummarize"] = "true" } });
            table.Indexes.Add(new IndexDefinition("record_index_actor") { Columns = ["actor", "seq_id"], Predicate = "agent_id is null" });
            table.Indexes.Add(new IndexDefinition("record_index_principal") { Columns = ["principal_id", "seq_id"] });
            table.Indexes.Add(
                new IndexDefinition("record_index_agent") { Columns = ["agent_id", "seq_id"], Predicate = "agent_id is not null" });
            table.Indexes.Add(new IndexDefinition("record_index_tokens") { Columns = ["token_ids"], Method = IndexMethod.gin });
            table.Indexes.Add(new IndexDefinition("record_index_ask") { Columns = ["ask_id", "seq_id"], Predicate = "ask_id is not null" });
            table.Indexes.Add(
                new IndexDefinition("record_index_correlation") { Columns = ["correlation"], Predicate = "correlation is not null" });
        }), onlyGrows: true);
    }

    /// <inheritdoc/>
    protected override void Apply(IDocumentOperations operations, IReadOnlyList<IEvent> facts)
    {
        // Marten writes a tombstone in place of a failed append; it is no fact.
        foreach (var alike in facts.Where(fact => fact.Data is not Tombstone).GroupBy(fact => (fact.Sequence > 0, fact.Version > 0)))
        {
            operations.QueueOperation(new IndexRows([.. alike]).Insert());
        }
    }

    /// <summary>Whether rooms' streams hold facts of this type.</summary>
    public static bool IsOfARoom(object fact) => RoomFacts.Find(fact) is not null;

    /// <summary>The agent named in an actor; null for another actor.</summary>
    public static Guid? AgentOf(string actor) =>
        ID(actor.AsSpan(0, actor.IndexOf('/', StringComparison.Ordinal) is var end and >= 0 ? end : actor.Length), "agent:");

    /// <summary>The token named in a step of an authority; null for another step.</summary>
    public static Guid? TokenOf(string step) => ID(step, "token:");

    // The id after "token:" or the like.
    private static Guid? ID(ReadOnlySpan<char> step, string what) =>
        step.StartsWith(what, StringComparison.Ordinal) && Guid.TryParse(step[what.Length..], out var id) ? id : null;
}
