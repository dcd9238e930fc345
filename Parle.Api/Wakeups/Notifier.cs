using System.Collections.Concurrent;

namespace Parle.Api.Wakeups;

/// <summary>
/// Wakes the waiting readers of this node. A commit notifies only seats whose view or work it changed, so a hidden fact wakes nobody.
/// A notification never waits for its listeners.
/// </summary>
public sealed class Notifier
{
    private readonly ConcurrentDictionary<Guid, Listeners> listenersByKey = new();

    /// <summary>Raised with the notifications that this node sends to others.</summary>
    public event Action<IReadOnlyCollection<Signal>>? Announced;

    /// <summary>Raised with every notification, of this node or another, and when one may have been missed.</summary>
    public event Action? Notified;

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
        Notified?.Invoke();
        foreach (var signal in signals)
        {
            if (listenersByKey.TryGetValue(signal.Key, out var waiting))
            {
                waiting.Notify(signal);
            }
        }
    }

    /// <summary>Wakes every listener of this node, since a notification may have been missed.</summary>
    public void WakeAll()
    {
        Notified?.Invoke();
        foreach (var waiting in listenersByKey.Values)
        {
            waiting.MarkIncomplete();
        }
    }

    /// <summary>Whether a listener on this node waits for <paramref name="key"/>.</summary>
    public bool HasListener(Guid key) => listenersByKey.ContainsKey(key);

    internal void Add(Guid key, Listener listener) =>
        listenersByKey.AddOrUpdate(key, _ => new([listener]), (_, waiting) => waiting.With(listener));

    internal void Remove(Guid key, Listener listener)
    {
        while (listenersByKey.TryGetValue(key, out var waiting))
        {
            var left = waiting.Without(listener);
            if (left.IsEmpty ? listenersByKey.TryRemove(KeyValuePair.Create(key, waiting)) : listenersByKey.TryUpdate(key, left, waiting))
            {
                return;
            }
        }
    }

    // Immutable: compared by reference, and replaced as a whole.
    private sealed class Listeners(Listener[] listeners)
    {
        public bool IsEmpty => listeners.Length == 0;

        public Listeners With(Listener listener) => new([.. listeners, listener]);

        public Listeners Without(Listener listener) => new([.. listeners.Where(other => other != listener)]);

        public void Notify(Signal signal) => Array.ForEach(listeners, listener => listener.Receive(signal));

        public void MarkIncomplete() => Array.ForEach(listeners, listener => listener.MarkIncomplete());
    }
}
