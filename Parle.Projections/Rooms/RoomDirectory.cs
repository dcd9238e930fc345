using JasperFx.Events;
using Marten;
using NpgsqlTypes;
using Parle.Domain.Rooms;
using Weasel.Postgresql.Tables;

namespace Parle.Projections.Rooms;

/// <summary>"Which rooms are there, with which seats and participants?"</summary>
public sealed class RoomDirectory : TableProjection
{
    /// <summary>Declares the tables and their unique indexes.</summary>
    public RoomDirectory()
    {
        Own(Table("rooms", table =>
        {
            table.AddColumn("room_id", "uuid").AsPrimaryKey();
            table.AddColumn("owner_id", "uuid").NotNull();
            table.AddColumn("handle", "text");
            table.AddColumn("kind", "text").NotNull();
            table.AddColumn("created_at", "timestamptz").NotNull();
            table.AddColumn("archived_at", "timestamptz");
            table.Indexes.Add(new IndexDefinition("rooms_handle")
            { Columns = ["owner_id", "handle"], IsUnique = true, Predicate = "archived_at is null" });
        }));
        Own(Table("seats", table =>
        {
            table.AddColumn("seat_id", "uuid").AsPrimaryKey();
            table.AddColumn("room_id", "uuid").NotNull();
            table.AddColumn("principal_id", "uuid").NotNull();
            table.AddColumn("agent_id", "uuid");
            table.AddColumn("since", "bigint").NotNull();
            table.AddColumn("rights", "text[]").NotNull().DefaultValueByExpression("'{}'");
            table.AddColumn("admitted_at", "timestamptz").NotNull();
            table.AddColumn("removed_at", "timestamptz");
            table.Indexes.Add(new IndexDefinition("seats_agent")
            { Columns = ["agent_id", "room_id"], IsUnique = true, Predicate = "agent_id is not null and removed_at is null" });
            table.Indexes.Add(
                new IndexDefinition("seats_principal") { Columns = ["principal_id", "room_id"], Predicate = "removed_at is null" });
            table.Indexes.Add(new IndexDefinition("seats_room") { Columns = ["room_id"] });
        }));
        Own(Table("participants", table =>
        {
            table.AddColumn("participant_id", "uuid").AsPrimaryKey();
            table.AddColumn("room_id", "uuid").NotNull();
            table.AddColumn("seat_id", "uuid").NotNull();
            table.AddColumn("session_id", "uuid").NotNull();
            table.AddColumn("address", "text").NotNull();
            table.AddColumn("entered_at", "timestamptz").NotNull();
            table.AddColumn("left_at", "timestamptz");
            table.AddColumn("removed_at", "timestamptz");
            table.Indexes.Add(new IndexDefinition("participants_here")
            { Columns = ["session_id", "room_id", "seat_id"], IsUnique = true, Predicate = "left_at is null or removed_at is not null" });
            table.Indexes.Add(new IndexDefinition("participants_room") { Columns = ["room_id"], Predicate = "left_at is null" });
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
            case RoomOpened room:
                operations.QueueOperation(SqlOperation.Insert(
                    "rooms",
                    ("room_id", NpgsqlDbType.Uuid, (Guid[])[fact.StreamId]),
                    ("owner_id", NpgsqlDbType.Uuid, (Guid[])[room.OwnerID]),
                    ("handle", NpgsqlDbType.Text, (string?[])[room.Handle]),
                    ("kind", NpgsqlDbType.Text, (string[])[room.Kind is RoomKind.Private ? "private" : "shared"]),
                    ("created_at", NpgsqlDbType.TimestampTz, (DateTimeOffset[])[fact.Timestamp])));
                break;
            case SeatAdmitted seat:
                var since = seat.History is Domain.Rooms.History.All ? 0 : FactMetadata.PlacementOf(fact).Common!.Value;
                operations.QueueOperation(SqlOperation.Insert(
                    "seats",
                    ("seat_id", NpgsqlDbType.Uuid, (Guid[])[seat.SeatID]),
                    ("room_id", NpgsqlDbType.Uuid, (Guid[])[fact.StreamId]),
                    ("principal_id", NpgsqlDbType.Uuid, (Guid[])[seat.PrincipalID]),
                    ("agent_id", NpgsqlDbType.Uuid, (Guid?[])[seat.AgentID]),
                    ("since", NpgsqlDbType.Bigint, (long[])[since]),
                    ("admitted_at", NpgsqlDbType.TimestampTz, (DateTimeOffset[])[fact.Timestamp])));
                break;
            case ParticipantEntered entered:
                operations.QueueOperation(SqlOperation.Insert(
                    "participants",
                    ("participant_id", NpgsqlDbType.Uuid, (Guid[])[entered.ParticipantID]),
                    ("room_id", NpgsqlDbType.Uuid, (Guid[])[fact.StreamId]),
                    ("seat_id", NpgsqlDbType.Uuid, (Guid[])[entered.SeatID]),
                    ("session_id", NpgsqlDbType.Uuid, (Guid[])[entered.AgentSessionID]),
                    ("address", NpgsqlDbType.Text, (string[])[entered.Address]),
                    ("entered_at", NpgsqlDbType.TimestampTz, (DateTimeOffset[])[fact.Timestamp])));
                break;
            case ParticipantLeft left:
                operations.QueueSqlCommand("update parle.participants set left_at = ? where participant_id = ? and room_id = ?",
                    fact.Timestamp, left.ParticipantID, fact.StreamId);
                break;
            case ParticipantRemoved removed:
                operations.QueueSqlCommand(
                    "update parle.participants set left_at = ?, removed_at = ? where participant_id = ? and room_id = ?", fact.Timestamp,
                    fact.Timestamp, removed.ParticipantID, fact.StreamId);
                break;
            case RightGranted granted:
                operations.QueueSqlCommand("update parle.seats set rights = array(select distinct r from unnest(rights || ?) as r order by "
                    + "r) where seat_id = ? and room_id = ?", granted.Right, granted.SeatID, fact.StreamId);
                break;
            case RightRevoked revoked:
                operations.QueueSqlCommand("update parle.seats set rights = array_remove(rights, ?) where seat_id = ? and room_id = ?",
                    revoked.Right, revoked.SeatID, fact.StreamId);
                break;
            case SeatRemoved seat:
                operations.QueueSqlCommand(
                    "update parle.seats set removed_at = ? where seat_id = ? and room_id = ?", fact.Timestamp, seat.SeatID, fact.StreamId);
                break;
            case RoomArchived or RoomImported:
                operations.QueueSqlCommand("update parle.rooms set archived_at = ? where room_id = ?", fact.Timestamp, fact.StreamId);
                operations.QueueSqlCommand(
                    "update parle.seats set removed_at = ? where room_id = ? and removed_at is null", fact.Timestamp, fact.StreamId);
                break;
        }
    }
}
