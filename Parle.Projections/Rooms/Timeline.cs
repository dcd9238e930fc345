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
        }), onlyGrows: true);
        Own(Table("timeline_private", table =>
        {
            table.AddColumn("seat_id", "uuid").AsPrimaryKey();
            table.AddColumn("number", "bigint").AsPrimaryKey();
            table.AddColumn("seq", "bigint").NotNull();
            table.AddColumn("after", "bigint").NotNull();
            table.AddColumn("event_id", "uuid").NotNull();
            table.Indexes.Add(new IndexDefinition("timeline_private_seq") { Columns = ["seat_id", "seq"], IsUnique = true });
            table.Indexes.Add(new IndexDefinition("timeline_private_event") { Columns = ["event_id", "seat_id"] });
        }), onlyGrows: true);
    }

    /// <inheritdoc/>
    protected override void Apply(IDocumentOperations operations, IReadOnlyList<IEvent> facts)
    {
        var rows = facts.Select(fact => (Fact: fact, Placement: FactMetadata.PlacementOf(fact))).Where(row => row.Placement != Placement.Nowhere).ToList();
        if (rows.Count == 0)
        {
            return;
        }

        operations.QueueOperation(new NewRows(
            "timeline_rows",
            new("event_id", NpgsqlDbType.Uuid, rows.Select(row => row.Fact.Id).ToArray()),
            new("room_id", NpgsqlDbType.Uuid, rows.Select(row => row.Fact.StreamId).ToArray()),
            new("common", NpgsqlDbType.Bigint, rows.Select(row => row.Placement.Common).ToArray()),
            new("type", NpgsqlDbType.Text, rows.Select(row => row.Fact.EventTypeName).ToArray()),
            new("author_id", NpgsqlDbType.Uuid, rows.Select(row => Work.AuthorOf(row.Fact.Data)).ToArray()),
            new("author_alias", NpgsqlDbType.Text, rows.Select(row => (row.Fact.Data as MessageSubmitted)?.AuthorAlias ?? (row.Fact.Data as AskFact)?.AuthorAlias).ToArray()),
            new("subject_id", NpgsqlDbType.Uuid, rows.Select(row => (row.Fact.Data as SeatAdmitted)?.SeatID ?? (row.Fact.Data as SeatRemoved)?.SeatID).ToArray()),
            new("addressing", NpgsqlDbType.Jsonb, rows.Select(row => Spell((row.Fact.Data as MessageSubmitted)?.Addressing ?? (row.Fact.Data as AskOpened)?.Addressing)).ToArray()),
            new("created_at", NpgsqlDbType.TimestampTz, rows.Select(row => row.Fact.Timestamp).ToArray()),
            new("leaf", NpgsqlDbType.Bytea, rows.Select(row => FactText.LeafOf(row.Fact)).ToArray())));

        var places = rows.SelectMany(row => (row.Placement.Private ?? []).Select(place => (Place: place, row.Fact.Id))).ToList();
        if (places.Count > 0)
        {
            operations.QueueOperation(new NewRows(
                "timeline_private",
                new("seat_id", NpgsqlDbType.Uuid, places.Select(row => row.Place.SeatID).ToArray()),
                new("number", NpgsqlDbType.Bigint, places.Select(row => row.Place.Number).ToArray()),
                new("seq", NpgsqlDbType.Bigint, places.Select(row => row.Place.Seq).ToArray()),
                new("after", NpgsqlDbType.Bigint, places.Select(row => row.Place.After).ToArray()),
                new("event_id", NpgsqlDbType.Uuid, places.Select(row => row.Id).ToArray())));
        }
    }

    // Most rows are for nobody in particular: absent says so in no bytes.
    private static string? Spell(Addressing? addressing) =>
        addressing is null or { Kind: AddressingKind.Unaddressed } ? null : System.Text.Json.JsonSerializer.Serialize(addressing, StoredJson.Options);
}
