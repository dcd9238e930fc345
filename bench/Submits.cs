namespace Parle.Bench;

/// <summary>Messages: into one room by few and by many, and into many rooms at once.</summary>
internal static class Submits
{
    /// <summary>Measures them.</summary>
    public static async Task Measure(Scenario scenario)
    {
        await LoadGenerator.Run(scenario.Server.Address, Clients(scenario.World.Own), TimeSpan.FromSeconds(4), scenario.Cancellation); // The compiler warms up too.
        foreach (var clients in new[] { 1, 16, 64 })
        {
            await scenario.Compare($"submits into one room, {clients} clients", Clients(scenario.World.Crowd.Take(clients)), LeastWork.Submit("0"));
        }

        await scenario.Compare("submits into 64 rooms, 64 clients", Clients(scenario.World.Own), LeastWork.Submit(":client_id"));
    }

    private static IReadOnlyList<Func<ReadOnlyMemory<byte>>> Clients(IEnumerable<Seat> seats) =>
        [.. seats.Select(Request.Submit).Select(request => (Func<ReadOnlyMemory<byte>>)(() => request.With(Scenario.NextKey())))];
}
