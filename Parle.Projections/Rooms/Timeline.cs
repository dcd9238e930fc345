using JasperFx.Events;
using Marten;
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
            table.AddColumn("subject_id", "uuid");
            table.AddColumn("addressing", "jsonb");
            table.AddColumn("created_at", "timestamptz").NotNull();
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
        }));
    }

    /// <inheritdoc/>
    protected override void Apply(IDocumentOperations operations, IEvent fact)
    {
        var placement = FactMetadata.PlacementOf(fact);
        if (placement == Placement.Nowhere)
        {
            return;
        }

        var (author, subject, addressing) = fact.Data switch
        {
            MessageSubmitted message => (message.AuthorID, (Guid?)null, message.Addressing),
            SeatAdmitted seat => ((Guid?)null, seat.SeatID, null),
            _ => ((Guid?)null, (Guid?)null, (Addressing?)null),
        };
        operations.QueueSqlCommand(
            "insert into parle.timeline_rows (event_id, room_id, common, type, author_id, subject_id, addressing, created_at) values (?, ?, ?::bigint, ?, ?::uuid, ?::uuid, ?::jsonb, ?)",
            fact.Id, fact.StreamId, placement.Common!, fact.EventTypeName, author!, subject!, Spell(addressing)!, fact.Timestamp);
        foreach (var place in placement.Private ?? [])
        {
            operations.QueueSqlCommand(
                "insert into parle.timeline_private (seat_id, number, seq, after, event_id) values (?, ?, ?, ?, ?)",
                place.SeatID, place.Number, place.Seq, place.After, fact.Id);
        }
    }

    // Most rows are for nobody in particular: absent says so in no bytes.
    private static string? Spell(Addressing? addressing) =>
        addressing is null or { Kind: AddressingKind.Unaddressed } ? null : System.Text.Json.JsonSerializer.Serialize(addressing, StoredJson.Options);
}
