using System.Diagnostics;
using System.Globalization;

namespace Parle.Bench;

/// <summary>Processor time by process, in ticks of the kernel. Linux only; elsewhere 0.</summary>
/// <param name="At">When it was looked at.</param>
/// <param name="Server">The server.</param>
/// <param name="Postgres">PostgreSQL, with all its processes, also those that ended.</param>
/// <param name="Load">The load generator: this process.</param>
/// <param name="All">The whole machine.</param>
internal sealed record Cpu(long At, long Server, long Postgres, long Load, long All)
{
    private const double TicksPerSecond = 100;

    /// <summary>Looks now.</summary>
    public static Cpu Now(int server, int? postmaster)
    {
        if (!OperatingSystem.IsLinux())
        {
            return new(Stopwatch.GetTimestamp(), 0, 0, 0, 0);
        }

        var postgres = postmaster is null ? 0 : OfEnded(postmaster.Value) + Directory.EnumerateDirectories("/proc").Select(Ticks).Where(
            process => process.Parent == postmaster).Sum(process => process.Used);
        return new(Stopwatch.GetTimestamp(), Of(server), postgres, Of(Environment.ProcessId), Machine());
    }

    /// <summary>The time used since.</summary>
    public CpuShare Since(Cpu before)
    {
        var seconds = Stopwatch.GetElapsedTime(before.At, At).TotalSeconds;
        var (server, postgres, load, all) = (Share(Server - before.Server), Share(Postgres - before.Postgres), Share(Load - before.Load),
            Share(All - before.All));
        return new(server, postgres, load, Math.Max(0, all - server - postgres - load));

        double Share(long used) => used / TicksPerSecond / seconds;
    }

    private static long Of(int process) => Ticks($"/proc/{process}").Used;

    private static long OfEnded(int parent) => Ticks($"/proc/{parent}").ByEnded;

    // After the name, which may hold anything, the fields are numbered from 3: 4 is the parent, 14 and 15 are user and system time,
    // 16 and 17 the same of children that ended.
    private static (int Parent, long Used, long ByEnded) Ticks(string folder)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (int.Parse(fields[1], CultureInfo.InvariantCulture), Field(11) + Field(12), Field(13) + Field(14));

            long Field(int i) => long.Parse(fields[i], CultureInfo.InvariantCulture);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return default; // Not a process, or not any more.
        }
    }

    // user nice system idle iowait irq softirq: all but the fourth and the fifth is work.
    private static long Machine()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..8]
            .Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToList();
        return fields.Sum() - fields[3] - fields[4];
    }
}

/// <summary>Processor use by process, in cores: 0.5 is half of one.</summary>
/// <param name="Server">The server.</param>
/// <param name="Postgres">PostgreSQL.</param>
/// <param name="Load">The load generator.</param>
/// <param name="Others">Everything else on the machine: a figure taken beside a busy neighbour is worth little.</param>
internal sealed record CpuShare(double Server, double Postgres, double Load, double Others);
