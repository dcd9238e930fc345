using JasperFx.Events;
using Marten;
using NpgsqlTypes;
using Parle.Domain.Asks;
using Parle.Domain.Rooms;
using Weasel.Postgresql.Tables;

namespace Parle.Projections.Rooms;

/// <summary>
/// "Which rows may I read in this room, and from where do I go on?" A common row is stored once. A private row has a narrow row of its own
/// in each view that contains it. Content is joined on read, so erased content disappears everywhere at once.
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
            table.AddColumn("leaf", "bytea").NotNull(); // The fact's leaf in the logs of the views that contain it.
            table.Indexes.Add(new IndexDefinition("timeline_rows_common")
            { Columns = ["room_id", "common"], IsUnique = true, Predicate = "common is not null" });
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
        var shown = facts.Where(fact => FactMetadata.PlacementOf(fact) != Placement.Nowhere).ToArray();
        if (shown.Length > 0)
        {
            operations.QueueOperation(Rows(shown));
        }

        var places = shown.SelectMany(fact => (FactMetadata.PlacementOf(fact).Private ?? []).Select(place => (Place: place, fact.Id)))
            .ToList();
        if (places.Count > 0)
        {
            operations.QueueOperation(SqlOperation.Insert(
                "timeline_private",
                ("seat_id", NpgsqlDbType.Uuid, places.Select(row => row.Place.SeatID).ToArray()),
                ("number", NpgsqlDbType.Bigint, places.Select(row => row.Place.Number).ToArray()),
                ("seq", NpgsqlDbType.Bigint, places.Select(row => row.Place.Seq).ToArray()),
                ("after", NpgsqlDbType.Bigint, places.Select(row => row.Place.After).ToArray()),
                ("event_id", NpgsqlDbType.Uuid, places.Select(row => row.Id).ToArray())));
        }
    }

    // One loop rather than one LINQ query for each column: cheaper before the JIT has warmed up.
    private static SqlOperation Rows(IEvent[] facts)
    {
        var (ids, rooms, types, times) = (new Guid[facts.Length], new Guid[facts.Length], new string[facts.Length],
            new DateTimeOffset[facts.Length]);
        var (common, authors, aliases, subjects) = (new long?[facts.Length], new Guid?[facts.Length], new string?[facts.Length],
            new Guid?[facts.Length]);
        var (addressings, leaves) = (new string?[facts.Length], new byte[facts.Length][]);
        for (var i = 0; i < facts.Length; i++)
        {
            var (fact, message) = (facts[i], facts[i].Data as MessageSubmitted);
            (ids[i], rooms[i], types[i], times[i], leaves[i]) = (fact.Id, fact.StreamId, fact.EventTypeName, fact.Timestamp,
                FactText.LeafOf(fact));
            (common[i], authors[i], aliases[i]) = (FactMetadata.PlacementOf(fact).Common, Work.AuthorOf(fact.Data),
                message?.AuthorAlias ?? (fact.Data as AskFact)?.AuthorAlias);
            subjects[i] = (fact.Data as SeatAdmitted)?.SeatID ?? (fact.Data as SeatRemoved)?.SeatID;
            addressings[i] = RowAudience.Of(fact.Data)?.Store();
        }

        return SqlOperation.Insert(
            "timeline_rows",
            ("event_id", NpgsqlDbType.Uuid, ids),
            ("room_id", NpgsqlDbType.Uuid, rooms),
            ("common", NpgsqlDbType.Bigint, common),
            ("type", NpgsqlDbType.Text, types),
            ("author_id", NpgsqlDbType.Uuid, authors),
            ("author_alias", NpgsqlDbType.Text, aliases),
            ("subject_id", NpgsqlDbType.Uuid, subjects),
            ("addressing", NpgsqlDbType.Jsonb, addressings),
            ("created_at", NpgsqlDbType.TimestampTz, times),
            ("leaf", NpgsqlDbType.Bytea, leaves));
    }
}
