using System.Runtime.InteropServices;
using Parle.Bench;

// One thread receives for all clients, and goes on with them itself. Set before the first socket, which reads it once.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", "1");

if (Options.Read(args) is not { } options)
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}

using var interruption = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
var cancellation = interruption.Token;

var folder = Directory.CreateTempSubdirectory("parle-bench-").FullName;
var data = Path.Combine(folder, "data");
var postgres = new PrivatePostgres(data);
try
{
    var provisioned = await ServerProcess.Provision(options.Api, data, World.Description(), cancellation);
    await using var server = await ServerProcess.Start(options.Api, data, cancellation);
    var world = await World.Enter(provisioned, server, cancellation);
    var pgbench = new PgBench(postgres, folder);
    if (options.Bound)
    {
        await pgbench.Prepare(cancellation);
    }

    Console.WriteLine($"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
    Console.WriteLine($"PostgreSQL: {await postgres.Settings(cancellation)}");
    var report = new Report(Console.Out);
    var published = new Lazy<Task<Published>>(() => Published.Of(options, folder, cancellation));
    report.Begin();
    await new Scenario(options, server, data, world, postgres, pgbench, published, report, cancellation).Run();
    report.End();
    return 0;
}
catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
{
    return 130;
}
catch (Exception failure)
{
    Console.Error.WriteLine(failure);
    return 1;
}
finally
{
    await postgres.Stop();
    Directory.Delete(folder, recursive: true);
}

void Interrupt(PosixSignalContext signal)
{
    signal.Cancel = true; // The processes and the folder go first.
    interruption.Cancel();
}
