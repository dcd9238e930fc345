using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Marten;
using Npgsql;
using Parle.Api.Database;
using Parle.Api.Hosting;
using Parle.Projections;
using Parle.Projections.Replaying;

namespace Parle.Api.Cli;

/// <summary>
/// The commands <c>projections rebuild</c> and <c>projections check</c>: rebuild views from the record, or compare them with it.
/// </summary>
public static class ProjectionsCommand
{
    private const int Done = 0;
    private const int Differs = 1;
    private const int Failed = 2;

    /// <summary>The usage.</summary>
    public static string Usage { get; } = $"""
        Usage: projections check [VIEW...|--all] | projections rebuild VIEW...|--all
        Views: {string.Join(' ', ParleStore.Views())}
        """;

    /// <summary>The names of the views.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ParleStore.Views().Select(view => view.Name)];

    /// <summary>
    /// Runs as the account that owns the tables. Exit code 0 when the views agree with the record, 1 when a checked one does not, 2 when
    /// that cannot be determined.
    /// </summary>
    public static async Task<int> Run(IServiceProvider services, Given given)
    {
        // All views are checked unless some are named; to rebuild, one says which.
        IReadOnlyList<View> views =
            [.. ParleStore.Views().Where(view => given.Arguments.Count == 0 || given.Arguments.Contains(view.Name))];
        var replaces = given.Form.Words.StartsWith("rebuild", StringComparison.Ordinal);
        var database = services.GetRequiredService<ParleDatabase>().Owner;
        if (Condition.Of(await services.GetRequiredService<ParleSchema>().Find(CancellationToken.None)) is { Reason: not null } not)
        {
            await Console.Error.WriteLineAsync(not.Why);
            return Failed;
        }

        using var interruption = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Interrupt(signal, interruption));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Interrupt(signal, interruption));
        try
        {
            return await Run(services.GetRequiredService<IDocumentStore>(), database, views, replaces, interruption.Token);
        }
        catch (RebuildException cannot)
        {
            await Console.Error.WriteLineAsync(cannot.Message);
            return Failed;
        }
        catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.InsufficientPrivilege)
        {
            // It makes a schema beside, which the service's own account may not.
            await Console.Error.WriteLineAsync(StartFailure.Of(refused));
            return Failed;
        }
        catch (OperationCanceledException) when (interruption.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Interrupted. What was not replaced yet is as it was.");
            return Failed;
        }
    }

    private static async Task<int> Run(
        IDocumentStore store, NpgsqlDataSource database, IReadOnlyList<View> views, bool replaces, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        IReadOnlyList<ComparisonResult> found;
        Rebuild rebuild;
        using (var display = ProgressLine.On(Console.Error))
        {
            rebuild = new Rebuild(store, database, display);
            found = await (replaces ? rebuild.Replace(views, cancellation) : rebuild.Check(views, cancellation));
            display.Complete();
        }

        foreach (var finding in found)
        {
            await Console.Out.WriteLineAsync(Line(finding, replaces));
        }

        var differing = found.Count(finding => !finding.Agrees);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        using var process = Process.GetCurrentProcess();
        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{found.Count} views, {rebuild.Facts} facts in {rebuild.Replaying.TotalSeconds:0.0} s "
            + $"({rebuild.Facts / rebuild.Replaying.TotalSeconds:0} facts/s),"
            + $" {seconds:0.0} s in all, at most {process.PeakWorkingSet64 >> 20} MiB: "
            + $"{(differing == 0 ? "all as the record says" : $"{differing} {(replaces ? "put right" : "not as the record says")}")}"));
        return differing == 0 || replaces ? Done : Differs;
    }

    private static string Line(ComparisonResult finding, bool replaces)
    {
        var line = string.Create(
            CultureInfo.InvariantCulture, $"{finding.View.Name,-20} {finding.Rows,12} rows  {finding.Digest[..16]}  up to {finding.Upto}");
        return finding.First is not { } first ? $"{line}  as the record says" : string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {line}  {(replaces ? "PUT RIGHT" : "DIFFERS")}: {finding.Differing} of {finding.LiveRows} rows ({finding.LiveDigest[..16]}), the first in {first.Table} {first.Key}
                is        {first.Live ?? "missing"}
                {(replaces ? "is now   " : "should be")} {first.Record ?? "missing"}
            """);
    }

    private static void Interrupt(PosixSignalContext signal, CancellationTokenSource interruption)
    {
        signal.Cancel = true; // The shadow tables are removed first.
        interruption.Cancel();
    }
}
