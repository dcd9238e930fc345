using Parle.Domain.Record;

namespace Parle.Api.Record.Verification;

/// <summary>Verifies one log, from its start, against its signed checkpoints.</summary>
/// <param name="origin">Its name in checkpoints.</param>
/// <param name="signed">The checkpoints.</param>
/// <param name="record">The room's whole record, which may name the bad fact more exactly; null when this is the record.</param>
public sealed class LogCheck(string origin, SignedLogs signed, LogCheck? record = null)
{
    private MerkleFrontier frontier = new();
    private long? doubted;
    private long firstUnsure = 1;

    /// <summary>The number of its facts so far.</summary>
    public long Size => frontier.Size;

    /// <summary>The root over these facts.</summary>
    public byte[] Root => frontier.Root();

    /// <summary>The number of its facts that a checkpoint covers.</summary>
    public long Covered { get; private set; }

    /// <summary>A log that begins with the facts of another one.</summary>
    public LogCheck Begin(MerkleFrontier others, long version)
    {
        (frontier, firstUnsure) = (others.Copy(), version + 1);
        return this;
    }

    /// <summary>Adds the next fact. Returns the fault when a checkpoint of this size does not match.</summary>
    /// <param name="leaf">Its digest.</param>
    /// <param name="version">Its position in the room's record, to name it in a fault.</param>
    /// <param name="indexed">The digest that was stored when the fact was recorded; null for none.</param>
    public Fault? Add(byte[] leaf, long version, byte[]? indexed = null)
    {
        frontier.Add(leaf);
        if (indexed is not null && !indexed.AsSpan().SequenceEqual(leaf))
        {
            doubted ??= version;
        }

        return Compare(version);
    }

    /// <summary>The fault when the log does not match its checkpoint of the present size.</summary>
    public Fault? Compare(long version)
    {
        if (signed.At(origin, Size) is not { } checkpoint)
        {
            return null;
        }

        if (!frontier.Root().AsSpan().SequenceEqual(checkpoint.Root))
        {
            var first = Math.Min(version, Math.Max(firstUnsure, record?.firstUnsure ?? 0));
            return (doubted ?? record?.doubted) is { } bad ? new(bad, "it is not what was recorded")
                : first == version ? new(version, "it is not what was signed")
                : new(first, $"of facts {first} to {version} at least one is not what was signed at {checkpoint.At:u}");
        }

        (Covered, firstUnsure, doubted) = (Size, version + 1, null); // The signed facts are right, whatever an index says.
        return null;
    }

    /// <summary>The fault when a checkpoint covers more facts than the log has.</summary>
    public Fault? End() => signed.Longest(origin) is not { } longest || longest.Size <= Size ? null
        : doubted is { } bad ? new(bad, "it is not what was recorded")
        : new(Size + 1,
            $"it is missing, and all after it up to {longest.Size}: they were there when {longest.Origin} was signed at {longest.At:u}");
}
