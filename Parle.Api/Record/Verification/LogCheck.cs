using Parle.Domain.Record;

namespace Parle.Api.Record.Verification;

/// <summary>One log, read from its start, beside what was signed of it.</summary>
/// <param name="origin">Its name in checkpoints.</param>
/// <param name="signed">The checkpoints.</param>
/// <param name="record">The room's whole record, which may know better which fact is bad; null when this is it.</param>
public sealed class LogCheck(string origin, SignedLogs signed, LogCheck? record = null)
{
    private MerkleFrontier frontier = new();
    private long? doubted;
    private long firstUnsure = 1;

    /// <summary>How many facts it has.</summary>
    public long Size => frontier.Size;

    /// <summary>The root over them.</summary>
    public byte[] Root => frontier.Root();

    /// <summary>How many of its facts are covered by what was signed.</summary>
    public long Covered { get; private set; }

    /// <summary>A log that begins with the facts of another one.</summary>
    public LogCheck Begin(MerkleFrontier others, long version)
    {
        (frontier, firstUnsure) = (others.Copy(), version + 1);
        return this;
    }

    /// <summary>Adds the next fact; the fault when this is not what was signed.</summary>
    /// <param name="leaf">Its digest.</param>
    /// <param name="version">Its place in the room's record, by which it is named.</param>
    /// <param name="indexed">The digest that was kept when it was recorded; null when none was.</param>
    public Fault? Add(byte[] leaf, long version, byte[]? indexed = null)
    {
        frontier.Add(leaf);
        if (indexed is not null && !indexed.AsSpan().SequenceEqual(leaf))
        {
            doubted ??= version;
        }

        return Compare(version);
    }

    /// <summary>The fault when what is there now is not what was signed of it.</summary>
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

    /// <summary>The fault when more was signed than is there.</summary>
    public Fault? End() => signed.Longest(origin) is not { } longest || longest.Size <= Size ? null
        : doubted is { } bad ? new(bad, "it is not what was recorded")
        : new(Size + 1,
            $"it is missing, and all after it up to {longest.Size}: they were there when {longest.Origin} was signed at {longest.At:u}");
}
