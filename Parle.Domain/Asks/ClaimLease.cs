namespace Parle.Domain.Asks;

/// <summary>How long a claim holds without being renewed.</summary>
public static class ClaimLease
{
    /// <summary>Unless something else is asked for.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromMinutes(15);

    /// <summary>The shortest.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>The longest.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>The refusal of <paramref name="lease"/>; null when nothing is wrong.</summary>
    public static Refusal? Obstacle(TimeSpan? lease) =>
        lease is null || (lease >= Shortest && lease <= Longest)
            ? null : Refusals.ValidationFailed.Because($"lease_seconds must be {Shortest.TotalSeconds} to {Longest.TotalSeconds}.");
}
