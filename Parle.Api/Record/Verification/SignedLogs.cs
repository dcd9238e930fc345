using Parle.Domain.Record;

namespace Parle.Api.Record.Verification;

/// <summary>The checkpoints that were signed of logs, and how far the logs were found to agree.</summary>
public sealed class SignedLogs
{
    private readonly Dictionary<string, SortedDictionary<long, Checkpoint>> logs = [];

    /// <summary>How many checkpoints there are.</summary>
    public int Count => logs.Values.Sum(log => log.Count);

    /// <summary>Adds one; the fault when it contradicts another.</summary>
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

    /// <summary>The checkpoint of a log at a size; null when none was signed.</summary>
    public Checkpoint? At(string origin, long size) => logs.GetValueOrDefault(origin)?.GetValueOrDefault(size);

    /// <summary>Whether anything was signed of a log.</summary>
    public bool Has(string origin) => logs.ContainsKey(origin);

    /// <summary>The logs of which something was signed.</summary>
    public IReadOnlyCollection<string> Origins => logs.Keys;

    /// <summary>The longest that was signed of a log.</summary>
    public Checkpoint? Longest(string origin) => logs.GetValueOrDefault(origin)?.Values.LastOrDefault();
}
