namespace Parle.Bench;

/// <summary>Messages: into one room by few and by many, and into many rooms at once.</summary>
internal static class Submits
{
    /// <summary>Its name on the command line.</summary>
    public const string Name = "submits";

    /// <summary>Measures them.</summary>
    public static async Task Measure(Scenario scenario)
    {
        foreach (var clients in new[] { 1, 16, 64 })
        {
            var (parle, bound) = await scenario.Compare(
                $"submits into one room, {clients} clients", Clients(scenario.World.Crowd.Take(clients)), LeastWork.Submit("0"),
                clients == 64 ? Target.AtLeast(12) : null);
            if (clients == 1 && bound is not null)
            {
                scenario.Report.Aim(
                    "submits by one client, p50", Report.Told(parle), Report.Told(bound), parle.P50 / bound.P50, Target.NoMoreThan(1.5));
            }
            else if (clients == 64)
            {
                scenario.Report.Aim(
                    "submits into one room, 64 clients, p99 by p50", Report.Told(parle), "", parle.P99 / parle.P50, Target.NoMoreThan(3));
            }
        }

        await scenario.Compare(
            "submits into 64 rooms, 64 clients", Clients(scenario.World.Own), LeastWork.Submit(":client_id"), Target.AtLeast(2.2));
    }

    /// <summary>Clients that say something new each time.</summary>
    public static IReadOnlyList<Func<ReadOnlyMemory<byte>>> Clients(IEnumerable<Seat> seats) =>
        [.. seats.Select(Request.Submit).Select(request => (Func<ReadOnlyMemory<byte>>)(() => request.With(Scenario.NextKey())))];
}
