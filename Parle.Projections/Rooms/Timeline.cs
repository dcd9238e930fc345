using JasperFx.Events;
using Marten;
using NpgsqlTypes;
using Parle.Domain.Asks;
using Parle.Domain.Rooms;
using Weasel.Postgresql.Tables;

namespace Parle.Projections.Rooms;

/// <summary>
/// "What may I read in this room, and from where do I go on?" One row for what everybody may see; what is private has a narrow
/// row of its own in each view it belongs to. Words are joined from contents on read, so erased ones are gone everywhere at once.
/// </summary>
public sealed class Timeline : TableProjection
{
    /// <summary>Declares the tables.</summary>
    public Timeline()
    {
        Own(Table("timeline_rows", table =>
        {
            table.AddColumn("event_id", "uuid").AsPrimaryKey();
            table.AddColumn("room_id", "uuid").NotNull();
            table.AddColumn("common", "bigint");
            table.AddColumn("type", "text").NotNull();
            table.AddColumn("author_id", "uuid");
            table.AddColumn("author_alias", "text");
            table.AddColumn("subject_id", "uuid");
            table.AddColumn("addressing", "jsonb");
            table.AddColumn("created_at", "timestamptz").NotNull();
            table.AddColumn("leaf", "bytea").NotNull(); // The fact's digest in the logs of the views it stands in.
            table.Indexes.Add(new IndexDefinition("timeline_rows_common") { Columns = ["room_id", "common"], IsUnique = true, Predicate = "common is not null" });
        }));
        Own(Table("timeline_private", table =>
        {
            table.AddColumn("seat_id", "uuid").AsPrimaryKey();
            table.AddColumn("number", "bigint").AsPrimaryKey();
            table.AddColumn("seq", "bigint").NotNull();
            table.AddColumn("after", "bigint").NotNull();
            table.AddColumn("event_id", "uuid").NotNull();
            table.Indexes.Add(new IndexDefinition("timeline_private_seq") { Columns = ["seat_id", "seq"], IsUnique = true });
            table.Indexes.Add(new IndexDefinition("timeline_private_event") { Columns = ["event_id", "seat_id"] });
        }));
    }

    /// <inheritdoc/>
    protected override void Apply(IDocumentOperations operations, IReadOnlyList<IEvent> facts)
    {
        var rows = facts.Select(fact => (Fact: fact, Placement: FactMetadata.PlacementOf(fact))).Where(row => row.Placement != Placement.Nowhere).ToList();
        if (rows.Count == 0)
        {
            return;
        }

        operations.QueueOperation(new SqlOperation(
            """
            insert into parle.timeline_rows (event_id, room_id, common, type, author_id, author_alias, subject_id, addressing, created_at, leaf)
            select * from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (rows.Select(row => row.Fact.Id).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid),
            (rows.Select(row => row.Fact.StreamId).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid),
            (rows.Select(row => row.Placement.Common).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint),
            (rows.Select(row => row.Fact.EventTypeName).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text),
            (rows.Select(row => Work.AuthorOf(row.Fact.Data)).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid),
            (rows.Select(row => (row.Fact.Data as MessageSubmitted)?.AuthorAlias ?? (row.Fact.Data as AskFact)?.AuthorAlias).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text),
            (rows.Select(row => (row.Fact.Data as SeatAdmitted)?.SeatID ?? (row.Fact.Data as SeatRemoved)?.SeatID).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid),
            (rows.Select(row => Spell((row.Fact.Data as MessageSubmitted)?.Addressing ?? (row.Fact.Data as AskOpened)?.Addressing)).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Jsonb),
            (rows.Select(row => row.Fact.Timestamp).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.TimestampTz),
            (rows.Select(row => FactText.Of(row.Fact).Leaf()).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bytea)));

        var places = rows.SelectMany(row => (row.Placement.Private ?? []).Select(place => (Place: place, row.Fact.Id))).ToList();
        if (places.Count > 0)
        {
            operations.QueueOperation(new SqlOperation(
                "insert into parle.timeline_private (seat_id, number, seq, after, event_id) select * from unnest(?, ?, ?, ?, ?)",
                (places.Select(row => row.Place.SeatID).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid),
                (places.Select(row => row.Place.Number).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint),
                (places.Select(row => row.Place.Seq).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint),
                (places.Select(row => row.Place.After).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint),
                (places.Select(row => row.Id).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid)));
        }
    }

    // Most rows are for nobody in particular: absent says so in no bytes.
    private static string? Spell(Addressing? addressing) =>
        addressing is null or { Kind: AddressingKind.Unaddressed } ? null : System.Text.Json.JsonSerializer.Serialize(addressing, StoredJson.Options);
}
