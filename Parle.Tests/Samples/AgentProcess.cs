using System.Diagnostics;

namespace Parle.Tests.Samples;

/// An agent of samples/ as a process, started with nothing but a base URL and a token.
public sealed class AgentProcess : IDisposable
{
    private readonly Process process;
    private readonly Task<string> output;
    private readonly Task<string> errors;

    private AgentProcess(Process process) =>
        (this.process, output, errors) = (process, process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());

    public static AgentProcess Start(string agent, Uri service, string token)
    {
        var program = Path.Combine(AppContext.BaseDirectory.Replace("Parle.Tests", Path.Combine("samples", agent)), $"{agent}.dll");
        var start = new ProcessStartInfo("dotnet", [program]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PARLE"] = service.ToString();
        start.Environment["TOKEN"] = token;
        return new(Process.Start(start)!);
    }

    /// The output until all is done; fails when the process gives up or does not end.
    public async Task<string> Output()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"The agent ended with {process.ExitCode}:\n{await output}{await errors}");
        return await output;
    }

    public void Dispose()
    {
        process.Kill();
        process.Dispose();
    }
}
