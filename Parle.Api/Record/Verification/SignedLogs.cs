using Parle.Domain.Record;

namespace Parle.Api.Record.Verification;

/// <summary>The signed checkpoints of several logs.</summary>
public sealed class SignedLogs
{
    private readonly Dictionary<string, SortedDictionary<long, Checkpoint>> logs = [];

    /// <summary>The number of checkpoints.</summary>
    public int Count => logs.Values.Sum(log => log.Count);

    /// <summary>Adds a checkpoint. Returns the fault when it contradicts another one.</summary>
    public Fault? Add(Checkpoint checkpoint)
    {
        var log = logs.TryGetValue(checkpoint.Origin, out var known) ? known : logs[checkpoint.Origin] = [];
        if (log.TryGetValue(checkpoint.Size, out var other) && !other.Root.AsSpan().SequenceEqual(checkpoint.Root))
        {
            return new(null, $"the record was forked: two different records of {checkpoint.Size} facts were signed for "
                + $"{checkpoint.Origin}, at {other.At:u} and at {checkpoint.At:u}");
        }

        log[checkpoint.Size] = checkpoint;
        return null;
    }

    /// <summary>The checkpoint of a log at a size; null for none.</summary>
    public Checkpoint? At(string origin, long size) => logs.GetValueOrDefault(origin)?.GetValueOrDefault(size);

    /// <summary>Whether a log has a checkpoint.</summary>
    public bool Has(string origin) => logs.ContainsKey(origin);

    /// <summary>The logs that have a checkpoint.</summary>
    public IReadOnlyCollection<string> Origins => logs.Keys;

    /// <summary>The size of a log's largest checkpoint.</summary>
    public Checkpoint? Longest(string origin) => logs.GetValueOrDefault(origin)?.Values.LastOrDefault();
}
