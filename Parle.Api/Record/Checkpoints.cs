using System.Collections.Concurrent;
using Npgsql;
using Parle.Domain.Record;
using Parle.Projections.Record;

namespace Parle.Api.Record;

/// <summary>A checkpoint with its signature.</summary>
/// <param name="Checkpoint">The checkpoint.</param>
/// <param name="Note">The signed note.</param>
public sealed record SignedCheckpoint(Checkpoint Checkpoint, string Note);

/// <summary>A log no longer begins with the facts of a signed checkpoint: the database was changed.</summary>
/// <param name="log">The log.</param>
/// <param name="size">The size of the log in the older checkpoint, in facts.</param>
public sealed class BrokenRecordException(MerkleLog log, long size)
    : Exception($"Log {log.ID} no longer begins with the {size} facts that were signed.");

/// <summary>
/// Signs the size and the root of logs, and keeps the signed notes. It never signs a log that contradicts an earlier note.
/// </summary>
public sealed class Checkpoints(NpgsqlDataSource database, SigningKeys keys, ILogger<Checkpoints> logger)
{
    private readonly ConcurrentDictionary<Guid, long> broken = [];

    /// <summary>The logs that were found to contradict their checkpoints, since the service started.</summary>
    public IReadOnlyCollection<Guid> Broken => [.. broken.Keys];

    /// <summary>A checkpoint of the log as it is now; null for a log without facts.</summary>
    /// <exception cref="BrokenRecordException">The log contradicts its last checkpoint.</exception>
    public async Task<SignedCheckpoint?> Now(MerkleLog log, CancellationToken cancellation) =>
        await Of(log, await log.Size(database, cancellation), cancellation);

    /// <summary>
    /// The newest checkpoint that covers a fact, or else one of the log as it is now; null when the log is not that long.
    /// </summary>
    /// <param name="log">The log.</param>
    /// <param name="position">The fact's, from 1.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="BrokenRecordException">The log contradicts its last checkpoint.</exception>
    public async Task<SignedCheckpoint?> Covering(MerkleLog log, long position, CancellationToken cancellation) =>
        await Last(log, cancellation) is { } last && last.Checkpoint.Size >= position ? last
        : await Now(log, cancellation) is { } now && now.Checkpoint.Size >= position ? now
        : null;

    /// <summary>
    /// A checkpoint of exactly the log's first facts, for a file that holds no others, even if a longer log is signed already.
    /// </summary>
    /// <param name="log">The log.</param>
    /// <param name="size">The number of facts, 1 or more; the log has at least as many.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="BrokenRecordException">The log contradicts its last checkpoint.</exception>
    public async Task<SignedCheckpoint> Exactly(MerkleLog log, long size, CancellationToken cancellation)
    {
        var newest = (await Of(log, size, cancellation))!;
        if (newest.Checkpoint.Size == size)
        {
            return newest;
        }

        if (await Kept(log, await SignedNotes.OfSize(database, log.ID, size, cancellation), cancellation) is { } kept)
        {
            return kept;
        }

        // A longer log that was signed must go on from the one that is signed now.
        var (longer, root) = (await Tree(log, newest.Checkpoint.Size, size, cancellation), (await Tree(log, size, 1, cancellation)).Root());
        return MerkleTree.GoesOn(size, root, newest.Checkpoint.Size, newest.Checkpoint.Root, longer.ConsistencyProof(size))
            ? await Sign(log, size, root, cancellation)
            : throw Break(log, newest.Checkpoint.Size);
    }

    /// <summary>
    /// Makes sure that a signed checkpoint of the log covers facts, each at its position. What is said of a fact elsewhere is as good as a
    /// proof from the log then.
    /// </summary>
    /// <param name="log">The log.</param>
    /// <param name="facts">The facts' positions, from 1, and their leaves; at least one.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="BrokenRecordException">The log contradicts its last checkpoint, or holds other facts there.</exception>
    public async Task Confirm(MerkleLog log, IReadOnlyList<(long Position, byte[] Leaf)> facts, CancellationToken cancellation)
    {
        var last = facts.Max(fact => fact.Position);
        var signed = (await Covering(log, last, cancellation) ?? throw Break(log, last)).Checkpoint;
        var tree = await LogTree.Of(database, log, signed.Size, [.. facts.Select(fact => fact.Position - 1)], cancellation);
        foreach (var (position, leaf) in facts)
        {
            if (!MerkleTree.Includes(signed.Size, signed.Root, position - 1, leaf, tree.InclusionProof(position - 1)))
            {
                throw Break(log, signed.Size);
            }
        }
    }

    private async Task<SignedCheckpoint?> Of(MerkleLog log, long size, CancellationToken cancellation)
    {
        if (size == 0)
        {
            return null;
        }

        var last = await Last(log, cancellation);
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

        var tree = await Tree(log, size, from, cancellation);
        var root = tree.Root();
        if (last is not null && !MerkleTree.GoesOn(from, last.Checkpoint.Root, size, root, tree.ConsistencyProof(from)))
        {
            throw Break(log, from);
        }

        return await Sign(log, size, root, cancellation);
    }

    private async Task<SignedCheckpoint> Sign(MerkleLog log, long size, byte[] root, CancellationToken cancellation)
    {
        var (name, now) = await keys.Signer(cancellation);
        var checkpoint = new Checkpoint(log.Origin(name), size, root, now);
        var signed = new SignedCheckpoint(checkpoint, await keys.Sign(checkpoint.Text, cancellation));
        await SignedNotes.Keep(
            database, new(log.ID, size, log.RoomID, log.SeatID, root, signed.Note, checkpoint.At), cancellation);
        return signed;
    }

    private BrokenRecordException Break(MerkleLog log, long size)
    {
        broken[log.ID] = size;
        logger.LogCritical("Log {LogID} of room {RoomID} no longer begins with the {Size} facts that were signed: nothing is signed for it "
            + "any more. Export the room and verify it", log.ID, log.RoomID, size);
        return new(log, size);
    }

    private async Task<SignedCheckpoint?> Last(MerkleLog log, CancellationToken cancellation) =>
        await Kept(log, await SignedNotes.Newest(database, log.ID, cancellation), cancellation);

    // Somebody who has the database can write lines, but cannot sign them. A key that is not known yet may be another node's new one.
    private async Task<SignedCheckpoint?> Kept(MerkleLog log, string? note, CancellationToken cancellation) => note is null ? null
        : Read(log, note, await keys.All(cancellation)) ?? Read(log, note, await keys.AllNow(cancellation)) ?? throw Break(log, 0);

    private static SignedCheckpoint? Read(MerkleLog log, string text, IReadOnlyList<PublishedKey> published) =>
        SignedNote.Parse(text) is { } note && published.Any(key => note.IsSignedBy(key.Key))
        && Checkpoint.Parse(note.Text) is { } checkpoint && checkpoint.Origin == log.Origin(published[^1].Key.Name)
            ? new(checkpoint, text) : null;

    private async Task<MerkleTree> Tree(MerkleLog log, long size, long from, CancellationToken cancellation)
    {
        try
        {
            return await LogTree.Of(database, log, size, [from - 1], cancellation);
        }
        catch (BrokenRecordException)
        {
            throw Break(log, from);
        }
    }
}
