using System.Globalization;

namespace Parle.Bench;

/// <summary>The memory of a fresh node: idle, right after load, and a while later. Beside it: a service that only listens.</summary>
internal static class Memory
{
    private const double KiBInMB = 1.024e-3;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan[] Later = [TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60)];

    /// <summary>Measures it.</summary>
    public static async Task Measure(Scenario scenario)
    {
        var (cancellation, world) = (scenario.Cancellation, scenario.World);
        var published = await scenario.Published.Value;
        await using var empty = await ServerProcess.Start(published.Empty, scenario.DataFolder, cancellation);
        await using var node = await ServerProcess.Start(published.Api, scenario.DataFolder, cancellation);
        await Task.Delay(Settling, cancellation);
        var (idle, bound) = (node.Memory(), empty.Memory());
        Told("idle", idle, bound, Target.NoMoreThan(2.5));

        var head = await Reads.Fill(node, world.Readers, Reads.Rows, cancellation);
        var clients = Submits.Clients(world.Own.Take(World.Agents / 2))
            .Concat(Reads.Clients(world.Readers.Take(World.Agents / 2), () => head - 1)).ToList();
        var load = await LoadGenerator.Run(node.Address, clients, scenario.Options.Time, cancellation);
        Told(string.Create(CultureInfo.InvariantCulture,
            $"right after {load.Rate:0} submits and reads a second by {clients.Count} clients, {load.Errors} errors"), node.Memory(), idle);
        var waited = TimeSpan.Zero;
        foreach (var later in Later)
        {
            await Task.Delay(later - waited, cancellation);
            waited = later;
            Told($"{later.TotalSeconds:0} s after load", node.Memory(), idle);
        }

        void Told(string when, ProcessMemory measured, ProcessMemory than, Target? target = null)
        {
            scenario.Report.Say($"memory {when}: {Text(measured)}; beside it {Text(than)}");
            scenario.Report.Aim(
                $"memory {when}", Text(measured), Text(than), (double)measured.ResidentKiB / than.ResidentKiB, target ?? Target.None);
        }
    }

    private static string Text(ProcessMemory memory) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{memory.ResidentKiB * KiBInMB:0} MB resident, {memory.ProportionalKiB * KiBInMB:0} MB its share (Pss)");
}
