using System.Text.RegularExpressions;
using Parle.Tests.Service;
using Parle.Tests.Tidiness;

namespace Parle.Tests.Readme;

/// What a newcomer reads first is how it is.
public sealed partial class TheReadme(TestCluster cluster)
{
    private static string Text => string.Join('\n', SourceFiles.Lines("README.md"));

    [Fact]
    public async Task holds_a_first_exchange_that_works_word_for_word()
    {
        ShellScript.Need();
        var database = await cluster.NewDatabase();
        await using var service = await ParleProcess.Start(database);
        var address = service.Address.ToString().TrimEnd('/');

        using var exchange = new ShellScript(FirstExchange());
        var answers = await exchange.Run(
            SourceFiles.Repository!,
            ("PARLE", address), ("ASPNETCORE_URLS", address), ("ASPNETCORE_ENVIRONMENT", "Testing"),
            ("ConnectionStrings__Parle", database), ("PARLE_SERVER_KEY", ParleService.ServerKey));

        Assert.Equal(7, answers.Count); // Two entries, a receipt, a read, the receipt again, a read again, the affordances.
        var (receipt, read, receiptAgain, readAgain) = (answers[2], answers[3], answers[4], answers[5]);
        Assert.Equal("Version 2.1 is built. Do your tests pass?", Assert.Single(read.Messages()).Body());
        Assert.False(receipt.GetProperty("replayed").GetBoolean());
        Assert.True(receiptAgain.GetProperty("replayed").GetBoolean());
        Assert.Equal(receipt.GetProperty("event_id").GetGuid(), receiptAgain.GetProperty("event_id").GetGuid());
        Assert.Equal(read.Messages()[0].GetProperty("event_id").GetGuid(), Assert.Single(readAgain.Messages()).GetProperty("event_id").GetGuid());
        Assert.Contains(answers[6].GetProperty("affordances").EnumerateArray(), row =>
            row.GetProperty("action").GetString() == "post_message" && row.GetProperty("allowed").GetBoolean());
    }

    [Fact]
    public void names_files_and_folders_that_are_there()
    {
        SourceFiles.Need();
        var named = PathInBackticks().Matches(Text).Select(path => path.Groups[1].Value).Distinct().ToList();

        Assert.Contains("Parle.Api/Rooms/PostMessageEndpoint.cs", named);
        Assert.All(named, path => Assert.True(Path.Exists(Path.Combine(SourceFiles.Repository!, path)), path));
    }

    private static string FirstExchange()
    {
        SourceFiles.Need();
        var section = Text.Split("\n## ").Single(section => section.StartsWith("A first exchange\n", StringComparison.Ordinal));
        return string.Join('\n', BashBlock().Matches(section).Select(block => block.Groups[1].Value));
    }

    [GeneratedRegex("```bash\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex BashBlock();

    [GeneratedRegex(@"`((?:Parle\.(?:Api|Domain|Projections|Tests)|bench|shims|\.ci)(?:/[\w./]*)?)`")]
    private static partial Regex PathInBackticks();
}
