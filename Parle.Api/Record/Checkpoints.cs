using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;
using Parle.Domain.Record;

namespace Parle.Api.Record;

/// <summary>A checkpoint with its signature.</summary>
/// <param name="Checkpoint">What was signed.</param>
/// <param name="Note">The signed note.</param>
public sealed record SignedCheckpoint(Checkpoint Checkpoint, string Note);

/// <summary>A log's first facts are not those any more that were signed before: somebody changed the database.</summary>
/// <param name="log">Which log.</param>
/// <param name="size">How many facts the older checkpoint speaks of.</param>
public sealed class BrokenRecordException(Log log, long size) : Exception($"Log {log.ID} no longer begins with the {size} facts that were signed.");

/// <summary>Signs how long logs are and what is in them, and keeps what was signed. It never signs what contradicts what it signed before.</summary>
public sealed class Checkpoints(NpgsqlDataSource database, SigningKeys keys, TimeProvider clock, ILogger<Checkpoints> logger)
{
    private readonly ConcurrentDictionary<Guid, long> broken = [];

    /// <summary>The logs that were found to contradict their checkpoints, since the service started.</summary>
    public IReadOnlyCollection<Guid> Broken => [.. broken.Keys];

    /// <summary>A checkpoint of the log as it is now; null for a log without facts.</summary>
    /// <exception cref="BrokenRecordException">The log contradicts its last checkpoint.</exception>
    public async Task<SignedCheckpoint?> Now(Log log, CancellationToken cancellation) => await Of(log, await log.Size(database, cancellation), cancellation);

    /// <summary>The newest checkpoint that covers a fact, or else one of the log as it is now; null when the log is not that long.</summary>
    /// <param name="log">Which log.</param>
    /// <param name="position">The fact's, from 1.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="BrokenRecordException">The log contradicts its last checkpoint.</exception>
    public async Task<SignedCheckpoint?> Covering(Log log, long position, CancellationToken cancellation) =>
        await Last(log, long.MaxValue, cancellation) is { } last && last.Checkpoint.Size >= position ? last
        : await Now(log, cancellation) is { } now && now.Checkpoint.Size >= position ? now
        : null;

    private async Task<SignedCheckpoint?> Of(Log log, long size, CancellationToken cancellation)
    {
        if (size == 0)
        {
            return null;
        }

        var last = await Last(log, long.MaxValue, cancellation);
        if (last?.Checkpoint.Size == size)
        {
            return last;
        }

        var from = last?.Checkpoint.Size ?? 0;
        if (from > size)
        {
            if (await log.Size(database, cancellation) < from)
            {
                throw Break(log, from);
            }

            return last; // Another one was faster.
        }

        var tree = await LogTree.Of(database, log, size, [from - 1], cancellation);
        var root = tree.Root();
        if (last is not null && !MerkleTree.GoesOn(from, last.Checkpoint.Root, size, root, tree.ConsistencyProof(from)))
        {
            throw Break(log, from);
        }

        var now = clock.GetUtcNow();
        var checkpoint = new Checkpoint(log.Origin(await keys.Name(cancellation)), size, root, new(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero));
        var signed = new SignedCheckpoint(checkpoint, await keys.Sign(checkpoint.Text, cancellation));
        await Keep(log, signed, cancellation);
        return signed;
    }

    private BrokenRecordException Break(Log log, long size)
    {
        broken[log.ID] = size;
        logger.LogCritical("Log {LogID} of room {RoomID} no longer begins with the {Size} facts that were signed: nothing is signed for it any more. Export the room and verify it", log.ID, log.RoomID, size);
        return new(log, size);
    }

    private async Task<SignedCheckpoint?> Last(Log log, long upto, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select note from parle.checkpoints where log_id = $1 and size <= $2 order by size desc limit 1");
        command.Parameters.AddRange(new NpgsqlParameter[] { new() { Value = log.ID }, new() { Value = upto } });
        return await command.ExecuteScalarAsync(cancellation) is string note
            ? new(Checkpoint.Parse(SignedNote.Parse(note)!.Text) ?? throw new FormatException($"A kept checkpoint of log {log.ID} cannot be read."), note)
            : null;
    }

    private async Task Keep(Log log, SignedCheckpoint signed, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "insert into parle.checkpoints (log_id, size, room_id, seat_id, root, note, signed_at) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing");
        command.Parameters.AddRange(new NpgsqlParameter[]
        {
            new() { Value = log.ID }, new() { Value = signed.Checkpoint.Size }, new() { Value = log.RoomID }, new() { Value = (object?)log.SeatID ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
            new() { Value = signed.Checkpoint.Root }, new() { Value = signed.Note }, new() { Value = signed.Checkpoint.At },
        });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
