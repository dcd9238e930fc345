using System.Diagnostics;
using System.Globalization;

namespace Parle.Bench;

/// <summary>The bound: PostgreSQL doing the least honest work of the same thing, with nothing in front of it.</summary>
internal sealed class PgBench(PrivatePostgres postgres, string folder)
{
    private const string Database = "least_work";

    private int runs;

    /// <summary>Makes the bound's own database on the same server, and warms it up.</summary>
    public async Task Prepare(CancellationToken cancellation)
    {
        await postgres.Execute("postgres", $"create database {Database}", cancellation);
        using var script = new StreamReader(typeof(PgBench).Assembly.GetManifestResourceStream("Parle.Bench.LeastWork.sql")!);
        await postgres.Execute(Database, await script.ReadToEndAsync(cancellation), cancellation);
        await postgres.Execute(Database, "vacuum analyze", cancellation);
        await Run(LeastWork.Submit("random(0, 63)"), 16, TimeSpan.FromSeconds(1), cancellation);
    }

    /// <summary>Runs a statement in the bound's database.</summary>
    public Task Execute(string sql, CancellationToken cancellation) => postgres.Execute(Database, sql, cancellation);

    /// <summary>Runs <paramref name="script"/>, one transaction after the other in each of so many clients.</summary>
    /// <param name="script">The statements of each transaction.</param>
    /// <param name="clients">The number of clients.</param>
    /// <param name="time">For how long.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="seldom">The wanted rate a second, at random moments; null for the highest.</param>
    public async Task<Measurement> Run(string script, int clients, TimeSpan time, CancellationToken cancellation, int? seldom = null)
    {
        await postgres.Execute(Database, "checkpoint", cancellation);
        var prefix = Path.Combine(folder, $"pgbench-{++runs}");
        await File.WriteAllTextAsync($"{prefix}.sql", script, cancellation);
        var start = new ProcessStartInfo(
            "pgbench",
            [
                "-n", "-M", "prepared", "-h", postgres.SocketFolder, "-p", "5432", "-U", "postgres", "-f", $"{prefix}.sql", "-c",
                $"{clients}", "-j", "1", "-T", $"{Math.Max(1, Math.Round(time.TotalSeconds))}", "-l", "--log-prefix", prefix,
                .. seldom is null ? (string[])[] : ["--rate", $"{seldom}"], Database,
            ])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        using var killing = cancellation.Register(process.Kill);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode == 0
            ? Measurement.Of(Latencies(prefix)) with { Rate = Rate(await output) }
            : throw new InvalidOperationException($"pgbench failed:\n{await errors}");
    }

    // tps = 2860.012345 (without initial connection time)
    private static double Rate(string output) =>
        double.Parse(output.Split("tps = ")[1].Split(' ')[0], CultureInfo.InvariantCulture);

    // A line for each transaction: client, number, microseconds, script, when in seconds and microseconds, and how many microseconds
    // of the first were lost before it began, where it was to begin at a certain moment.
    private static List<TimeSpan> Latencies(string prefix)
    {
        var logs = Directory.GetFiles(Path.GetDirectoryName(prefix)!, $"{Path.GetFileName(prefix)}.*")
            .Where(file => !file.EndsWith(".sql", StringComparison.Ordinal)).ToList();
        var latencies = logs.SelectMany(File.ReadLines).Select(line => line.Split(' '))
            .Select(fields => TimeSpan.FromMicroseconds(Number(fields[2]) - (fields.Length > 6 ? Number(fields[6]) : 0))).ToList();
        logs.ForEach(File.Delete);
        return latencies;

        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }
}
