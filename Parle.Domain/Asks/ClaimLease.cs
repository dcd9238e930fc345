namespace Parle.Domain.Asks;

/// <summary>The lease of a claim: the time that it holds without renewal.</summary>
public static class ClaimLease
{
    /// <summary>The default.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromMinutes(15);

    /// <summary>The shortest.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>The longest.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>The refusal of <paramref name="lease"/>; null for none.</summary>
    public static Refusal? Obstacle(TimeSpan? lease) =>
        lease is null || (lease >= Shortest && lease <= Longest)
            ? null : Refusals.ValidationFailed.Because($"lease_seconds must be {Shortest.TotalSeconds} to {Longest.TotalSeconds}.");
}
