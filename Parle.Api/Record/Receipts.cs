using System.Text.Json;
using Npgsql;
using Parle.Domain.Record;
using Parle.Projections.Auditing;
using Parle.Projections.Rooms;

namespace Parle.Api.Record;

/// <summary>Makes receipts of facts, and checkpoints with consistency proofs.</summary>
public sealed class Receipts(NpgsqlDataSource database, Checkpoints checkpoints, Statements statements, SigningKeys keys)
{
    /// <summary>A fact's position in a log, and the fact as stored; null when the log does not hold it.</summary>
    public async Task<(long Position, AuditRow Fact)?> Find(MerkleLog log, Guid eventID, CancellationToken cancellation)
    {
        var position = log is ViewLog view
            ? await TimelinePage.PositionOf(database, view.RoomID, view.Seat, view.Before, eventID, cancellation) : (long?)null;
        return (log is RoomLog || position is not null) && await RecordPage.Fact(database, log.RoomID, eventID, cancellation) is { } fact
            ? (position ?? fact.Version, fact) : null;
    }

    /// <summary>The receipt of a fact.</summary>
    /// <param name="log">The log.</param>
    /// <param name="position">The fact's position in the log, from 1.</param>
    /// <param name="fact">The fact.</param>
    /// <param name="contents">The ids of the contents to include, except erased ones; null to include none.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<SignedReceipt> Of(
        MerkleLog log, long position, AuditRow fact, IReadOnlyList<Guid>? contents, CancellationToken cancellation)
    {
        var signed = await checkpoints.Covering(log, position, cancellation)
            ?? throw new InvalidOperationException($"Log {log.ID} is shorter than position {position}.");
        var tree = await LogTree.Of(database, log, signed.Checkpoint.Size, [position - 1], cancellation);
        var text = log is RoomLog
            ? CanonicalFact.EntryOf(log.RoomID, fact.EventID, fact.Type, fact.At, fact.Data, fact.Headers, fact.Correlation)
            : CanonicalFact.Of(log.RoomID, fact.EventID, fact.Type, fact.At, fact.Data, fact.Headers);
        var parsed = JsonElement.Parse(text);
        var names = await statements.NamesIn(log.RoomID, [parsed], cancellation);
        return new(
            SignedReceipt.FormatName, NameOf(log), position, parsed, names.Names, signed.Note,
            [.. tree.InclusionProof(position - 1).Select(Convert.ToBase64String)],
            await statements.Sign(
                (name, at) => Statement.Names(Statement.OriginOfNames(name, log.RoomID, fact.EventID), names.Digest, at), cancellation),
            null, await Keys(cancellation), await Contents(log.RoomID, contents, cancellation));
    }

    /// <summary>The receipt of a fact that its holder can hand on: it tells nothing of the holder's view but this fact.</summary>
    /// <param name="view">The holder's view.</param>
    /// <param name="position">The fact's position in the view, from 1.</param>
    /// <param name="fact">The fact; one that the whole room saw.</param>
    /// <param name="contents">The ids of the contents to include, except erased ones; null to include none.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="BrokenRecordException">The fact is not what was signed in the view.</exception>
    public async Task<SignedReceipt> ForAnyone(
        ViewLog view, long position, AuditRow fact, IReadOnlyList<Guid>? contents, CancellationToken cancellation)
    {
        var text = CanonicalFact.Of(view.RoomID, fact.EventID, fact.Type, fact.At, fact.Data, fact.Headers);
        var leaf = MerkleTree.LeafHash(text);
        await checkpoints.Confirm(view, [(position, leaf)], cancellation);
        var parsed = JsonElement.Parse(text);
        var names = await statements.NamesIn(view.RoomID, [parsed], cancellation);
        return new(
            SignedReceipt.StatementFormatName, null, null, parsed, names.Names, null, null, null,
            await statements.Sign(
                (name, at) => Statement.Fact(Statement.OriginOfFact(name, view.RoomID, fact.EventID), leaf, names.Digest, at),
                cancellation),
            await Keys(cancellation), await Contents(view.RoomID, contents, cancellation));
    }

    /// <summary>
    /// A checkpoint of the log as it is now; null for a log without facts, or one that is shorter than <paramref name="from"/>.
    /// </summary>
    /// <param name="log">The log.</param>
    /// <param name="from">The size of the caller's checkpoint; null for none.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<SignedCheckpointView?> CheckpointOf(MerkleLog log, long? from, CancellationToken cancellation)
    {
        if (await checkpoints.Now(log, cancellation) is not { Checkpoint: var checkpoint } signed || from > checkpoint.Size)
        {
            return null;
        }

        var proof = from is { } before
            ? (await LogTree.Of(database, log, checkpoint.Size, [before - 1], cancellation)).ConsistencyProof(before) : null;
        return new(NameOf(log), checkpoint.Size, signed.Note, proof?.Select(Convert.ToBase64String).ToList(), await Keys(cancellation));
    }

    private async Task<IReadOnlyList<ReceiptContent>?> Contents(
        Guid roomID, IReadOnlyList<Guid>? contents, CancellationToken cancellation) => contents is null ? null
        : [.. (await RecordPage.Contents(database, roomID, contents, cancellation))
            .Select(found => new ReceiptContent(found.Key, found.Value.Salt, found.Value.Body))];

    private async Task<IReadOnlyList<string>> Keys(CancellationToken cancellation) =>
        [.. (await keys.All(cancellation)).Select(key => key.Key.ToString())];

    private static string NameOf(MerkleLog log) => log is RoomLog ? SignedReceipt.RecordLog : SignedReceipt.ViewLog;
}
