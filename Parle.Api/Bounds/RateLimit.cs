using System.Threading.RateLimiting;

namespace Parle.Api.Bounds;

/// <summary>
/// A rate limit for each of many callers, on this node alone. It is a token bucket: unused attempts come back with time, up to the limit.
/// </summary>
/// <typeparam name="TKey">The type that identifies a caller.</typeparam>
/// <param name="times">The number of attempts in <paramref name="within"/>; 0 for no limit.</param>
/// <param name="within">The period.</param>
public sealed class RateLimit<TKey>(int times, TimeSpan within) : IDisposable
    where TKey : notnull
{
    // Made when it is first used: it keeps a timer.
    private readonly Lazy<PartitionedRateLimiter<TKey>> limiter = new(
        () => PartitionedRateLimiter.Create<TKey, TKey>(who => RateLimitPartition.GetTokenBucketLimiter(
            who, _ => new()
            { TokenLimit = times, TokensPerPeriod = 1, ReplenishmentPeriod = within / times, QueueLimit = 0, AutoReplenishment = false })));

    /// <summary>Counts an attempt. Returns the time to wait when the limit is reached; null when it is not.</summary>
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

/// <summary>A rate limit for each network, on one subject or on all. A network's site has several times that.</summary>
/// <param name="times">The number of attempts of one network in <paramref name="within"/>; 0 for no limit.</param>
/// <param name="within">The period.</param>
/// <param name="networks">The factor of a site.</param>
public sealed class NetworkRateLimit(int times, TimeSpan within, int networks = Network.OfSite) : IDisposable
{
    private readonly RateLimit<(Guid About, string Network)> ofNetwork = new(times, within),
        ofSite = new(Network.SitesShare(times, networks), within);

    /// <summary>Counts an attempt. Returns the time to wait when a limit is reached; null when none is.</summary>
    public TimeSpan? Exceeded(Network network, Guid about = default) =>
        ofNetwork.Exceeded((about, network.Own)) ?? (network.Site is { } site ? ofSite.Exceeded((about, site)) : null);

    /// <inheritdoc/>
    public void Dispose()
    {
        ofNetwork.Dispose();
        ofSite.Dispose();
    }
}
