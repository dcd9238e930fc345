using System.ComponentModel;
using System.Diagnostics;

namespace Parle.Api.Platform;

/// <summary>A program run to its end: its exit code and all it printed.</summary>
internal sealed record ChildProcess(int ExitCode, string Output)
{
    // A server started by pg_ctl may keep the pipe open on Windows, so the end of output is not awaited for ever.
    private static readonly TimeSpan outputAfterExit = TimeSpan.FromSeconds(1);

    /// <summary>Runs a command line; cancelling kills the program.</summary>
    /// <exception cref="Win32Exception">There is no such program, or it cannot be executed.</exception>
    public static async Task<ChildProcess> RunAsync(IEnumerable<string> commandLine, string? workingDirectory, CancellationToken ct)
    {
        var words = commandLine.ToList();
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            WorkingDirectory = workingDirectory ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C"; // Messages are matched, and an unknown locale would stop the server.
        start.Environment.Remove("NOTIFY_SOCKET"); // PostgreSQL must not tell systemd that the service is ready.

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }

        return new(process.ExitCode, (await Printed(output) + await Printed(errors)).Trim());
    }

    private static async Task<string> Printed(Task<string> stream)
    {
        try
        {
            return await stream.WaitAsync(outputAfterExit);
        }
        catch (TimeoutException)
        {
            return ""; // The server's log says the same and more.
        }
    }
}
