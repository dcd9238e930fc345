using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Parle.Bench;

/// <summary>The built service as its own process, on its private PostgreSQL in a folder of ours.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int LinesKept = 40;

    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopBound = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<string> said = new();
    private readonly Process process;

    private ServerProcess(Process process, IPEndPoint address)
    {
        (this.process, Address) = (process, address);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address { get; }

    /// <summary>Its process id.</summary>
    public int ID => process.Id;

    /// <summary>Its memory.</summary>
    public ProcessMemory Memory()
    {
        process.Refresh();
        return ProcessMemory.Of(process);
    }

    /// <summary>Its last words.</summary>
    public string Said => string.Join(Environment.NewLine, said);

    /// <summary>Starts it and waits until it says that it is ready.</summary>
    public static async Task<ServerProcess> Start(string api, string dataFolder, CancellationToken cancellation)
    {
        var address = FreeAddress();
        var start = StartInfo(api, dataFolder, "--urls", $"http://{address}");
        var server = new ServerProcess(Process.Start(start)!, address);
        try
        {
            await server.Ready(cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the command <c>provision</c> and answers what it printed.</summary>
    public static Task<string> Provision(string api, string dataFolder, string description, CancellationToken cancellation) =>
        Run(StartInfo(api, dataFolder, "provision", "-"), description, cancellation);

    /// <summary>Runs a command and answers what it printed.</summary>
    public static Task<string> Run(string api, string dataFolder, CancellationToken cancellation, params string[] arguments) =>
        Run(StartInfo(api, dataFolder, arguments), "", cancellation);

    private static async Task<string> Run(ProcessStartInfo start, string input, CancellationToken cancellation)
    {
        start.RedirectStandardInput = true;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException(
            $"{string.Join(' ', start.ArgumentList.Skip(1))} failed:\n{await output}\n{await errors}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Stop();
        process.Dispose();
    }

    /// <summary>Stops it as an operator would: it drains, and takes its PostgreSQL down when nobody else uses it.</summary>
    public async Task Stop()
    {
        if (!process.HasExited)
        {
            Signals.Send(process.Id, Signals.Terminate);
            using var bound = new CancellationTokenSource(StopBound);
            try
            {
                await process.WaitForExitAsync(bound.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
            }
        }
    }

    private static ProcessStartInfo StartInfo(string api, string dataFolder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [api, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PARLE_DATA"] = dataFolder;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        foreach (var limit in (string[])["TokenRequestsPerSecond", "RoomRequestsPerSecond", "TurnsPerPair", "OpenAsksPerSeat",
            "TokensPerPrincipal", "WritesPerDay", "MegabytesPerDay", "FactsPerRoomAndPrincipal", "MegabytesPerRoomAndPrincipal"])
        {
            start.Environment[$"Parle__Limits__{limit}"] = "0"; // The measurement is of its ability, not of its limits.
        }

        start.Environment.Remove("ConnectionStrings__Parle");
        start.Environment.Remove("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"); // The load generator's own.
        start.Environment.Remove("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT");
        return start;
    }

    private static IPEndPoint FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }

    private async Task Ready(CancellationToken cancellation)
    {
        using var client = new HttpClient();
        for (var since = Stopwatch.GetTimestamp(); ; await Task.Delay(5, cancellation))
        {
            try
            {
                using var answer = await client.GetAsync($"http://{Address}/health/ready", cancellation);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            if (process.HasExited || Stopwatch.GetElapsedTime(since) > StartBound)
            {
                throw new InvalidOperationException($"The server did not become ready. It said:\n{Said}");
            }
        }
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            said.Enqueue(line);
            while (said.Count > LinesKept)
            {
                said.TryDequeue(out _);
            }
        }
    }
}
