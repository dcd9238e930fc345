using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Parle.Api.Wire;

namespace Parle.Tests.Service;

/// The service as it is deployed: a process of its own, on a port of its own, which can be asked to stop or be killed.
public sealed class ParleProcess : IAsyncDisposable
{
    /// The folder of the built executable, without any files of the tests.
    internal static readonly string Program = Path.Combine(AppContext.BaseDirectory.Replace("Parle.Tests", "Parle.Api"), "Parle.Api.dll");

    // Far more than a start takes beside other tests: what is waited for longer never comes.
    private static readonly TimeSpan patience = TimeSpan.FromMinutes(2);

    private readonly Process process;
    private readonly Listening output = new();
    private readonly Listening errors = new();

    private ParleProcess(Process process, Uri address)
    {
        (this.process, Address) = (process, address);
        process.OutputDataReceived += output.Hear;
        process.ErrorDataReceived += errors.Hear;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    public string Output => output.Heard;

    public string Errors => errors.Heard;

    /// A process that serves: /health/ready has answered 200.
    public static async Task<ParleProcess> Start(string connectionString, params (string Name, string Value)[] settings)
    {
        var started = Launch(connectionString, [], settings);
        await started.Answers("/health/ready", HttpStatusCode.OK);
        return started;
    }

    /// A process that was only launched, with these arguments: whether it will serve is for the caller to see.
    public static ParleProcess Launch(string connectionString, IEnumerable<string> arguments, params (string Name, string Value)[] settings)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in (IEnumerable<(string, string)>)
            [
                ("ASPNETCORE_ENVIRONMENT", "Testing"), ("ASPNETCORE_URLS", address.ToString()),
                ("ConnectionStrings__Parle", connectionString), ("PARLE_SERVER_KEY", ParleService.ServerKey),
                .. ParleService.Unlimited.Select(limit => (limit.Name.Replace(":", "__", StringComparison.Ordinal), limit.Value)),
                .. settings,
            ])
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start)!, address);
    }

    /// Runs a command to its end: its exit code, and what it printed.
    public static async Task<(int ExitCode, string Output, string Errors)> Run(
        string connectionString, IEnumerable<string> arguments, string input = "", params (string Name, string Value)[] settings)
    {
        await using var command = Launch(connectionString, arguments, settings);
        await command.process.StandardInput.WriteAsync(input);
        command.process.StandardInput.Close();
        return (await command.Exit(), command.Output, command.Errors);
    }

    /// A client that says its version, and nothing else about itself.
    public HttpClient Client()
    {
        var client = new HttpClient { BaseAddress = Address };
        client.DefaultRequestHeaders.Add(VersionHeader.Name, VersionHeader.Current);
        return client;
    }

    /// Waits until a path answers with a status; says what the process printed if it ends before that.
    public async Task Answers(string path, HttpStatusCode status)
    {
        using var client = Client();
        var last = "nothing";
        for (var since = Stopwatch.GetTimestamp(); !process.HasExited;)
        {
            try
            {
                using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
                if (answer.StatusCode == status)
                {
                    return;
                }

                last = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            Assert.True(Stopwatch.GetElapsedTime(since) < patience, $"{path} never answered {status}, but: {last}\n{Errors}");

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Fail($"The process ended with {await Exit()} before {path} answered {status}:\n{Output}{Errors}");
    }

    /// Waits until it has said something of itself.
    public async Task Says(string text)
    {
        for (var since = Stopwatch.GetTimestamp(); !Errors.Contains(text, StringComparison.Ordinal);)
        {
            Assert.False(process.HasExited, Errors);
            Assert.True(Stopwatch.GetElapsedTime(since) < patience, $"\"{text}\" was never said, but:\n{Errors}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// As by a power cut: no word of goodbye.
    public Task Kill() => Signal("KILL");

    /// As by an orchestrator: asks the process to stop, and waits until it did.
    public Task<int> Terminate() => Signal("TERM");

    /// Waits for the end and for the last of what was printed; fails when it lives on long after it should have drained.
    public async Task<int> Exit()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    /// Sends a signal that ends the process, and waits until it did.
    public async Task<int> Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{process.Id}"]);
        await kill.WaitForExitAsync();
        return await Exit();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class Listening
    {
        private readonly StringBuilder text = new();

        public string Heard
        {
            get
            {
                lock (text)
                {
                    return text.ToString();
                }
            }
        }

        public void Hear(object sender, DataReceivedEventArgs line)
        {
            lock (text)
            {
                _ = line.Data is null ? text : text.Append(line.Data).Append('\n');
            }
        }
    }
}
