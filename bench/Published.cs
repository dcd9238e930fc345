using System.Diagnostics;

namespace Parle.Bench;

/// <summary>
/// The measured programs of <c>start</c> and <c>idle</c>: the service as it is deployed, and beside it one that only listens.
/// </summary>
/// <param name="Api">The service.</param>
/// <param name="Empty">The one that only listens.</param>
internal sealed record Published(string Api, string Empty)
{
    /// <summary>Publishes both, or only the second when the service was given.</summary>
    public static async Task<Published> Of(Options options, string folder, CancellationToken cancellation)
    {
        var (api, empty) = (Path.Combine(folder, "published"), Path.Combine(folder, "empty"));
        await Publish("bench/Empty", empty, cancellation);
        if (!options.ApiIsGiven)
        {
            await Publish("Parle.Api", api, cancellation);
        }

        return new(options.ApiIsGiven ? options.Api : Path.Combine(api, "Parle.Api.dll"), Path.Combine(empty, "Parle.Bench.Empty.dll"));
    }

    private static async Task Publish(string project, string to, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet", ["publish", project, "--configuration", "Release", "--output", to, "--verbosity",
            "quiet", "-nodeReuse:false", "-p:UseSharedCompilation=false"])
        { WorkingDirectory = Options.Repository.FullName, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        using var killing = cancellation.Register(() => process.Kill(entireProcessTree: true));
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{project} was not published:\n{await output}\n{await errors}");
        }
    }
}
