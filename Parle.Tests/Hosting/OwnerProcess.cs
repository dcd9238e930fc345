using System.Diagnostics;
using System.Runtime.InteropServices;
using Npgsql;
using Parle.Api.LocalPostgres;
using Parle.Tests.Hosting;
using Parle.Tests.Service;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestPipelineStartup(typeof(OwnerProcess.Entry))]

namespace Parle.Tests.Hosting;

/// A process of its own that uses an embedded PostgreSQL as a service would: this test program, started with a variable set.
/// It says where it stands line by line; on SIGINT it drains (asks the database once more), gives its share back and ends.
public sealed class OwnerProcess : IDisposable
{
    private const string folderVariable = "PARLE_TESTS_OWNER_OF";
    private const string durableVariable = "PARLE_TESTS_OWNER_IS_DURABLE";
    private readonly Process process;

    private OwnerProcess(Process process) => this.process = process;

    public int Pid => process.Id;

    public static OwnerProcess Of(string dataFolder, bool durable = false, string? programs = null)
    {
        // Leads a process group of its own, as a service started from a terminal does.
        var start = new ProcessStartInfo("setsid", [Environment.ProcessPath!])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[folderVariable] = dataFolder;
        start.Environment[durableVariable] = durable.ToString();
        if (programs is not null)
            start.Environment["PARLE_PG_BIN"] = programs;
        return new(Process.Start(start)!);
    }

    /// The output after a word, once it comes.
    public async Task<string> Says(string word)
    {
        var heard = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            heard.Add(line);
            if (line.StartsWith($"{word}: ", StringComparison.Ordinal))
                return line[(word.Length + 2)..];
        }

        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        throw new InvalidOperationException($"The owner ended without \"{word}\": {string.Join('\n', heard)}{errors}");
    }

    /// All that it says until it ends.
    public Task<string> SaysToTheEnd() => process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);

    public async Task IsKilled()
    {
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// Ctrl-C in a terminal goes to the whole process group.
    public void IsInterruptedWithItsGroup()
    {
        Interrupt.MustBeHeard();
        using var kill = Process.Start("sh", ["-c", $"kill -INT -{Pid}"]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        process.Kill();
        process.Dispose();
    }

    public sealed class Entry : ITestPipelineStartup
    {
        public async ValueTask StartAsync(IMessageSink diagnosticMessageSink)
        {
            if (Environment.GetEnvironmentVariable(folderVariable) is not { } dataFolder)
                return;
            Environment.Exit(await Own(dataFolder, bool.Parse(Environment.GetEnvironmentVariable(durableVariable)!)));
        }

        public ValueTask StopAsync() => default;

        private static async Task<int> Own(string dataFolder, bool durable)
        {
            var interrupted = new TaskCompletionSource();
            using var handler = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
            {
                signal.Cancel = true;
                interrupted.TrySetResult();
            });
            try
            {
                await using (var postgres = await EmbeddedPostgres.StartAsync(dataFolder, durable))
                {
                    Console.WriteLine($"running: {postgres.ConnectionString}");
                    await interrupted.Task;
                    await using var connection = new NpgsqlConnection(postgres.ConnectionString);
                    await connection.OpenAsync();
                    // Work enough that a PostgreSQL interrupted together with its owner would cut it off.
                    await using var command = new NpgsqlCommand("select count(*) from generate_series(1, 2000000)", connection);
                    Console.WriteLine($"drained: {await command.ExecuteScalarAsync()}");
                }

                Console.WriteLine("stopped: yes");
                return 0;
            }
            catch (Exception failed) when (failed is PostgresNotFoundException or PostgresStartException)
            {
                Console.WriteLine($"failed: {failed.Message}");
                return 1;
            }
        }
    }
}
