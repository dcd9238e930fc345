namespace Parle.Bench;

/// <summary>Messages: into one room by few and by many, and into many rooms at once.</summary>
internal static class Submits
{
    /// <summary>How it is called on the command line.</summary>
    public const string Name = "submits";

    /// <summary>Measures them.</summary>
    public static async Task Measure(Scenario scenario)
    {
        foreach (var clients in new[] { 1, 16, 64 })
        {
            await scenario.Compare($"submits into one room, {clients} clients", Clients(scenario.World.Crowd.Take(clients)), LeastWork.Submit("0"), clients == 64 ? Target.AtLeast(4) : null);
        }

        await scenario.Compare("submits into 64 rooms, 64 clients", Clients(scenario.World.Own), LeastWork.Submit(":client_id"), Target.AtLeast(0.8));
    }

    /// <summary>Clients that say something new each time.</summary>
    public static IReadOnlyList<Func<ReadOnlyMemory<byte>>> Clients(IEnumerable<Seat> seats) =>
        [.. seats.Select(Request.Submit).Select(request => (Func<ReadOnlyMemory<byte>>)(() => request.With(Scenario.NextKey())))];
}
