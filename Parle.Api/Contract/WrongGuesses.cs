using System.Threading.RateLimiting;
using Parle.Api.Bounds;
using Parle.Domain;

namespace Parle.Api.Contract;

/// <summary>
/// The limit on invalid credentials from one network, in a minute and on this node. Only invalid ones count. Beyond the limit a network's
/// credentials are still looked up, a few at a time and in its own queue: a valid one is let in, an invalid one is told to wait. So nobody
/// is locked out by a neighbour, and no other network waits for this one's look-ups.
/// </summary>
/// <param name="perMinute">The limit in a minute; 0 for none.</param>
/// <param name="cap">The limit's name.</param>
public sealed class WrongGuesses(int perMinute, string cap) : IDisposable
{
    /// <summary>Most simultaneous look-ups of a network beyond the limit.</summary>
    public const int AtOnce = 4;

    /// <summary>Most look-ups of such a network that wait.</summary>
    // As many as a crowd behind one address has connections. An invalid one costs a short look-up; a valid one must not be turned away.
    public const int Waiting = 4096;

    private static readonly TimeSpan within = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan soon = TimeSpan.FromMilliseconds(250);

    private readonly PartitionedRateLimiter<Network>? wrong = perMinute == 0 ? null : PartitionedRateLimiter.CreateChained(
        Each(network => network.Own, perMinute), Each(network => network.Site, Network.SitesShare(perMinute)));

    private readonly Lazy<PartitionedRateLimiter<string>> queues = new(
        () => PartitionedRateLimiter.Create<string, string>(network => RateLimitPartition.GetConcurrencyLimiter(
            network, _ => new() { PermitLimit = AtOnce, QueueLimit = Waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst })));

    /// <summary>Whether the network is beyond the limit. This does not count as an attempt.</summary>
    public bool IsOver(HttpContext context)
    {
        using var lease = wrong?.AttemptAcquire(Network.Of(context), permitCount: 0);
        return lease is { IsAcquired: false };
    }

    /// <summary>Looks a credential up, in its network's queue if that is beyond the limit, and counts it if it is invalid.</summary>
    /// <typeparam name="T">The type of the look-up's result.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="look">Looks the credential up.</param>
    /// <param name="isWrong">Whether the result means an invalid credential.</param>
    public async Task<(T? Found, Refusal? TooMany)> LookUp<T>(HttpContext context, Func<Task<T>> look, Func<T, bool> isWrong)
    {
        using var turn = IsOver(context) ? await queues.Value.AcquireAsync(Network.Of(context).Widest, 1, context.RequestAborted) : null;
        if (turn is { IsAcquired: false })
        {
            return (default, Refuse(soon));
        }

        var found = await look();
        return isWrong(found) && Count(context) is { } tooMany ? (default, tooMany) : (found, null);
    }

    /// <summary>Counts an invalid credential of the network. Returns a refusal when the limit is reached.</summary>
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
