using System.Text.Json;
using JasperFx.Events;
using Marten;
using NpgsqlTypes;
using Parle.Domain.Auditing;
using Weasel.Postgresql.Tables;

namespace Parle.Projections.Auditing;

/// <summary>
/// "Who may read the records, and who has read what?" Auditors of rooms and operators of the service. Their secrets are in
/// <see cref="Tables.Credentials"/>.
/// </summary>
public sealed class AuditReaders : TableProjection
{
    /// <summary>Declares the tables.</summary>
    public AuditReaders()
    {
        Name = "RecordReaders"; // As operators know it: list_views tells this name.
        Own(Table("auditors", table =>
        {
            table.AddColumn("auditor_id", "uuid").AsPrimaryKey();
            table.AddColumn("room_id", "uuid").NotNull();
            table.AddColumn("contents", "boolean").NotNull();
            table.AddColumn("created_at", "timestamptz").NotNull();
            table.AddColumn("expires_at", "timestamptz");
            table.AddColumn("revoked_at", "timestamptz");
            table.AddColumn("operators", "uuid[]"); // The operators that appointed it, or by whose session it was appointed.
            table.Indexes.Add(new IndexDefinition("auditors_room") { Columns = ["room_id"] });
        }));
        Own(Table("operators", table =>
        {
            table.AddColumn("operator_id", "uuid").AsPrimaryKey();
            table.AddColumn("label", "text").NotNull();
            table.AddColumn("created_at", "timestamptz").NotNull();
            table.AddColumn("revoked_at", "timestamptz");
            table.AddColumn("expires_at", "timestamptz");
            table.AddColumn("operators", "uuid[]"); // The operators above it, the first one first.
        }));
        Own(Table("record_reads", table =>
        {
            table.AddColumn("event_id", "uuid").AsPrimaryKey();
            table.AddColumn("reader_id", "uuid").NotNull();
            table.AddColumn("room_id", "uuid").AsPrimaryKey();
            table.AddColumn("from_version", "bigint").NotNull();
            table.AddColumn("to_version", "bigint").NotNull();
            table.AddColumn("contents", "boolean").NotNull();
            table.AddColumn("read_at", "timestamptz").NotNull();
            table.AddColumn("facts", "bigint");
            table.AddColumn("filter", "jsonb");
            table.AddColumn("question", "text").NotNull();
            table.Indexes.Add(new IndexDefinition("record_reads_room") { Columns = ["room_id", "event_id"] });
        }));
    }

    /// <inheritdoc/>
    protected override void Apply(IDocumentOperations operations, IReadOnlyList<IEvent> facts)
    {
        foreach (var fact in facts)
        {
            Apply(operations, fact);
        }
    }

    private static void Apply(IDocumentOperations operations, IEvent fact)
    {
        switch (fact.Data)
        {
            case AuditorAppointed auditor:
                operations.QueueOperation(new SqlOperation(
                    "insert into parle.auditors (auditor_id, room_id, contents, created_at, expires_at, operators) values (?, ?, ?, ?, "
                    + "?, ?)",
                    (fact.StreamId, NpgsqlDbType.Uuid), (auditor.RoomID, NpgsqlDbType.Uuid), (auditor.Contents, NpgsqlDbType.Boolean),
                    (fact.Timestamp, NpgsqlDbType.TimestampTz), (auditor.ExpiresAt, NpgsqlDbType.TimestampTz),
                    (FactMetadata.OperatorsOf(fact), NpgsqlDbType.Array | NpgsqlDbType.Uuid)));
                break;
            case AuditorDismissed:
                operations.QueueSqlCommand("update parle.auditors set revoked_at = ? where auditor_id = ?", fact.Timestamp, fact.StreamId);
                break;
            case OperatorAppointed appointed:
                operations.QueueOperation(new SqlOperation(
                    "insert into parle.operators (operator_id, label, created_at, expires_at, operators) values (?, ?, ?, ?, ?)",
                    (fact.StreamId, NpgsqlDbType.Uuid), (appointed.Label, NpgsqlDbType.Text),
                    (fact.Timestamp.ToUniversalTime(), NpgsqlDbType.TimestampTz),
                    (appointed.ExpiresAt?.ToUniversalTime(), NpgsqlDbType.TimestampTz),
                    (FactMetadata.OperatorsOf(fact), NpgsqlDbType.Array | NpgsqlDbType.Uuid)));
                break;
            case OperatorDismissed:
                operations.QueueSqlCommand(
                    "update parle.operators set revoked_at = ? where operator_id = ?", fact.Timestamp, fact.StreamId);
                break;
            case RecordRead read:
                Looked(operations, fact, [read.RoomID], (read.From, read.To), read.Contents, read.Facts, read.Filter, "record");
                break;
            case WholeRecordRead read:
                Looked(operations, fact, read.Rooms, (0, 0), contents: false, null, read.Filter, "whole_record");
                break;
            case LedgerRead read:
                Looked(operations, fact, [read.RoomID], (0, 0), read.Contents, null, null, read.Question);
                break;
        }
    }

    private static void Looked(
        IDocumentOperations operations, IEvent fact, IReadOnlyList<Guid> rooms, (long From, long To) versions, bool contents, int? facts,
        RecordFilter? filter, string question)
    {
        if (rooms.Count > 0)
        {
            operations.QueueOperation(new SqlOperation(
                """
                insert into parle.record_reads (event_id, reader_id, room_id, from_version, to_version, contents, read_at, facts, filter, question)
                select ?, ?, room_id, ?, ?, ?, ?, ?, ?, ? from unnest(?) as r(room_id)
                """,
                (fact.Id, NpgsqlDbType.Uuid), (fact.StreamId, NpgsqlDbType.Uuid), (versions.From, NpgsqlDbType.Bigint),
                (versions.To, NpgsqlDbType.Bigint), (contents, NpgsqlDbType.Boolean),
                (fact.Timestamp.ToUniversalTime(), NpgsqlDbType.TimestampTz), ((long?)facts, NpgsqlDbType.Bigint),
                (filter is null ? null : JsonSerializer.Serialize(filter, StoredJson.Options), NpgsqlDbType.Jsonb),
                (question, NpgsqlDbType.Text), (rooms.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid)));
        }
    }
}
