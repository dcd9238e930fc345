using JasperFx.Events;
using Marten;
using NpgsqlTypes;
using Parle.Domain.Asks;
using Parle.Domain.Rooms;
using Weasel.Postgresql.Tables;

namespace Parle.Projections.Asks;

/// <summary>"What is asked, of whom, how far is it, and what was handed over?" The words lie in contents.</summary>
public sealed class AskDirectory : TableProjection
{
    /// <summary>Declares the tables.</summary>
    public AskDirectory()
    {
        Own(Table("asks", table =>
        {
            table.AddColumn("ask_id", "uuid").AsPrimaryKey();
            table.AddColumn("room_id", "uuid").NotNull();
            table.AddColumn("common", "bigint");
            table.AddColumn("kind", "text").NotNull();
            table.AddColumn("state", "text").NotNull();
            table.AddColumn("asker_id", "uuid").NotNull();
            table.AddColumn("asker_seat_id", "uuid").NotNull();
            table.AddColumn("claimant_id", "uuid");
            table.AddColumn("claimant_seat_id", "uuid");
            table.AddColumn("lease_until", "timestamptz");
            table.AddColumn("sha256", "text");
            table.AddColumn("quorum", "integer");
            table.AddColumn("due_at", "timestamptz");
            table.AddColumn("usable_until", "timestamptz");
            table.AddColumn("opened_at", "timestamptz").NotNull();
            table.AddColumn("updated_at", "timestamptz").NotNull();
            table.Indexes.Add(new IndexDefinition("asks_room") { Columns = ["room_id", "ask_id"] });
        }));
        Own(Table("ask_seats", table =>
        {
            table.AddColumn("ask_id", "uuid").AsPrimaryKey();
            table.AddColumn("seat_id", "uuid").AsPrimaryKey();
        }));
        Own(Table("ask_facts", table =>
        {
            table.AddColumn("ask_id", "uuid").AsPrimaryKey();
            table.AddColumn("number", "integer").AsPrimaryKey();
            table.AddColumn("event_id", "uuid").NotNull();
        }));
        Own(Table("context_items", table =>
        {
            table.AddColumn("item_id", "uuid").AsPrimaryKey();
            table.AddColumn("ask_id", "uuid").NotNull();
            table.AddColumn("event_id", "uuid").NotNull();
            table.AddColumn("position", "integer").NotNull();
            table.AddColumn("seat_id", "uuid").NotNull();
            table.AddColumn("expires_at", "timestamptz");
            table.AddColumn("withdrawn_at", "timestamptz");
            table.Indexes.Add(new IndexDefinition("context_items_ask") { Columns = ["ask_id"] });
        }));
    }

    /// <inheritdoc/>
    protected override void Apply(IDocumentOperations operations, IReadOnlyList<IEvent> facts)
    {
        foreach (var fact in facts)
        {
            if (fact.Data is AskFact about)
            {
                Apply(operations, fact, about);
            }
        }
    }

    private static void Apply(IDocumentOperations operations, IEvent fact, AskFact about)
    {
        if (about is AskOpened opened)
        {
            operations.QueueOperation(new SqlOperation(
                """
                insert into parle.asks (ask_id, room_id, common, kind, state, asker_id, asker_seat_id, sha256, quorum, due_at, opened_at, updated_at)
                select a.ask_id, a.room_id, a.common, a.kind, a.state, a.asker_id, a.asker_seat_id, a.sha256, a.quorum, a.due_at, a.opened_at, a.opened_at
                from (values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)) as a (ask_id, room_id, common, kind, state, asker_id, asker_seat_id, sha256, quorum, due_at, opened_at)
                """,
                (about.AskID, NpgsqlDbType.Uuid),
                (fact.StreamId, NpgsqlDbType.Uuid),
                (FactMetadata.PlacementOf(fact).Common, NpgsqlDbType.Bigint),
                (AskWords.Spell(opened.Kind), NpgsqlDbType.Text),
                (Spell(about.State), NpgsqlDbType.Text),
                (about.AuthorID, NpgsqlDbType.Uuid),
                (opened.AskerSeatID, NpgsqlDbType.Uuid),
                (opened.Sha256, NpgsqlDbType.Text),
                (opened.Quorum, NpgsqlDbType.Integer),
                (opened.DueAt, NpgsqlDbType.TimestampTz),
                (fact.Timestamp, NpgsqlDbType.TimestampTz)));
            if (opened.Addressing.Kind is AddressingKind.Direct)
            {
                operations.QueueOperation(new SqlOperation(
                    "insert into parle.ask_seats (ask_id, seat_id) select ?, seat_id from unnest(?) as s(seat_id)",
                    (about.AskID, NpgsqlDbType.Uuid),
                    (opened.Addressing.Targets.Select(target => target.SeatID).Append(opened.AskerSeatID).Distinct().ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid)));
            }
        }
        else
        {
            Move(operations, fact, about);
        }

        operations.QueueSqlCommand("insert into parle.ask_facts (ask_id, number, event_id) values (?, ?, ?)", about.AskID, about.Number, fact.Id);
        foreach (var (position, item) in about.Context.Index())
        {
            operations.QueueSqlCommand(
                "insert into parle.context_items (item_id, ask_id, event_id, position, seat_id, expires_at) values (?, ?, ?, ?, ?, ?::timestamptz)", item.ItemID, about.AskID, fact.Id, position, item.SeatID, item.ExpiresAt!);
        }
    }

    private static void Move(IDocumentOperations operations, IEvent fact, AskFact about)
    {
        operations.QueueSqlCommand("update parle.asks set state = ?, updated_at = ? where ask_id = ?", Spell(about.State), fact.Timestamp, about.AskID);
        switch (about)
        {
            case AskClaimed claimed:
                operations.QueueSqlCommand(
                    "update parle.asks set claimant_id = ?, claimant_seat_id = ?, lease_until = ? where ask_id = ?", about.AuthorID!, claimed.SeatID, claimed.LeaseUntil, about.AskID);
                break;
            case AskClaimRenewed renewed:
                Lease(renewed.LeaseUntil);
                break;
            case AskContested contested:
                Lease(contested.LeaseUntil);
                break;
            case AskSubjectReplaced replaced:
                operations.QueueSqlCommand("update parle.asks set sha256 = ?, usable_until = null where ask_id = ?", replaced.Sha256, about.AskID);
                break;
            case AskDecided { UsableUntil: { } until }:
                operations.QueueSqlCommand("update parle.asks set usable_until = ? where ask_id = ?", until, about.AskID);
                break;
            case AskContextWithdrawn withdrawn:
                operations.QueueSqlCommand("update parle.context_items set withdrawn_at = ? where item_id = ?", fact.Timestamp, withdrawn.ItemID);
                break;
        }

        if (about.State is not AskState.Claimed)
        {
            operations.QueueSqlCommand("update parle.asks set lease_until = null where ask_id = ?", about.AskID);
        }

        if (about.State is AskState.Open or AskState.Declined)
        {
            operations.QueueSqlCommand("update parle.asks set claimant_id = null, claimant_seat_id = null where ask_id = ?", about.AskID);
        }

        void Lease(DateTimeOffset until) => operations.QueueSqlCommand("update parle.asks set lease_until = ? where ask_id = ?", until, about.AskID);
    }

    private static string Spell(AskState state) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());
}
