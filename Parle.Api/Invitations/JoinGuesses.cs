using System.Threading.RateLimiting;
using Parle.Api.Contract;
using Parle.Domain;

namespace Parle.Api.Invitations;

/// <summary>How often one client may present keys that open nothing (<c>Parle:Limits:JoinGuessesPerMinute</c>, 0 for no bound). On this node alone; who joins is never held up by its own success.</summary>
public sealed class JoinGuesses(IConfiguration configuration) : IDisposable
{
    /// <summary>Guesses of one client in a minute.</summary>
    public const int DefaultPerMinute = 30;

    private static readonly TimeSpan Within = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<string>? limiter = configuration.GetValue("Parle:Limits:JoinGuessesPerMinute", DefaultPerMinute) is > 0 and var guesses
        ? PartitionedRateLimiter.Create<string, string>(client => RateLimitPartition.GetFixedWindowLimiter(client, _ => new() { PermitLimit = guesses, Window = Within, QueueLimit = 0 }))
        : null;

    /// <summary>Whether this client guessed too often; asking does not count.</summary>
    public Refusal? Obstacle(HttpContext context)
    {
        using var lease = limiter?.AttemptAcquire(Client.Of(context), permitCount: 0);
        return lease is not { IsAcquired: false } ? null
            : Refusals.RateLimited with { RetryAfterMs = (int)(lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Within).TotalMilliseconds };
    }

    /// <summary>This client presented a key that opens nothing.</summary>
    public void Count(HttpContext context) => limiter?.AttemptAcquire(Client.Of(context)).Dispose();

    /// <inheritdoc/>
    public void Dispose() => limiter?.Dispose();
}
