using System.Globalization;

namespace Parle.Bench;

/// <summary>
/// The cost of a node while nothing happens: its <see cref="Memory"/>; and with open wake streams, theirs, and processor time.
/// </summary>
internal static class Idle
{
    /// <summary>Its name on the command line.</summary>
    public const string Name = "idle";

    private const int Streams = 1000;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30); // Each stream is kept alive once within 25 seconds.

    /// <summary>Measures it, on nodes of its own.</summary>
    public static async Task Measure(Scenario scenario)
    {
        await Memory.Measure(scenario);
        var cancellation = scenario.Cancellation;
        var seats = await World.MoreSessionsOutside(scenario.World.Waiters, Streams, scenario.Server, cancellation);
        await using var node = await ServerProcess.Start((await scenario.Published.Value).Api, scenario.DataFolder, cancellation);
        var streams = new List<EventConnection>();
        try
        {
            await Open(1); // The code that the first one loads belongs to none.
            var (empty, before) = await Watch();
            await Open(Streams);
            var (full, after) = await Watch();
            scenario.Report.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"{Streams} idle wake streams: "
                + $"{before >> 10} → {after >> 10} MiB resident, {(double)(after - before) / (Streams - 1):0} KiB each; "
                + $"over {Window.TotalSeconds:0} s the server used {empty.Server:0.000} → "
                + $"{full.Server:0.000} cores, PostgreSQL {empty.Postgres:0.000} → {full.Postgres:0.000}, "
                + $"others {full.Others:0.0}"));
        }
        finally
        {
            streams.ForEach(stream => stream.Dispose());
        }

        async Task Open(int count)
        {
            while (streams.Count < count)
            {
                streams.Add(await EventConnection.Open(node.Address, Request.Wake(seats[streams.Count]).Bytes, cancellation));
                await streams[^1].Next(cancellation); // The config.
            }
        }

        async Task<(CpuShare Used, long ResidentKiB)> Watch()
        {
            await Task.Delay(Settling, cancellation);
            var before = Cpu.Now(node.ID, scenario.Postgres.ID);
            await Task.Delay(Window, cancellation);
            return (Cpu.Now(node.ID, scenario.Postgres.ID).Since(before), node.Memory().ResidentKiB);
        }
    }
}
