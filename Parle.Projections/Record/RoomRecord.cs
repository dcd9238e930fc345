using Npgsql;
using Parle.Projections.Auditing;

namespace Parle.Projections.Record;

/// <summary>Reads the whole record of a room, as its log is made of it.</summary>
public static class RoomRecord
{
    /// <summary>How many facts a stream has; 0 when there is none.</summary>
    public static Task<long> Size(NpgsqlDataSource database, Guid roomID, CancellationToken cancellation) => database.Scalar<long>(
        "select coalesce((select version from parle.mt_events where stream_id = $1 order by version desc limit 1), 0) as size",
        cancellation, roomID);

    /// <summary>How many facts a room has, as a transaction sees it; 0 for other streams, which nobody may export.</summary>
    public static Task<long> SizeOfRoom(NpgsqlConnection connection, Guid roomID, CancellationToken cancellation) =>
        connection.Scalar<long>(
            """
            select coalesce((select version from parle.mt_events where stream_id = $1 order by version desc limit 1), 0) as size
            where exists (select from parle.rooms where room_id = $1)
            """,
            cancellation, roomID);

    /// <summary>Consecutive facts of a room.</summary>
    /// <param name="database">Where they are.</param>
    /// <param name="roomID">The room.</param>
    /// <param name="after">The version before the first one.</param>
    /// <param name="count">How many versions; one whose fact is gone is left out.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<AuditRow>> Facts(
        NpgsqlDataSource database, Guid roomID, long after, int count, CancellationToken cancellation) => database.Rows(
        $"""
        select {RecordPage.Columns} from parle.mt_events e
        where e.stream_id = $1 and e.version > $2 and e.version <= $2 + $3 order by e.version
        """,
        RecordPage.Read, cancellation, roomID, after, (long)count);

    /// <summary>The digests that were stored when facts were recorded, by version. They identify a fact that was changed since.</summary>
    /// <param name="connection">A transaction.</param>
    /// <param name="roomID">The room.</param>
    /// <param name="after">The version before the first one.</param>
    /// <param name="count">How many versions; one without a digest is left out.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<IReadOnlyDictionary<long, byte[]>> KeptLeaves(
        NpgsqlConnection connection, Guid roomID, long after, int count, CancellationToken cancellation) => (await connection.Rows(
        """
        select version, leaf from parle.record_index
        where stream_id = $1 and version > $2 and version <= $2 + $3 and leaf is not null
        """,
        row => (Version: row.Get<long>("version"), Leaf: row.Get<byte[]>("leaf")), cancellation, roomID, after, (long)count))
        .ToDictionary(row => row.Version, row => row.Leaf);

    /// <summary>
    /// The first of <paramref name="ids"/> that is in use already, in any table that an id of a room can be in; null for none.
    /// </summary>
    public static Task<Guid?> Taken(NpgsqlConnection connection, IReadOnlyCollection<Guid> ids, CancellationToken cancellation) =>
        connection.Scalar<Guid?>(
            """
            select q.id from unnest($1) as q(id)
            where exists (select from parle.mt_streams s where s.id = q.id)
               or exists (select from parle.record_index i where i.event_id = q.id)
               or exists (select from parle.seats s where s.seat_id = q.id)
               or exists (select from parle.participants p where p.participant_id = q.id)
               or exists (select from parle.asks a where a.ask_id = q.id)
               or exists (select from parle.context_items c where c.item_id = q.id)
               or exists (select from parle.invitations i where i.invitation_id = q.id)
               or exists (select from parle.contents c where c.content_id = q.id)
               or exists (select from parle.erasures e where e.content_id = q.id)
               or exists (select from parle.redactions r where r.shown_at = q.id)
               or exists (select from parle.checkpoints c where c.log_id = q.id)
            limit 1
            """,
            cancellation, ids.ToArray());
}
