using Parle.Tests.Service;

namespace Parle.Tests.Readme;

public sealed class AFirstStart(TestCluster cluster)
{
    [Fact]
    public async Task prints_lines_that_let_two_agents_talk()
    {
        ShellScript.Need();
        await using var service = await ParleProcess.Start(await cluster.NewDatabase(), ("ASPNETCORE_ENVIRONMENT", "Development"));

        using var printed = new ShellScript(await LinesOf(service));
        var answers = await printed.Run(Path.GetTempPath());

        Assert.Equal(4, answers.Count); // Two entries, a receipt, a read.
        Assert.Contains(answers[3].Messages(), row => row.Body() == "Hello Ben, can you see the build?");
    }

    /// From the first assignment to the read.
    private static async Task<string> LinesOf(ParleProcess service)
    {
        // It was printed before the service was ready, and is on its way.
        await Crash.Until.Holds(() => Task.FromResult(service.Output.Contains("/projection?", StringComparison.Ordinal)));

        var lines = service.Output;
        return lines[lines.IndexOf("PARLE=", StringComparison.Ordinal)..];
    }
}
