namespace Parle.Api.Wakeups;

/// <summary>What a listener heard since it last took stock.</summary>
/// <param name="Signals">Each hint once.</param>
/// <param name="Incomplete">Whether there may have been others: then everything is to be looked at.</param>
public sealed record Heard(IReadOnlyCollection<Signal> Signals, bool Incomplete)
{
    /// <summary>Whether there was a hint of <paramref name="kind"/>, or may have been.</summary>
    public bool Any(SignalKind kind) => Incomplete || Signals.Any(signal => signal.Kind == kind);
}

/// <summary>Somebody who waits for hints. It remembers a bounded number of them, however long it does not take them.</summary>
public sealed class Listener : IDisposable
{
    private const int MaxRemembered = 64;

    private readonly Notifier notifier;
    private readonly HashSet<Guid> keys = [];
    private readonly HashSet<Signal> heard = [];
    private readonly Lock gate = new();
    private bool incomplete;
    private volatile TaskCompletionSource woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Listener(Notifier notifier, IReadOnlyList<Guid> keys)
    {
        this.notifier = notifier;
        AlsoTo(keys);
    }

    /// <summary>Listens for more keys. Whether there was a new one among them.</summary>
    public bool AlsoTo(IReadOnlyList<Guid> more)
    {
        var added = more.Where(keys.Add).ToList();
        added.ForEach(key => notifier.Add(key, this));
        return added.Count > 0;
    }

    /// <summary>Waits for a hint that came since the last call, for at most <paramref name="timeout"/>. False when none came.</summary>
    public async Task<bool> Wait(TimeSpan timeout, TimeProvider clock, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested(); // Also when there always is a hint.
        try
        {
            await woken.Task.WaitAsync(timeout > TimeSpan.Zero ? timeout : TimeSpan.Zero, clock, cancellation);
            woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>What was heard since the last call.</summary>
    public Heard Take()
    {
        lock (gate)
        {
            var taken = new Heard([.. heard], incomplete);
            heard.Clear();
            incomplete = false;
            return taken;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var key in keys)
        {
            notifier.Remove(key, this);
        }
    }

    internal void Hear(Signal signal)
    {
        lock (gate)
        {
            if (heard.Count < MaxRemembered)
            {
                heard.Add(signal);
            }
            else
            {
                incomplete |= !heard.Contains(signal);
            }
        }

        woken.TrySetResult();
    }

    internal void Missed()
    {
        lock (gate)
        {
            incomplete = true;
        }

        woken.TrySetResult();
    }
}
