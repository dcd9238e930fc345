using Parle.Domain;

namespace Parle.Api.Bounds;

/// <summary>A step on the way from a node to the holder of something.</summary>
/// <param name="ID">The holder.</param>
/// <param name="IsBelow">Whether it acts below the holder before it, see <see cref="HeldShares"/>.</param>
/// <param name="Limit">The most that it may hold, with all holders behind it.</param>
/// <param name="Cap">The limit's name.</param>
public readonly record struct Holder(Guid ID, bool IsBelow, int Limit, string Cap);

/// <summary>
/// Shares of something that a node holds for many callers at the same time. A holder may hold no more than it leaves free: the first leaves
/// half, the next half of that, so there is always some left for another. Holders that act below another one together have half of its
/// limit, and that one itself at most three quarters: so each leaves some to the other.
/// </summary>
/// <param name="limit">The limit of the node.</param>
/// <param name="cap">The name of that limit.</param>
public sealed class HeldShares(int limit, string cap)
{
    private readonly Lock taking = new();
    private readonly Held all = new();

    /// <summary>The amount that is held.</summary>
    public int Total
    {
        get
        {
            lock (taking)
            {
                return all.Total;
            }
        }
    }

    /// <summary>
    /// Takes an amount for the last holder on the way, or returns the limit that is reached. Disposing the lease gives it back, once.
    /// </summary>
    /// <param name="amount">The amount.</param>
    /// <param name="way">The holders from the node to the last one.</param>
    /// <param name="anyway">Whether to skip the limits, because something else is given back at once.</param>
    public (IDisposable? Lease, Cap? Full) Take(int amount, IReadOnlyList<Holder> way, bool anyway = false)
    {
        lock (taking)
        {
            if (!anyway && Obstacle(amount, way) is { } full)
            {
                return (null, full);
            }

            Change(amount, way);
            return (new Lease(this, amount, way), null);
        }
    }

    private Cap? Obstacle(int amount, IReadOnlyList<Holder> way)
    {
        Held? held = all;
        var (bound, name) = (limit, cap);
        foreach (var step in way)
        {
            var (total, below) = (held?.Total ?? 0, held?.Below ?? 0);
            held = held?.Behind?.GetValueOrDefault(step.ID);
            var free = step.IsBelow ? Math.Min((bound / 2) - below, bound - total) : bound - total;
            if ((held?.Total ?? 0) + amount > free)
            {
                return new(name, null, bound); // The amount that others hold is not revealed.
            }

            (bound, name) = (step.Limit, step.Cap);
        }

        var own = (held?.Total ?? 0) - (held?.Below ?? 0);
        return own + amount > Math.Max(1, bound - (bound / 4)) || (held?.Total ?? 0) + amount > bound ? new(name, own, bound) : null;
    }

    private void Change(int amount, IReadOnlyList<Holder> way)
    {
        var held = all;
        held.Total += amount;
        foreach (var step in way)
        {
            held.Below += step.IsBelow ? amount : 0;
            var behind = held.Behind ??= [];
            if (!behind.TryGetValue(step.ID, out var next))
            {
                behind.Add(step.ID, next = new());
            }

            next.Total += amount;
            if (next.Total == 0)
            {
                behind.Remove(step.ID);
            }

            held = next;
        }
    }

    private void Return(int amount, IReadOnlyList<Holder> way)
    {
        lock (taking)
        {
            Change(-amount, way);
        }
    }

    private sealed class Held
    {
        public int Total { get; set; }

        public int Below { get; set; }

        public Dictionary<Guid, Held>? Behind { get; set; }
    }

    private sealed class Lease(HeldShares shares, int amount, IReadOnlyList<Holder> way) : IDisposable
    {
        private int returned;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref returned, 1) == 0)
            {
                shares.Return(amount, way);
            }
        }
    }
}
