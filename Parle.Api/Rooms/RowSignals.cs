using System.Collections.Concurrent;

namespace Parle.Api.Rooms;

/// <summary>
/// Wakes those who wait for rows. A hint, never the data: the reader's cursor finds the row, and a hint too many costs one look.
/// Keys are rooms, for rows that everybody may see, and seats, for private ones; so nobody is woken by what is hidden from it.
/// </summary>
public sealed class RowSignals
{
    private readonly ConcurrentDictionary<Guid, Waiters> waiters = new();

    /// <summary>Called on this node after a commit, with the keys whose views gained a row.</summary>
    public event Action<IReadOnlyCollection<Guid>>? Announced;

    /// <summary>Listens for <paramref name="keys"/> until disposed. Listen first, then look, then wait: so nothing falls between.</summary>
    public Listener Listen(params IReadOnlyList<Guid> keys) => new(this, keys);

    /// <summary>Tells this node's readers, and those who tell other nodes, what a commit touched.</summary>
    public void Announce(IReadOnlyCollection<Guid> keys)
    {
        if (keys.Count == 0)
        {
            return;
        }

        Wake(keys);
        Announced?.Invoke(keys);
    }

    /// <summary>Wakes this node's readers of <paramref name="keys"/>.</summary>
    public void Wake(IReadOnlyCollection<Guid> keys)
    {
        foreach (var key in keys)
        {
            if (waiters.TryGetValue(key, out var waiting))
            {
                waiting.Wake();
            }
        }
    }

    /// <summary>Wakes every reader of this node: something may have been missed.</summary>
    public void WakeAll() => Wake([.. waiters.Keys]);

    /// <summary>Whether somebody listens for <paramref name="key"/> on this node.</summary>
    public bool IsHeardIn(Guid key) => waiters.ContainsKey(key);

    /// <summary>Somebody who waits.</summary>
    public sealed class Listener : IDisposable
    {
        private readonly RowSignals signals;
        private readonly IReadOnlyList<Guid> keys;
        private volatile TaskCompletionSource woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Listener(RowSignals signals, IReadOnlyList<Guid> keys)
        {
            (this.signals, this.keys) = (signals, keys);
            foreach (var key in keys)
            {
                signals.waiters.AddOrUpdate(key, _ => new([this]), (_, waiting) => waiting.With(this));
            }
        }

        /// <summary>Waits for a hint that came since the last call, for at most <paramref name="timeout"/>. False when none came.</summary>
        public async Task<bool> Wait(TimeSpan timeout, TimeProvider clock, CancellationToken cancellation)
        {
            try
            {
                await woken.Task.WaitAsync(timeout, clock, cancellation);
                woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
                return true;
            }
            catch (TimeoutException)
            {
                return false;
            }
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            foreach (var key in keys)
            {
                while (signals.waiters.TryGetValue(key, out var waiting))
                {
                    var left = waiting.Without(this);
                    if (left.IsEmpty ? signals.waiters.TryRemove(KeyValuePair.Create(key, waiting)) : signals.waiters.TryUpdate(key, left, waiting))
                    {
                        break;
                    }
                }
            }
        }

        internal void Wake() => woken.TrySetResult();
    }

    // Compared by reference, replaced as a whole.
    private sealed class Waiters(Listener[] listeners)
    {
        public bool IsEmpty => listeners.Length == 0;

        public Waiters With(Listener listener) => new([.. listeners, listener]);

        public Waiters Without(Listener listener) => new([.. listeners.Where(other => other != listener)]);

        public void Wake() => Array.ForEach(listeners, listener => listener.Wake());
    }
}
