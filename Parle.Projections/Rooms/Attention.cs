using JasperFx.Events;
using Marten;
using NpgsqlTypes;
using Parle.Domain.Rooms;
using Weasel.Postgresql.Tables;

namespace Parle.Projections.Rooms;

/// <summary>
/// "What am I asked to respond to?" One row for each direct message and each of those it was aimed at: a session's presence, or
/// an alias, whose work outlives the session. How far somebody got is not a fact: see <see cref="Tables.Acknowledgements"/>.
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
        table.AddColumn("author_id", "uuid").NotNull();
        table.AddColumn("route_id", "uuid").NotNull();
        table.AddColumn("interaction_id", "uuid").NotNull();
        table.AddColumn("hop", "integer").NotNull();
        table.Indexes.Add(new IndexDefinition("attention_route") { Columns = ["route_id"], IsUnique = true });
    }));

    /// <inheritdoc/>
    protected override void Apply(IDocumentOperations operations, IReadOnlyList<IEvent> facts)
    {
        var work = (
            from fact in facts
            let message = fact.Data as MessageSubmitted
            where message?.Addressing.Kind is AddressingKind.Direct
            let places = FactMetadata.PlacementOf(fact).Private!.ToDictionary(place => place.SeatID, place => place.Seq)
            from target in message.Addressing.Targets.DistinctBy(target => (target.SeatID, target.Scope))
            select (Message: message, Target: target, Seq: places[target.SeatID])).ToList();
        if (work.Count == 0)
        {
            return;
        }

        operations.QueueOperation(new SqlOperation(
            "insert into parle.attention (seat_id, scope, seq, event_id, author_id, route_id, interaction_id, hop) select * from unnest(?, ?, ?, ?, ?, ?, ?, ?)",
            (work.Select(row => row.Target.SeatID).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid),
            (work.Select(row => row.Target.Scope).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text),
            (work.Select(row => row.Seq).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint),
            (work.Select(row => row.Message.MessageID).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid),
            (work.Select(row => row.Message.AuthorID).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid),
            (work.Select(row => ReplyRoute.ID(row.Message.MessageID, row.Target.SeatID, row.Target.Scope)).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid),
            (work.Select(row => row.Message.Reply?.InteractionID ?? row.Message.MessageID).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid),
            (work.Select(row => row.Message.Reply?.Hop ?? 0).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Integer)));
    }
}
