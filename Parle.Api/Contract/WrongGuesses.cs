using System.Threading.RateLimiting;
using Parle.Api.Bounds;
using Parle.Domain;

namespace Parle.Api.Contract;

/// <summary>
/// How often one network may present what opens nothing, in a minute and on this node. Only what was wrong counts. Beyond the bound what a
/// network presents is still looked up, a few at a time and in its own queue; what is right is let in, and what is wrong is told to wait.
/// So nobody is locked out by a neighbour, and everybody else's look-ups wait for none of it.
/// </summary>
/// <param name="perMinute">How often; 0 for any number.</param>
/// <param name="cap">What the bound is called.</param>
public sealed class WrongGuesses(int perMinute, string cap) : IDisposable
{
    /// <summary>How many of a network beyond the bound are looked up at the same time.</summary>
    public const int AtOnce = 4;

    /// <summary>How many of them may wait for that.</summary>
    // As many as a crowd behind one address has connections: a wrong one costs a short look-up, a right one turned away its owner.
    public const int Waiting = 4096;

    private static readonly TimeSpan within = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan soon = TimeSpan.FromMilliseconds(250);

    private readonly PartitionedRateLimiter<Network>? wrong = perMinute == 0 ? null : PartitionedRateLimiter.CreateChained(
        Each(network => network.Own, perMinute), Each(network => network.Site, Network.SitesShare(perMinute)));

    private readonly Lazy<PartitionedRateLimiter<string>> queues = new(
        () => PartitionedRateLimiter.Create<string, string>(network => RateLimitPartition.GetConcurrencyLimiter(
            network, _ => new() { PermitLimit = AtOnce, QueueLimit = Waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst })));

    /// <summary>Whether this network presented too much that was wrong; asking does not count.</summary>
    public bool IsOver(HttpContext context)
    {
        using var lease = wrong?.AttemptAcquire(Network.Of(context), permitCount: 0);
        return lease is { IsAcquired: false };
    }

    /// <summary>Looks something up, in its network's queue where that presented too much; and counts it when it was wrong.</summary>
    /// <typeparam name="T">What comes of it.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="look">Looks.</param>
    /// <param name="isWrong">Whether what came of it says that what was presented opens nothing.</param>
    public async Task<(T? Found, Refusal? TooMany)> Look<T>(HttpContext context, Func<Task<T>> look, Func<T, bool> isWrong)
    {
        using var turn = IsOver(context) ? await queues.Value.AcquireAsync(Network.Of(context).Widest, 1, context.RequestAborted) : null;
        if (turn is { IsAcquired: false })
        {
            return (default, Refuse(soon));
        }

        var found = await look();
        return isWrong(found) && Count(context) is { } tooMany ? (default, tooMany) : (found, null);
    }

    /// <summary>This network presented something that is wrong. What to say when that is once too often.</summary>
    public Refusal? Count(HttpContext context)
    {
        using var lease = wrong?.AttemptAcquire(Network.Of(context));
        return lease is not { IsAcquired: false }
            ? null : Refuse(lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : within);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        wrong?.Dispose();
        if (queues.IsValueCreated)
        {
            queues.Value.Dispose();
        }
    }

    private static PartitionedRateLimiter<Network> Each(Func<Network, string?> key, int times) =>
        PartitionedRateLimiter.Create<Network, string>(network => key(network) is { } name
            ? RateLimitPartition.GetFixedWindowLimiter(name, _ => new() { PermitLimit = times, Window = within, QueueLimit = 0 })
            : RateLimitPartition.GetNoLimiter(""));

    private Refusal Refuse(TimeSpan wait) => Refusals.RateLimited with
    {
        RetryAfterMs = (int)Math.Ceiling(wait.TotalMilliseconds),
        Cap = new(cap, null, perMinute,
            "What opens nothing was sent from your network too often. What is right is let in all the same: see that yours is."),
    };
}
