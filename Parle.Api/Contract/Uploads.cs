using Parle.Api.Bounds;
using Parle.Domain;

namespace Parle.Api.Contract;

/// <summary>
/// Bodies that are on their way to a node (<c>Parle:Limits:Uploads…</c>). Each counts once for every 64 KiB that it may have.
/// </summary>
public sealed class Uploads(IConfiguration configuration)
{
    private const string Name = "uploads";
    private const int Unit = 64 * 1024;

    private readonly HoldingLimits limits = new(Limits.Of(configuration, "UploadsPerToken", 512),
        Limits.Of(configuration, "UploadsPerPrincipal", 1024), Limits.Of(configuration, "UploadsPerNetwork", 64), Name);
    private readonly HeldShares shares = new(HoldingLimits.Bound(Limits.Of(configuration, "UploadsPerNode", 4096)), $"{Name}_per_node");

    /// <summary>The time in which a whole body must arrive; null for no bound.</summary>
    public TimeSpan? Within { get; } = Limits.Of(configuration, "BodySeconds", 30) is > 0 and var seconds
        ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>The amount that is on its way, in units of 64 KiB.</summary>
    public int Total => shares.Total;

    /// <summary>Counts a body of at most so many bytes, until its lease is disposed; refuses it when a limit is reached.</summary>
    public (IDisposable? Lease, Refusal? Refusal) Begin(HttpContext context, long bytes)
    {
        var (lease, full) = shares.Take((int)Math.Max(1, (bytes + Unit - 1) / Unit), limits.WayTo(context));
        return full is null ? (lease, null) : (null, Refusals.RateLimited with
        {
            RetryAfterMs = 1000,
            Cap = full with { Recovery = "Send fewer bodies at the same time, and each as fast as you can." },
        });
    }
}
