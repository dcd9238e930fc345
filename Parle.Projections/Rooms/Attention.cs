using JasperFx.Events;
using Marten;
using NpgsqlTypes;
using Parle.Domain.Rooms;
using Weasel.Postgresql.Tables;

namespace Parle.Projections.Rooms;

/// <summary>
/// "What am I asked to respond to?" One row for each direct message, or fact about an ask, and each of its addressees: a session's
/// presence, or an alias, whose work outlives the session. Acknowledgements are not facts: see <see cref="Tables.Acknowledgements"/>.
/// </summary>
public sealed class Attention : TableProjection
{
    /// <summary>Declares the table.</summary>
    public Attention() => Own(Table("attention", table =>
    {
        table.AddColumn("seat_id", "uuid").AsPrimaryKey();
        table.AddColumn("scope", "text").AsPrimaryKey();
        table.AddColumn("seq", "bigint").AsPrimaryKey();
        table.AddColumn("event_id", "uuid").NotNull();
        table.AddColumn("author_id", "uuid");
        table.AddColumn("route_id", "uuid").NotNull();
        table.AddColumn("interaction_id", "uuid").NotNull();
        table.AddColumn("hop", "integer").NotNull();
        table.Indexes.Add(new IndexDefinition("attention_route") { Columns = ["route_id"], IsUnique = true });
    }), onlyGrows: true);

    /// <inheritdoc/>
    protected override void Apply(IDocumentOperations operations, IReadOnlyList<IEvent> facts)
    {
        var work = (
            from fact in facts
            from target in Work.Of(fact.Data).DistinctBy(target => (target.SeatID, target.Scope))
            let placement = FactMetadata.PlacementOf(fact)
            let seq = placement.Private?.FirstOrDefault(place => place.SeatID == target.SeatID)?.Seq
            ?? placement.Work!.First(place => place.SeatID == target.SeatID).Seq
            select (Fact: fact, Reply: (fact.Data as MessageSubmitted)?.Reply, Target: target, Seq: seq)).ToList();
        if (work.Count == 0)
        {
            return;
        }

        operations.QueueOperation(SqlOperation.Insert(
            "attention",
            ("seat_id", NpgsqlDbType.Uuid, work.Select(row => row.Target.SeatID).ToArray()),
            ("scope", NpgsqlDbType.Text, work.Select(row => row.Target.Scope).ToArray()),
            ("seq", NpgsqlDbType.Bigint, work.Select(row => row.Seq).ToArray()),
            ("event_id", NpgsqlDbType.Uuid, work.Select(row => row.Fact.Id).ToArray()),
            ("author_id", NpgsqlDbType.Uuid, work.Select(row => Work.AuthorOf(row.Fact.Data)).ToArray()),
            ("route_id", NpgsqlDbType.Uuid, work.Select(row => ReplyRoute.ID(row.Fact.Id, row.Target.SeatID, row.Target.Scope)).ToArray()),
            ("interaction_id", NpgsqlDbType.Uuid, work.Select(row => row.Reply?.InteractionID ?? row.Fact.Id).ToArray()),
            ("hop", NpgsqlDbType.Integer, work.Select(row => row.Reply?.Hop ?? 0).ToArray())));
    }
}
