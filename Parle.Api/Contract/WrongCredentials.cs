using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Parle.Domain;

namespace Parle.Api.Contract;

/// <summary>
/// How often one network may present what opens nothing, in a minute and on this node. Only what was wrong counts. Beyond the bound what a network
/// presents is still looked up, a few at a time and in its own queue; what is right is let in, and what is wrong is told to wait.
/// So nobody is locked out by a neighbour, and everybody else's look-ups wait for none of it.
/// </summary>
/// <param name="perMinute">How often; 0 for any number.</param>
/// <param name="cap">What the bound is called.</param>
public sealed class WrongGuesses(int perMinute, string cap) : IDisposable
{
    /// <summary>How many of a network beyond the bound are looked up at the same time.</summary>
    public const int AtOnce = 4;

    /// <summary>How many of them may wait for that.</summary>
    public const int Waiting = 64;

    private static readonly TimeSpan within = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan soon = TimeSpan.FromMilliseconds(250);

    private readonly PartitionedRateLimiter<string>? wrong = perMinute == 0 ? null
        : PartitionedRateLimiter.Create<string, string>(network => RateLimitPartition.GetFixedWindowLimiter(network, _ => new() { PermitLimit = perMinute, Window = within, QueueLimit = 0 }));

    private readonly Lazy<PartitionedRateLimiter<string>> queues = new(() => PartitionedRateLimiter.Create<string, string>(network => RateLimitPartition.GetConcurrencyLimiter(
        network, _ => new() { PermitLimit = AtOnce, QueueLimit = Waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst })));

    /// <summary>Whether this network presented too much that was wrong; asking does not count.</summary>
    public bool IsOver(HttpContext context)
    {
        using var lease = wrong?.AttemptAcquire(Client.Of(context), permitCount: 0);
        return lease is { IsAcquired: false };
    }

    /// <summary>Looks something up, in its network's queue where that presented too much; and counts it when it was wrong.</summary>
    /// <typeparam name="T">What comes of it.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="look">Looks.</param>
    /// <param name="isWrong">Whether what came of it says that what was presented opens nothing.</param>
    public async Task<(T? Found, Refusal? TooMany)> Look<T>(HttpContext context, Func<Task<T>> look, Func<T, bool> isWrong)
    {
        using var turn = IsOver(context) ? await queues.Value.AcquireAsync(Client.Of(context), 1, context.RequestAborted) : null;
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
        using var lease = wrong?.AttemptAcquire(Client.Of(context));
        return lease is not { IsAcquired: false } ? null : Refuse(lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : within);
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

    private Refusal Refuse(TimeSpan wait) => Refusals.RateLimited with
    {
        RetryAfterMs = (int)Math.Ceiling(wait.TotalMilliseconds),
        Cap = new(cap, null, perMinute, "What opens nothing was sent from your network too often. What is right is let in all the same: see that yours is."),
    };
}

/// <summary>Tokens, cookies and the like that are well formed and open nothing (<c>Parle:Limits:WrongCredentialsPerMinute</c>).</summary>
public sealed class WrongCredentials(IConfiguration configuration) : IDisposable
{
    /// <summary>Most credentials that are remembered to have been right.</summary>
    private const int MaxProven = 20_000;

    private readonly WrongGuesses guesses = new(Limits.Of(configuration, "WrongCredentialsPerMinute", 60), "wrong_credentials_per_minute");
    private readonly ConcurrentDictionary<UInt128, bool> proven = new();

    /// <summary>Finds out whose credential this is. One that was right of late does not wait in its network's queue; it is looked up like every other one.</summary>
    /// <typeparam name="T">Whose it may be.</typeparam>
    public async Task<(T? Found, Refusal? TooMany)> Look<T>(HttpContext context, string presented, Func<Task<T>> look, Func<T, bool> isWrong)
    {
        var mark = MarkOf(presented);
        if (!proven.ContainsKey(mark))
        {
            var (looked, tooMany) = await guesses.Look(context, look, isWrong);
            if (tooMany is null && !isWrong(looked!))
            {
                Remember(mark);
            }

            return (looked, tooMany);
        }

        var found = await look();
        if (!isWrong(found))
        {
            return (found, null);
        }

        proven.TryRemove(mark, out _);
        return guesses.Count(context) is { } refusal ? (default, refusal) : (found, null);
    }

    /// <summary>The same of an agent's token, about which somebody else knows whether it was right of late.</summary>
    public async Task<(Caller? Found, Refusal? TooMany)> Look(HttpContext context, CallerLookup lookup, PresentedCredentials presented)
    {
        if (!lookup.Knows(presented))
        {
            return await guesses.Look(context, () => lookup.Find(presented), found => found is null);
        }

        var caller = await lookup.Find(presented);
        return caller is null && guesses.Count(context) is { } refusal ? (null, refusal) : (caller, null);
    }

    /// <inheritdoc/>
    public void Dispose() => guesses.Dispose();

    private void Remember(UInt128 mark)
    {
        if (proven.Count >= MaxProven)
        {
            proven.Clear();
        }

        proven[mark] = true;
    }

    // Enough of a digest to recognise it, and nothing of it.
    private static UInt128 MarkOf(string presented) => System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(presented)));
}
