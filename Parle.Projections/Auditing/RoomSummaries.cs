using JasperFx.Events;
using Marten;
using NpgsqlTypes;
using Parle.Domain.Rooms;

namespace Parle.Projections.Auditing;

/// <summary>
/// "Which rooms does the service have, and is anybody in them?" For operators. Updated after the commit, and without content.
/// </summary>
public sealed class RoomSummaries : TableProjection
{
    /// <summary>The name of its progress in Marten.</summary>
    public const string Shard = $"{nameof(RoomSummaries)}:All";

    /// <summary>Declares the table. The number of a room's facts, and the time of the last one, are in <see cref="RecordIndex"/>.</summary>
    public RoomSummaries()
    {
        Name = nameof(RoomSummaries);
        IncludeType<RoomOpened>();
        IncludeType<SeatAdmitted>();
        IncludeType<SeatRemoved>();
        IncludeType<ParticipantEntered>();
        IncludeType<ParticipantLeft>();
        IncludeType<ParticipantRemoved>();
        IncludeType<RoomArchived>();
        IncludeType<RoomImported>();
        Own(Table("room_summaries", table =>
        {
            table.AddColumn("room_id", "uuid").AsPrimaryKey();
            table.AddColumn("owner_id", "uuid").NotNull();
            table.AddColumn("handle", "text");
            table.AddColumn("kind", "text").NotNull();
            table.AddColumn("opened_at", "timestamptz").NotNull();
            table.AddColumn("archived_at", "timestamptz");
            table.AddColumn("seats", "bigint").NotNull();
            table.AddColumn("participants", "bigint").NotNull();
        }));
    }

    /// <inheritdoc/>
    protected override void Apply(IDocumentOperations operations, IReadOnlyList<IEvent> facts)
    {
        var came = new Dictionary<Guid, (long Seats, long Participants)>(); // For each room, the changes since its last other statement.
        foreach (var fact in facts)
        {
            switch (fact.Data)
            {
                case RoomOpened room:
                    operations.QueueOperation(new SqlOperation(
                        "insert into parle.room_summaries (room_id, owner_id, handle, kind, opened_at, seats, participants) values (?, ?, "
                        + "?, ?, ?, 0, 0)",
                        (fact.StreamId, NpgsqlDbType.Uuid), (room.OwnerID, NpgsqlDbType.Uuid), (room.Handle, NpgsqlDbType.Text),
                        (room.Kind is RoomKind.Private ? "private" : "shared", NpgsqlDbType.Text),
                        (fact.Timestamp.ToUniversalTime(), NpgsqlDbType.TimestampTz)));
                    break;
                case SeatAdmitted:
                    Count(fact, seats: 1, participants: 0);
                    break;
                case SeatRemoved:
                    Count(fact, seats: -1, participants: 0);
                    break;
                case ParticipantEntered:
                    Count(fact, seats: 0, participants: 1);
                    break;
                case ParticipantLeft or ParticipantRemoved:
                    Count(fact, seats: 0, participants: -1);
                    break;
                case RoomArchived or RoomImported:
                    came.Remove(fact.StreamId);
                    operations.QueueOperation(new SqlOperation(
                        "update parle.room_summaries set archived_at = ?, seats = 0, participants = 0 where room_id = ?",
                        (fact.Timestamp.ToUniversalTime(), NpgsqlDbType.TimestampTz), (fact.StreamId, NpgsqlDbType.Uuid)));
                    break;
            }
        }

        foreach (var (roomID, (seats, participants)) in came)
        {
            operations.QueueOperation(new SqlOperation(
                "update parle.room_summaries set seats = seats + ?, participants = participants + ? where room_id = ?",
                (seats, NpgsqlDbType.Bigint), (participants, NpgsqlDbType.Bigint), (roomID, NpgsqlDbType.Uuid)));
        }

        void Count(IEvent fact, long seats, long participants)
        {
            var before = came.GetValueOrDefault(fact.StreamId);
            came[fact.StreamId] = (before.Seats + seats, before.Participants + participants);
        }
    }
}
