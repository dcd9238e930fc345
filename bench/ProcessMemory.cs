using System.Diagnostics;
using System.Globalization;

namespace Parle.Bench;

/// <summary>The memory of a process.</summary>
/// <param name="ResidentKiB">All of it that is not on disk only, also what it shares with others.</param>
/// <param name="ProportionalKiB">The same, with what is shared by so many divided by so many. Linux only; elsewhere 0.</param>
internal sealed record ProcessMemory(long ResidentKiB, long ProportionalKiB)
{
    /// <summary>Looks now.</summary>
    public static ProcessMemory Of(Process process) => new(process.WorkingSet64 >> 10, Proportional($"/proc/{process.Id}/smaps_rollup"));

    // Pss:     12345 kB
    private static long Proportional(string file) =>
        File.Exists(file) ? long.Parse(File.ReadLines(file).First(line => line.StartsWith("Pss:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) : 0;
}
