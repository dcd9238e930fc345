using System.Threading.RateLimiting;

namespace Parle.Api.Contract;

/// <summary>
/// A bucket that fills evenly and from which each request takes one. Unlike the library's own it fills to the moment at which it
/// is asked, by the service's clock: so that what it says about when to come back is exact.
/// </summary>
/// <param name="perSecond">How fast it fills.</param>
/// <param name="burst">How much it holds.</param>
/// <param name="clock">The service's clock.</param>
public sealed class TokenBucket(int perSecond, int burst, TimeProvider clock) : RateLimiter
{
    private const double Rounding = 1e-6; // Who comes back at the moment it was told is not sent away again.

    private static readonly RateLimitLease Granted = new Lease(null);

    private readonly Lock taking = new();
    private double held = burst;
    private DateTimeOffset filledAt = clock.GetUtcNow();

    /// <inheritdoc/>
    public override TimeSpan? IdleDuration
    {
        get
        {
            lock (taking)
            {
                Fill();
                return held < burst ? null : clock.GetUtcNow() - filledAt;
            }
        }
    }

    /// <inheritdoc/>
    public override RateLimiterStatistics GetStatistics()
    {
        lock (taking)
        {
            Fill();
            return new() { CurrentAvailablePermits = (long)held };
        }
    }

    /// <inheritdoc/>
    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        lock (taking)
        {
            var now = Fill();
            if (held < permitCount - Rounding)
            {
                return new Lease(TimeSpan.FromSeconds((permitCount - held) / perSecond));
            }

            (held, filledAt) = (held - permitCount, now);
            return Granted;
        }
    }

    /// <inheritdoc/>
    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) => ValueTask.FromResult(AttemptAcquireCore(permitCount)); // Nobody waits here.

    // A full bucket remembers since when nothing was taken from it; a clock that was put back fills nothing.
    private DateTimeOffset Fill()
    {
        var now = clock.GetUtcNow();
        var filled = held + Math.Max(0, (now - filledAt).TotalSeconds * perSecond);
        if (held < burst || now < filledAt)
        {
            (held, filledAt) = (Math.Min(burst, filled), now);
        }

        return now;
    }

    private sealed class Lease(TimeSpan? retryAfter) : RateLimitLease
    {
        public override bool IsAcquired => retryAfter is null;

        public override IEnumerable<string> MetadataNames => retryAfter is null ? [] : [MetadataName.RetryAfter.Name];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = metadataName == MetadataName.RetryAfter.Name ? retryAfter : null;
            return metadata is not null;
        }
    }
}
