using System.Collections.Concurrent;

namespace Parle.Api.Bounds;

/// <summary>A step on the way from a whole to the sender of a request.</summary>
/// <param name="ID">The party.</param>
/// <param name="IsBelow">Whether it acts below the party before it, and so shares the half that is not that party's own.</param>
public readonly record struct Party(Guid ID, bool IsBelow);

/// <summary>
/// A rate that many parties share. Parties side by side have equal parts, and only active ones count. Parties that act below another one
/// share half of its part; the other half stays its own. So nobody gains by being many, and a flood leaves all others their parts. A party
/// that is alone has the whole.
/// </summary>
/// <remarks>
/// A party is active until <see cref="Window"/> after its last attempt. A new party can send at once, even where the others used up
/// everything: its first requests are an advance on the next refill. Each whole has one lock, and a take costs a few additions for each
/// step.
/// </remarks>
/// <param name="perSecond">The refill rate of a whole, in requests per second.</param>
/// <param name="burst">The capacity of a whole, in requests.</param>
/// <param name="clock">The service's clock.</param>
public sealed class FairShares(int perSecond, int burst, TimeProvider clock)
{
    /// <summary>The time after its last attempt in which a party has a part.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(3);

    private const double Rounding = 1e-6; // A party that retries at exactly the stated time must not be refused again.

    // After this time everything is refilled, so a forgotten party gains nothing.
    private readonly TimeSpan memory = Window + TimeSpan.FromSeconds((double)burst / perSecond);
    private readonly ConcurrentDictionary<Guid, Share> wholes = new();
    private long lookedAt = clock.GetUtcNow().UtcTicks;

    /// <summary>The number of wholes in memory.</summary>
    public int Remembered => wholes.Count;

    /// <summary>
    /// Takes one request from the part of the last party on the way. Returns the time to wait when that part is used up; null when the
    /// request was taken.
    /// </summary>
    /// <param name="wholeID">The whole: a room, or a party that has all of it.</param>
    /// <param name="way">The parties from there to the sender; empty when the whole's own party sends.</param>
    public TimeSpan? Take(Guid wholeID, params ReadOnlySpan<Party> way)
    {
        var now = clock.GetUtcNow();
        Forget(now);
        while (true)
        {
            var whole = wholes.GetOrAdd(wholeID, static (_, of) => new(of.now, of.burst), (now, burst: (double)burst));
            lock (whole)
            {
                if (!whole.IsForgotten)
                {
                    return Take(whole, way, now);
                }
            }
        }
    }

    private TimeSpan? Take(Share whole, ReadOnlySpan<Party> way, DateTimeOffset now)
    {
        var (share, part, wait) = (whole, new Part(perSecond, burst), 0.0);
        share.TriedAt = now;
        foreach (var party in way)
        {
            var child = share.Child(party, part, now, memory);
            wait = Math.Max(wait, share.WaitBelow(part));
            (share, part) = (child, share.PartOfEach(part));
        }

        share.Count(now, memory);
        share.Fill(part, now);
        wait = Math.Max(wait, share.Wait(part));
        if (wait > 0)
        {
            return TimeSpan.FromSeconds(wait);
        }

        share = whole;
        foreach (var party in way)
        {
            share = share.TakeBelow(party.ID);
        }

        share.TakeOwn();
        return null;
    }

    // Now and then one caller checks all wholes.
    private void Forget(DateTimeOffset now)
    {
        var before = Interlocked.Read(ref lookedAt);
        if (now.UtcTicks - before < memory.Ticks || Interlocked.CompareExchange(ref lookedAt, now.UtcTicks, before) != before)
        {
            return;
        }

        foreach (var (id, whole) in wholes)
        {
            lock (whole)
            {
                if (now - whole.TriedAt > memory)
                {
                    whole.IsForgotten = true;
                    wholes.TryRemove(id, out _);
                }
            }
        }
    }

    private readonly record struct Part(double PerSecond, double Burst)
    {
        public static Part operator *(Part part, double times) => new(part.PerSecond * times, part.Burst * times);
    }

    private sealed class Share(DateTimeOffset now, double full)
    {
        private static readonly TimeSpan countEvery = TimeSpan.FromSeconds(1);

        private Dictionary<Guid, Share>? children;
        private int active;
        private DateTimeOffset countedAt = now, filledAt = now;
        private double forChildren; // The children's part of the rate; 0 while none is active.
        private double own = full;
        private double below; // The rest of all children together. Below zero: the advances to new ones.

        public DateTimeOffset TriedAt { get; set; } = now;

        public bool IsForgotten { get; set; }

        public Share Child(Party party, Part part, DateTimeOffset now, TimeSpan memory)
        {
            Count(now, memory);
            Fill(part, now);
            var isNew = children?.ContainsKey(party.ID) is not true;
            active += isNew || now - children![party.ID].TriedAt > Window ? 1 : 0;
            Divide(party.IsBelow ? 0.5 : 1);
            children ??= [];
            if (isNew)
            {
                children.Add(party.ID, new(now, Math.Max(1, PartOfEach(part).Burst)));
            }

            var child = children[party.ID];
            child.TriedAt = now;
            return child;
        }

        // A silent party loses its part after a while, and is forgotten after another while.
        public void Count(DateTimeOffset now, TimeSpan memory)
        {
            if (children is null || now - countedAt < countEvery)
            {
                return;
            }

            (active, countedAt) = (0, now);
            foreach (var (id, child) in children)
            {
                if (now - child.TriedAt > memory)
                {
                    children.Remove(id);
                }
                else if (now - child.TriedAt <= Window)
                {
                    active++;
                }
            }

            if (active == 0 && forChildren < 1)
            {
                Divide(0);
            }
        }

        public void Fill(Part part, DateTimeOffset now)
        {
            var seconds = Math.Max(0, (now - filledAt).TotalSeconds); // A clock that was set back refills nothing.
            filledAt = now;
            own = Filled(own, part * (1 - forChildren), seconds);
            below = Filled(below, part * forChildren, seconds);
        }

        public Part PartOfEach(Part part) => part * (forChildren / Math.Max(1, active));

        public double WaitBelow(Part part) =>
            part * forChildren is var theirs && 1 - below - theirs.Burst is > Rounding and var missing ? missing / theirs.PerSecond : 0;

        public double Wait(Part part) => 1 - own is > Rounding and var missing ? missing / (part.PerSecond * (1 - forChildren)) : 0;

        public Share TakeBelow(Guid id)
        {
            below--;
            return children![id];
        }

        public void TakeOwn() => own--;

        // The held amount is divided like the rate.
        private void Divide(double childrens)
        {
            if (childrens == forChildren)
            {
                return;
            }

            var all = own + Math.Max(0, below);
            (own, below, forChildren) = (all * (1 - childrens), all * childrens, childrens);
        }

        private static double Filled(double held, Part part, double seconds) =>
            Math.Min(held + (seconds * part.PerSecond), part.PerSecond == 0 ? 0 : Math.Max(1, part.Burst));
    }
}
