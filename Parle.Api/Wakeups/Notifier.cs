using System.Collections.Concurrent;

namespace Parle.Api.Wakeups;

/// <summary>
/// Wakes the waiting readers of this node. A commit notifies only seats whose view or work it changed, so nobody is woken by a hidden fact.
/// A notification never waits for its listeners.
/// </summary>
public sealed class Notifier
{
    private readonly ConcurrentDictionary<Guid, Waiters> waiters = new();

    /// <summary>Raised with the notifications of this node.</summary>
    public event Action<IReadOnlyCollection<Signal>>? Announced;

    /// <summary>Raised when something happened or may have happened, here or on another node.</summary>
    public event Action? Told;

    /// <summary>Listens for <paramref name="keys"/> until disposed. Listen first, then query, then wait: so no change is missed.</summary>
    public Listener Listen(params IReadOnlyList<Guid> keys) => new(this, keys);

    /// <summary>Notifies this node's listeners and the relay to other nodes. Only after the commit.</summary>
    public void Announce(params IReadOnlyCollection<Signal> signals)
    {
        Tell(signals);
        if (signals.Count > 0)
        {
            Announced?.Invoke(signals);
        }
    }

    /// <summary>Notifies this node's listeners.</summary>
    public void Tell(IEnumerable<Signal> signals)
    {
        Told?.Invoke();
        foreach (var signal in signals)
        {
            if (waiters.TryGetValue(signal.Key, out var waiting))
            {
                waiting.Tell(signal);
            }
        }
    }

    /// <summary>Wakes every listener of this node, since a notification may have been missed.</summary>
    public void WakeAll()
    {
        Told?.Invoke();
        foreach (var waiting in waiters.Values)
        {
            waiting.TellMissed();
        }
    }

    /// <summary>Whether a listener on this node waits for <paramref name="key"/>.</summary>
    public bool IsHeardIn(Guid key) => waiters.ContainsKey(key);

    internal void Add(Guid key, Listener listener) =>
        waiters.AddOrUpdate(key, _ => new([listener]), (_, waiting) => waiting.With(listener));

    internal void Remove(Guid key, Listener listener)
    {
        while (waiters.TryGetValue(key, out var waiting))
        {
            var left = waiting.Without(listener);
            if (left.IsEmpty ? waiters.TryRemove(KeyValuePair.Create(key, waiting)) : waiters.TryUpdate(key, left, waiting))
            {
                return;
            }
        }
    }

    // Immutable: compared by reference, and replaced as a whole.
    private sealed class Waiters(Listener[] listeners)
    {
        public bool IsEmpty => listeners.Length == 0;

        public Waiters With(Listener listener) => new([.. listeners, listener]);

        public Waiters Without(Listener listener) => new([.. listeners.Where(other => other != listener)]);

        public void Tell(Signal signal) => Array.ForEach(listeners, listener => listener.Hear(signal));

        public void TellMissed() => Array.ForEach(listeners, listener => listener.Missed());
    }
}
