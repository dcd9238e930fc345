using Npgsql;
using Parle.Domain.Record;
using Parle.Projections.Record;
using Parle.Projections.Rooms;

namespace Parle.Api.Record;

/// <summary>An append-only log that checkpoints and proofs are about.</summary>
/// <param name="ID">The room's id, or the seat's.</param>
/// <param name="RoomID">The room.</param>
public abstract record MerkleLog(Guid ID, Guid RoomID)
{
    /// <summary>The seat whose view it is; null for the room's whole record.</summary>
    public abstract Guid? SeatID { get; }

    /// <summary>Its name in checkpoints of the service called <paramref name="name"/>.</summary>
    public abstract string Origin(string name);

    /// <summary>The number of its facts.</summary>
    public abstract Task<long> Size(NpgsqlDataSource database, CancellationToken cancellation);

    /// <summary>The digests of consecutive facts.</summary>
    /// <param name="database">The database of the facts.</param>
    /// <param name="from">The first one's index, from 0.</param>
    /// <param name="count">The number of facts; the log has as many.</param>
    /// <param name="cancellation">Gives up.</param>
    public abstract Task<IReadOnlyList<byte[]>> Leaves(NpgsqlDataSource database, long from, int count, CancellationToken cancellation);
}

/// <summary>A room's whole record, for its owner and its auditors.</summary>
public sealed record RoomLog(Guid RoomID) : MerkleLog(RoomID, RoomID)
{
    /// <inheritdoc/>
    public override Guid? SeatID => null;

    /// <inheritdoc/>
    public override string Origin(string name) => Checkpoint.OriginOfRoom(name, RoomID);

    /// <inheritdoc/>
    public override Task<long> Size(NpgsqlDataSource database, CancellationToken cancellation) =>
        RoomRecord.Size(database, RoomID, cancellation);

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<byte[]>> Leaves(
        NpgsqlDataSource database, long from, int count, CancellationToken cancellation) =>
        [.. (await RoomRecord.Facts(database, RoomID, from, count, cancellation)).Select(fact => MerkleTree.LeafHash(
            CanonicalFact.EntryOf(RoomID, fact.EventID, fact.Type, fact.At, fact.Data, fact.Headers, fact.Correlation)))];
}

/// <summary>One seat's view of a room, for the participants of that seat: it holds nothing that the seat cannot see (law 2).</summary>
/// <param name="RoomID">The room.</param>
/// <param name="Seat">The seat.</param>
/// <param name="Before">The number of common rows before the view.</param>
public sealed record ViewLog(Guid RoomID, Guid Seat, long Before) : MerkleLog(Seat, RoomID)
{
    /// <inheritdoc/>
    public override Guid? SeatID => Seat;

    /// <inheritdoc/>
    public override string Origin(string name) => Checkpoint.OriginOfView(name, RoomID, Seat);

    /// <inheritdoc/>
    public override Task<long> Size(NpgsqlDataSource database, CancellationToken cancellation) =>
        TimelinePage.Head(database, RoomID, Seat, Before, cancellation);

    /// <inheritdoc/>
    public override Task<IReadOnlyList<byte[]>> Leaves(NpgsqlDataSource database, long from, int count, CancellationToken cancellation) =>
        TimelinePage.Leaves(database, RoomID, Seat, Before, from, count, cancellation);
}

/// <summary>The hash trees of logs. Nodes above 256 complete ones never change, so they are stored once computed.</summary>
public static class LogTree
{
    /// <summary>The tree of a log's first <paramref name="size"/> facts, with the nodes that some proofs need.</summary>
    /// <param name="database">The database of the facts and the stored nodes.</param>
    /// <param name="log">The log.</param>
    /// <param name="size">The number of facts; the log has at least as many.</param>
    /// <param name="indexes">The proofs to come: the index of a leaf for its inclusion, the last index of the smaller tree for
    /// consistency.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<MerkleTree> Of(
        NpgsqlDataSource database, MerkleLog log, long size, IReadOnlyList<long> indexes, CancellationToken cancellation)
    {
        var nodes = new Dictionary<(int Level, long Index), byte[]>();
        foreach (var range in MerkleTree.NodesFor(size, indexes))
        {
            foreach (var (hash, i) in (await Nodes(database, log, range, cancellation)).Select((hash, i) => (hash, i)))
            {
                nodes[(range.Level, range.From + i)] = hash;
            }
        }

        return new(size, (level, index) => nodes[(level, index)]);
    }

    private static async Task<IReadOnlyList<byte[]>> Nodes(
        NpgsqlDataSource database, MerkleLog log, NodeRange range, CancellationToken cancellation)
    {
        if (range.Level == 0)
        {
            var leaves = await log.Leaves(database, range.From, (int)(range.To - range.From), cancellation);
            return leaves.Count == range.To - range.From ? leaves : throw new BrokenRecordException(log, range.To);
        }

        var kept = await LogNodes.Find(database, log.ID, range.Level, range.From, range.To, cancellation);
        var made = new List<(long Index, byte[] Hash)>();
        for (var index = range.From; index < range.To; index++)
        {
            if (!kept.ContainsKey(index))
            {
                made.Add((index, kept[index] = MerkleTree.Above(await Nodes(
                    database, log, new(range.Level - 1, index * MerkleTree.Width, (index + 1) * MerkleTree.Width), cancellation))));
            }
        }

        if (made.Count > 0)
        {
            await LogNodes.Keep(database, log.ID, range.Level, made, cancellation);
        }

        return [.. kept.OrderBy(node => node.Key).Select(node => node.Value)];
    }
}
