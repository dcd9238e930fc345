using JasperFx.Events;
using Marten;
using NpgsqlTypes;
using Parle.Domain.Asks;
using Parle.Domain.Rooms;
using Weasel.Postgresql.Tables;

namespace Parle.Projections.Asks;

/// <summary>"Which asks are there, for whom, in which state, and with which context?" Texts lie in contents.</summary>
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
        }), onlyGrows: true);
        Own(Table("ask_facts", table =>
        {
            table.AddColumn("ask_id", "uuid").AsPrimaryKey();
            table.AddColumn("number", "integer").AsPrimaryKey();
            table.AddColumn("event_id", "uuid").NotNull();
        }), onlyGrows: true);
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
        var acts = facts.Where(fact => fact.Data is AskFact).Select(fact => (Fact: fact, About: (AskFact)fact.Data)).ToList();
        if (acts.Count == 0)
        {
            return;
        }

        foreach (var (fact, about) in acts)
        {
            Apply(operations, fact, about);
        }

        operations.QueueOperation(SqlOperation.Insert(
            "ask_facts",
            ("ask_id", NpgsqlDbType.Uuid, acts.Select(act => act.About.AskID).ToArray()),
            ("number", NpgsqlDbType.Integer, acts.Select(act => act.About.Number).ToArray()),
            ("event_id", NpgsqlDbType.Uuid, acts.Select(act => act.Fact.Id).ToArray())));
        var seats = acts.Where(act => act.About is AskOpened { Addressing.Kind: AddressingKind.Direct })
            .SelectMany(act => ((AskOpened)act.About).Addressing.Targets.Select(target => target.SeatID)
                .Append(((AskOpened)act.About).AskerSeatID).Distinct().Select(id => (act.About.AskID, SeatID: id))).ToList();
        if (seats.Count > 0)
        {
            operations.QueueOperation(SqlOperation.Insert(
                "ask_seats",
                ("ask_id", NpgsqlDbType.Uuid, seats.Select(seat => seat.AskID).ToArray()),
                ("seat_id", NpgsqlDbType.Uuid, seats.Select(seat => seat.SeatID).ToArray())));
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
                (AskTexts.Spell(opened.Kind), NpgsqlDbType.Text),
                (Spell(about.State), NpgsqlDbType.Text),
                (about.AuthorID, NpgsqlDbType.Uuid),
                (opened.AskerSeatID, NpgsqlDbType.Uuid),
                (opened.Sha256, NpgsqlDbType.Text),
                (opened.Quorum, NpgsqlDbType.Integer),
                (opened.DueAt, NpgsqlDbType.TimestampTz),
                (fact.Timestamp, NpgsqlDbType.TimestampTz)));
        }
        else
        {
            Move(operations, fact, about);
        }

        foreach (var (position, item) in about.Context.Index())
        {
            operations.QueueSqlCommand(
                "insert into parle.context_items (item_id, ask_id, event_id, position, seat_id, expires_at) values (?, ?, ?, ?, ?, "
                + "?::timestamptz)", item.ItemID, about.AskID, fact.Id, position, item.SeatID, item.ExpiresAt!);
        }
    }

    private static void Move(IDocumentOperations operations, IEvent fact, AskFact about)
    {
        var changes = new Dictionary<string, (object? Value, NpgsqlDbType Type)>(StringComparer.Ordinal)
        {
            ["state"] = (Spell(about.State), NpgsqlDbType.Text),
            ["updated_at"] = (fact.Timestamp, NpgsqlDbType.TimestampTz),
        };
        switch (about)
        {
            case AskClaimed claimed:
                changes["claimant_id"] = (about.AuthorID, NpgsqlDbType.Uuid);
                changes["claimant_seat_id"] = (claimed.SeatID, NpgsqlDbType.Uuid);
                changes["lease_until"] = (claimed.LeaseUntil, NpgsqlDbType.TimestampTz);
                break;
            case AskClaimRenewed renewed:
                changes["lease_until"] = (renewed.LeaseUntil, NpgsqlDbType.TimestampTz);
                break;
            case AskContested contested:
                changes["lease_until"] = (contested.LeaseUntil, NpgsqlDbType.TimestampTz);
                break;
            case AskSubjectReplaced replaced:
                changes["sha256"] = (replaced.Sha256, NpgsqlDbType.Text);
                changes["usable_until"] = (null, NpgsqlDbType.TimestampTz);
                break;
            case AskDecided decided:
                changes["usable_until"] = (decided.UsableUntil, NpgsqlDbType.TimestampTz);
                break;
            case AskDecisionWithdrawn withdrawn:
                changes["usable_until"] = (withdrawn.UsableUntil, NpgsqlDbType.TimestampTz);
                break;
            case AskContextWithdrawn gone:
                operations.QueueSqlCommand("update parle.context_items set withdrawn_at = ? where item_id = ? and ask_id = ?",
                    fact.Timestamp, gone.ItemID, about.AskID);
                break;
        }

        if (about.State is not AskState.Claimed)
        {
            changes["lease_until"] = (null, NpgsqlDbType.TimestampTz);
        }

        if (about.State is AskState.Open or AskState.Declined)
        {
            changes["claimant_id"] = changes["claimant_seat_id"] = (null, NpgsqlDbType.Uuid);
        }

        operations.QueueOperation(new SqlOperation(
            $"update parle.asks set {string.Join(", ", changes.Keys.Select(column => $"{column} = ?"))} where ask_id = ? and room_id = ?",
            [.. changes.Values, (about.AskID, NpgsqlDbType.Uuid), (fact.StreamId, NpgsqlDbType.Uuid)]));
    }

    private static string Spell(AskState state) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());
}
