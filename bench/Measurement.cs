namespace Parle.Bench;

/// <summary>The result of one measurement.</summary>
/// <param name="Rate">Answers a second; null where only latency was measured.</param>
/// <param name="P50">The middle latency.</param>
/// <param name="P99">The latency that one in a hundred exceeds.</param>
/// <param name="Errors">Answers that were not 2xx.</param>
/// <param name="FirstError">The first of them.</param>
internal sealed record Measurement(double? Rate, TimeSpan P50, TimeSpan P99, int Errors = 0, string? FirstError = null)
{
    /// <summary>The result of several measurements of the same length.</summary>
    public static Measurement Mean(IReadOnlyList<Measurement> several) => new(
        several.Average(one => one.Rate), TimeSpan.FromTicks((long)several.Average(one => one.P50.Ticks)),
        TimeSpan.FromTicks((long)several.Average(one => one.P99.Ticks)), several.Sum(one => one.Errors),
        several.Select(one => one.FirstError).FirstOrDefault(error => error is not null));

    /// <summary>Sums up latencies, given in any order, of what happened within <paramref name="time"/>.</summary>
    public static Measurement Of(List<TimeSpan> latencies, TimeSpan? time = null, int errors = 0, string? firstError = null)
    {
        latencies.Sort();
        return new(latencies.Count / time?.TotalSeconds, At(0.5), At(0.99), errors, firstError);

        TimeSpan At(double share) =>
            latencies.Count == 0 ? TimeSpan.Zero : latencies[Math.Min((int)(latencies.Count * share), latencies.Count - 1)];
    }
}
