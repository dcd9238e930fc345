using System.Net;
using System.Text.RegularExpressions;
using Parle.Tests.Service;
using DataFolder = Parle.Tests.Hosting.DataFolder;

namespace Parle.Tests.Crash;

[Collection(Rigs.One)]
public sealed partial class TwoServicesThatStartAtOnce(TestCluster cluster)
{
    [Fact]
    public async Task share_a_fresh_named_database()
    {
        var database = await cluster.EmptyDatabase();
        await using var one = ParleProcess.Launch(database, [], ("PARLE_MIGRATE", "1"));
        await using var other = ParleProcess.Launch(database, [], ("PARLE_MIGRATE", "1"));

        await Task.WhenAll(one.Answers("/health/ready", HttpStatusCode.OK), other.Answers("/health/ready", HttpStatusCode.OK));
    }

    [Fact]
    public async Task share_a_fresh_data_folder_and_show_its_tokens_once()
    {
        using var data = new DataFolder();
        (string, string)[] settings = [("PARLE_DATA", data.Path), ("PARLE_SERVER_KEY", ""), ("ASPNETCORE_ENVIRONMENT", "Development")];
        await using var one = ParleProcess.Launch("", [], settings);
        await using var other = ParleProcess.Launch("", [], settings);

        await Task.WhenAll(one.Answers("/health/ready", HttpStatusCode.OK), other.Answers("/health/ready", HttpStatusCode.OK));
        await Task.WhenAll(one.Terminate(), other.Terminate());

        string[] said = [one.Output, other.Output];
        Assert.Equal(2, Tokens().Count(Assert.Single(said, output => output.Contains("Bearer", StringComparison.Ordinal))));
        Assert.Null(data.ServerPid);
    }

    [GeneratedRegex("Bearer parle_agt_[A-Za-z0-9_-]{43}'")]
    private static partial Regex Tokens();
}
