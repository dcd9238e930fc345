using System.Threading.RateLimiting;

namespace Parle.Api.Bounds;

/// <summary>
/// How often each of many may do something. What was not used for a while is there again, up to the bound. On this node alone.
/// </summary>
/// <typeparam name="TKey">Who.</typeparam>
/// <param name="times">How often in <paramref name="within"/>; 0 for no bound.</param>
/// <param name="within">In which time.</param>
public sealed class Bound<TKey>(int times, TimeSpan within) : IDisposable
    where TKey : notnull
{
    // Made when it is first used: it keeps a timer.
    private readonly Lazy<PartitionedRateLimiter<TKey>> limiter = new(
        () => PartitionedRateLimiter.Create<TKey, TKey>(who => RateLimitPartition.GetTokenBucketLimiter(
            who, _ => new()
            { TokenLimit = times, TokensPerPeriod = 1, ReplenishmentPeriod = within / times, QueueLimit = 0, AutoReplenishment = false })));

    /// <summary>Takes one of the times that are left; how long to wait when none is.</summary>
    public TimeSpan? Exceeded(TKey who)
    {
        if (times <= 0)
        {
            return null;
        }

        using var lease = limiter.Value.AttemptAcquire(who);
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : within / times;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (limiter.IsValueCreated)
        {
            limiter.Value.Dispose();
        }
    }
}

/// <summary>
/// How often each network may do something, about one thing or at all; and its site as often as several networks together.
/// </summary>
/// <param name="times">How often a network may in <paramref name="within"/>; 0 for no bound.</param>
/// <param name="within">In which time.</param>
/// <param name="networks">As often as how many networks a site may.</param>
public sealed class NetworkBound(int times, TimeSpan within, int networks = Network.OfSite) : IDisposable
{
    private readonly Bound<(Guid About, string Network)> ofNetwork = new(times, within),
        ofSite = new(Network.SitesShare(times, networks), within);

    /// <summary>Takes one of the times that are left; how long to wait when none is.</summary>
    public TimeSpan? Exceeded(Network network, Guid about = default) =>
        ofNetwork.Exceeded((about, network.Own)) ?? (network.Site is { } site ? ofSite.Exceeded((about, site)) : null);

    /// <inheritdoc/>
    public void Dispose()
    {
        ofNetwork.Dispose();
        ofSite.Dispose();
    }
}
