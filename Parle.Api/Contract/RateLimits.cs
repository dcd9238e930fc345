using System.Threading.RateLimiting;
using Parle.Domain;

namespace Parle.Api.Contract;

/// <summary>
/// How many requests a credential may send, and a room may get, on each node. Tokens below one share what that one has: nobody
/// gets more by minting. Only who was let in counts, and what waits counts once.
/// </summary>
public sealed class RateLimits(IConfiguration configuration, TimeProvider clock) : IAsyncDisposable
{
    private readonly Rate token = new("token_requests_per_second", Limits.Of(configuration, "TokenRequestsPerSecond", 100), Limits.Of(configuration, "TokenBurst", 300), clock);
    private readonly Rate room = new("room_requests_per_second", Limits.Of(configuration, "RoomRequestsPerSecond", 2000), Limits.Of(configuration, "RoomBurst", 6000), clock);

    /// <summary>Counts one request of somebody who was let in, and says whether it is one too many.</summary>
    public Refusal? Take(HttpContext context, ParleAction action)
    {
        if (context.Features.Get<Caller>() is { } caller)
        {
            return token.Take(caller.TokenPath is [var root, ..] ? root : caller.TokenID) ?? (action.InRoom ? room.Take(caller.RoomID) : null);
        }

        // Nobody looked yet whether the room of the path is this person's: strangers must not take what others need.
        return context.Features.Get<Person>() is { } person ? token.Take(person.SessionID ?? person.PrincipalID)
            : context.Features.Get<Auditor>() is { } auditor ? token.Take(auditor.AuditorID)
            : context.Features.Get<Operator>() is { } found ? token.Take(found.OperatorID)
            : null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await token.DisposeAsync();
        await room.DisposeAsync();
    }

    private sealed class Rate(string name, int perSecond, int burst, TimeProvider clock) : IAsyncDisposable
    {
        // Made by the first request, since it looks after its buckets from then on.
        private readonly Lazy<PartitionedRateLimiter<Guid>> buckets = new(() =>
            PartitionedRateLimiter.Create<Guid, Guid>(id => RateLimitPartition.Get(id, _ => new TokenBucket(perSecond, Math.Max(1, burst), clock))));

        public Refusal? Take(Guid id)
        {
            if (perSecond == 0)
            {
                return null;
            }

            using var lease = buckets.Value.AttemptAcquire(id);
            return lease.IsAcquired ? null : Refusals.RateLimited with
            {
                RetryAfterMs = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? (int)Math.Ceiling(wait.TotalMilliseconds) : null,
                Cap = new(name, null, perSecond),
            };
        }

        public ValueTask DisposeAsync() => buckets.IsValueCreated ? buckets.Value.DisposeAsync() : ValueTask.CompletedTask;
    }
}
