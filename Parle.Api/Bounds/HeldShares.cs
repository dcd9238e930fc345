using Parle.Domain;

namespace Parle.Api.Bounds;

/// <summary>A step of the way from a node to who holds something.</summary>
/// <param name="ID">Who shares there.</param>
/// <param name="IsBelow">Whether it acts below the one before it, see <see cref="HeldShares"/>.</param>
/// <param name="Limit">How much it may hold, with all behind it.</param>
/// <param name="Cap">What that bound is called.</param>
public readonly record struct Holder(Guid ID, bool IsBelow, int Limit, string Cap);

/// <summary>
/// What a node holds for many at the same time, and of which each has a share. Of those side by side nobody may hold more than it leaves
/// free: one leaves half, and the next one half of that, so that whoever comes finds something. What acts below another one is held within
/// half of that one's limit, and itself holds at most three quarters: so each leaves the other some.
/// </summary>
/// <param name="limit">How much there is.</param>
/// <param name="cap">What that bound is called.</param>
public sealed class HeldShares(int limit, string cap)
{
    private readonly Lock taking = new();
    private readonly Held all = new();

    /// <summary>How much is held.</summary>
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
    /// Takes some of it for whoever is at the end of the way; or says which bound is reached. Disposing gives it back, once.
    /// </summary>
    /// <param name="amount">How much.</param>
    /// <param name="way">From the node to who holds it.</param>
    /// <param name="anyway">Whether it replaces something that is given back at once, and so is not refused.</param>
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
                return new(name, null, bound); // How much others hold is not told.
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
