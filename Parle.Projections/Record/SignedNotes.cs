using Npgsql;
using NpgsqlTypes;

namespace Parle.Projections.Record;

/// <summary>A signed checkpoint.</summary>
/// <param name="LogID">The log.</param>
/// <param name="Size">The number of facts in the log.</param>
/// <param name="RoomID">The room.</param>
/// <param name="SeatID">The seat whose view the log is; null for the room's whole record.</param>
/// <param name="Root">The root of the tree.</param>
/// <param name="Note">The signed note.</param>
/// <param name="SignedAt">The time.</param>
public sealed record KeptCheckpoint(Guid LogID, long Size, Guid RoomID, Guid? SeatID, byte[] Root, string Note, DateTimeOffset SignedAt);

/// <summary>Reads and stores the signed notes of checkpoints. Notes are only added.</summary>
public static class SignedNotes
{
    /// <summary>The note of a log at one size; null for none.</summary>
    public static Task<string?> OfSize(NpgsqlDataSource database, Guid logID, long size, CancellationToken cancellation) =>
        database.Scalar<string>("select note from parle.checkpoints where log_id = $1 and size = $2", cancellation, logID, size);

    /// <summary>The note of a log at its largest size; null for none.</summary>
    public static Task<string?> Newest(NpgsqlDataSource database, Guid logID, CancellationToken cancellation) => database.Scalar<string>(
        "select note from parle.checkpoints where log_id = $1 order by size desc limit 1", cancellation, logID);

    /// <summary>All notes of a room, the room's own log first, and each log from its start.</summary>
    public static Task<IReadOnlyList<string>> OfRoom(NpgsqlConnection connection, Guid roomID, CancellationToken cancellation) =>
        connection.Rows("select note from parle.checkpoints where room_id = $1 order by seat_id nulls first, size",
            row => row.Get<string>("note"), cancellation, roomID);

    /// <summary>The rooms whose stream is longer than their last signed checkpoint, by id.</summary>
    /// <param name="connection">A transaction that holds the signing lock.</param>
    /// <param name="after">Only rooms with a greater id.</param>
    /// <param name="limit">Most rooms.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<Guid>> Due(NpgsqlConnection connection, Guid after, int limit, CancellationToken cancellation) =>
        connection.Rows(
            """
            select r.room_id from parle.rooms r
            cross join lateral (select version from parle.mt_streams s where s.id = r.room_id limit 1) as s
            left join lateral (
                select size from parle.checkpoints c where c.log_id = r.room_id order by size desc limit 1) as c on true
            where s.version > coalesce(c.size, 0) and r.room_id > $2
            order by r.room_id limit $1
            """,
            row => row.Get<Guid>("room_id"), cancellation, limit, after);

    /// <summary>Takes the signing lock, until the transaction is over; false when another node holds it.</summary>
    public static Task<bool> TryLock(NpgsqlConnection connection, CancellationToken cancellation) => connection.Scalar<bool>(
        "select pg_try_advisory_xact_lock(hashtext('parle.checkpointer')) as has_turn", cancellation);

    /// <summary>Stores a checkpoint, unless another node stored one of that size before.</summary>
    public static async Task Keep(NpgsqlDataSource database, KeptCheckpoint checkpoint, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            insert into parle.checkpoints (log_id, size, room_id, seat_id, root, note, signed_at)
            values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing
            """);
        command.Parameters.AddRange(new NpgsqlParameter[]
        {
            new() { Value = checkpoint.LogID }, new() { Value = checkpoint.Size }, new() { Value = checkpoint.RoomID },
            new() { Value = (object?)checkpoint.SeatID ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
            new() { Value = checkpoint.Root }, new() { Value = checkpoint.Note }, new() { Value = checkpoint.SignedAt },
        });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
