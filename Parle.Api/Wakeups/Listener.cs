namespace Parle.Api.Wakeups;

/// <summary>The notifications a listener received since it last took them.</summary>
/// <param name="Signals">The notifications, each once.</param>
/// <param name="Incomplete">Whether some may be missing; then the listener must query everything.</param>
public sealed record ReceivedSignals(IReadOnlyCollection<Signal> Signals, bool Incomplete)
{
    /// <summary>Whether a notification of <paramref name="kind"/> came or may have come.</summary>
    public bool Any(SignalKind kind) => Incomplete || Signals.Any(signal => signal.Kind == kind);
}

/// <summary>A waiter for notifications. It keeps a bounded number of them, however long they are not taken.</summary>
public sealed class Listener : IDisposable
{
    private const int MaxSignals = 64;

    private readonly Notifier notifier;
    private readonly HashSet<Guid> keys = [];
    private readonly HashSet<Signal> received = [];
    private readonly Lock gate = new();
    private bool incomplete;
    private volatile TaskCompletionSource woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Listener(Notifier notifier, IReadOnlyList<Guid> keys)
    {
        this.notifier = notifier;
        Subscribe(keys);
    }

    /// <summary>Listens for more keys too. Returns whether one of them was new.</summary>
    public bool Subscribe(IReadOnlyList<Guid> more)
    {
        var added = more.Where(keys.Add).ToList();
        added.ForEach(key => notifier.Add(key, this));
        return added.Count > 0;
    }

    /// <summary>Waits for a notification since the last call, at most <paramref name="timeout"/>. False when none came.</summary>
    public async Task<bool> Wait(TimeSpan timeout, TimeProvider clock, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested(); // A steady flow of notifications must not hide a cancellation.
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

    /// <summary>Returns the notifications since the last call.</summary>
    public ReceivedSignals Take()
    {
        lock (gate)
        {
            var taken = new ReceivedSignals([.. received], incomplete);
            received.Clear();
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

    internal void Receive(Signal signal)
    {
        lock (gate)
        {
            if (received.Count < MaxSignals)
            {
                received.Add(signal);
            }
            else
            {
                incomplete |= !received.Contains(signal);
            }
        }

        woken.TrySetResult();
    }

    internal void MarkIncomplete()
    {
        lock (gate)
        {
            incomplete = true;
        }

        woken.TrySetResult();
    }
}
