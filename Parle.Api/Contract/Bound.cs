using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace Parle.Api.Contract;

/// <summary>How often each of many may do something. What was not used for a while is there again, up to the bound. On this node alone.</summary>
/// <typeparam name="TKey">Who.</typeparam>
/// <param name="times">How often in <paramref name="within"/>; 0 for no bound.</param>
/// <param name="within">In which time.</param>
public sealed class Bound<TKey>(int times, TimeSpan within) : IDisposable
    where TKey : notnull
{
    // Made when it is first used: it keeps a timer.
    private readonly Lazy<PartitionedRateLimiter<TKey>> limiter = new(() => PartitionedRateLimiter.Create<TKey, TKey>(who => RateLimitPartition.GetTokenBucketLimiter(
        who, _ => new() { TokenLimit = times, TokensPerPeriod = 1, ReplenishmentPeriod = within / times, QueueLimit = 0, AutoReplenishment = false })));

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

/// <summary>Where requests come from, as far as bounds tell it apart.</summary>
public static class Client
{
    /// <summary>The caller's network address; of IPv6 the network, which is what one household has (RFC 6177).</summary>
    public static string Of(HttpContext context) => context.Connection.RemoteIpAddress switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } network => new IPAddress([.. network.GetAddressBytes()[..8], .. new byte[8]]).ToString(),
        var address => address.ToString(),
    };

    /// <summary>The same as an id.</summary>
    public static Guid NetworkOf(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address is null || !address.MapToIPv6().TryWriteBytes(bytes, out _))
        {
            return Guid.Empty;
        }

        if (!address.IsIPv4MappedToIPv6 && address.AddressFamily is AddressFamily.InterNetworkV6)
        {
            bytes[8..].Clear();
        }

        return new(bytes);
    }
}
