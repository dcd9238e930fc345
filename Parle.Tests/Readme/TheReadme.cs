using System.Text.Json;
using System.Text.RegularExpressions;
using Parle.Tests.Service;
using Parle.Tests.Tidiness;

namespace Parle.Tests.Readme;

/// A newcomer's first page is true.
public sealed partial class TheReadme(TestCluster cluster)
{
    private static readonly string[] PartsOfTheGuide =
        ["Ask through the room", "Tokens that can do less", "Take words away", "Bring somebody in", "Look in from outside", "Prove it"];

    private static string Text => string.Join('\n', (string[])[.. SourceFiles.Lines("README.md"), .. SourceFiles.Lines("docs/guide.md")]);

    [Fact]
    public async Task holds_a_first_exchange_that_works_word_for_word()
    {
        var answers = await Run("A first exchange");

        Assert.Equal(7, answers.Count); // Two entries, a receipt, a read, the receipt again, a read again, the affordances.
        var (receipt, read, receiptAgain, readAgain) = (answers[2], answers[3], answers[4], answers[5]);
        Assert.Equal("Version 2.1 is built. Do your tests pass?", Assert.Single(read.Messages()).Body());
        Assert.False(receipt.GetProperty("replayed").GetBoolean());
        Assert.True(receiptAgain.GetProperty("replayed").GetBoolean());
        Assert.Equal(receipt.GetProperty("event_id").GetGuid(), receiptAgain.GetProperty("event_id").GetGuid());
        Assert.Equal(
            read.Messages()[0].GetProperty("event_id").GetGuid(), Assert.Single(readAgain.Messages()).GetProperty("event_id").GetGuid());
        Assert.Contains(answers[6].GetProperty("affordances").EnumerateArray(), row =>
            row.GetProperty("action").GetString() == "post_message" && row.GetProperty("allowed").GetBoolean());
    }

    [Fact]
    public async Task holds_an_ask_that_is_answered_word_for_word()
    {
        var answers = await Run("A first exchange", "An ask");

        Assert.Equal(7 + 4, answers.Count);
        Assert.Equal(["open", "claimed", "answered", "closed"], answers.Skip(7).Select(answer => answer.GetProperty("state").GetString()));
    }

    /// A reader takes the parts of the guide as they come, and tries them again.
    [Fact]
    public async Task leads_to_a_guide_whose_parts_work_in_any_order_and_a_second_time()
    {
        Assert.Equal(PartsOfTheGuide, Text.Split("\n## ").Skip(1).Where(section => BashBlock().IsMatch(section))
            .Select(section => section.Split('\n')[0]).Where(title => title is not ("A first exchange" or "An ask")));

        var answers = await Run([], ["A first exchange", .. PartsOfTheGuide.Reverse(), .. PartsOfTheGuide]);

        var refusals = answers.Where(answer => answer.TryGetProperty("error", out _))
            .Select(answer => answer.GetProperty("error").GetProperty("reason").GetString());
        Assert.Equal(["token_used_up", "ask_is_consumed", "ask_is_consumed", "token_used_up"], refusals);
    }

    [Fact]
    public async Task holds_asks_that_are_answered_word_for_word()
    {
        var answers = await Run("A first exchange", "Ask through the room");

        Assert.Equal(7 + 15, answers.Count); // Five for the logs, four for the review, an entry, five for the approval.
        var (logs, used, usedAgain) = (answers[10], answers[20], answers[21].GetProperty("error"));
        Assert.Equal("FAILED Parser.reads_nothing", logs.GetProperty("answer").GetProperty("excerpts")[0].GetProperty("text").GetString());
        Assert.Equal("parser.log", Assert.Single(logs.GetProperty("context").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(
            ["open", "claimed", "answered", "answered", "closed", "open", "claimed", "answered", "closed", "open", "open", "approved",
                "consumed"],
            answers.Skip(7).Where(answer => answer.TryGetProperty("state", out _))
                .Select(answer => answer.GetProperty("state").GetString()));
        Assert.Equal("consumed", used.GetProperty("state").GetString());
        Assert.Equal("ask_is_consumed", usedAgain.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task holds_a_token_that_can_do_less_word_for_word()
    {
        var answers = await Run("A first exchange", "Tokens that can do less");

        Assert.Equal(7 + 2, answers.Count);
        Assert.False(answers[7].GetProperty("replayed").GetBoolean());
        Assert.Equal("token_used_up", answers[8].GetProperty("error").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task holds_a_join_key_and_an_auditor_that_work_word_for_word()
    {
        var answers = await Run("A first exchange", "Bring somebody in", "Look in from outside");

        Assert.Equal(7 + 5 + 6, answers.Count);
        var (joined, again, keys, record, reads) = (answers[7], answers[8], answers[9], answers[10], answers[11]);
        var (found, end, witnesses, ledger, own, preview) = (answers[12], answers[13], answers[14], answers[15], answers[16], answers[17]);
        Assert.StartsWith("@ana.dora-", joined.GetProperty("address").GetString(), StringComparison.Ordinal);
        Assert.Equal(joined.GetProperty("token").GetString(), again.GetProperty("token").GetString());
        Assert.Equal("used", Assert.Single(keys.GetProperty("join_keys").EnumerateArray()).GetProperty("state").GetString());
        Assert.NotEmpty(found.GetProperty("facts").EnumerateArray());
        Assert.True(end.GetProperty("end").GetBoolean());
        Assert.Contains(
            witnesses.GetProperty("witnesses").EnumerateArray(), one => one.GetProperty("shown_at").ValueKind is JsonValueKind.String);
        Assert.Equal(witnesses.GetProperty("witnesses")[0].GetProperty("seat_id").GetString(), ledger.GetProperty("seat_id").GetString());
        Assert.NotEmpty(own.GetProperty("rows").EnumerateArray());
        Assert.NotEmpty(preview.GetProperty("page").GetProperty("messages").EnumerateArray());
        Assert.Equal(record.GetProperty("facts").GetArrayLength(),
            Assert.Single(reads.GetProperty("reads").EnumerateArray()).GetProperty("to").GetInt32());
    }

    [Fact]
    public async Task holds_proofs_that_hold_word_for_word()
    {
        var said = new List<string>();

        await Run(said, "A first exchange", "Prove it");

        Assert.Equal(2, said.Count);
        Assert.Matches("^OK .*receipt.json: message_submitted [0-9a-f-]+ is fact [0-9]+ of ", said[0]);
        Assert.Matches("^OK .*room.ndjson: room [0-9a-f-]+, [0-9]+ facts, [2-9] checkpoints", said[1]);
    }

    [Fact]
    public void names_files_and_folders_that_are_there()
    {
        SourceFiles.Need();
        var named = PathInBackticks().Matches(string.Join('\n', SourceFiles.All(".md").SelectMany(SourceFiles.Lines)))
            .Select(path => path.Groups[1].Value).Distinct().ToList();

        Assert.Contains("Parle.Api/Rooms/PostMessageEndpoint.cs", named);
        Assert.All(named, path => Assert.True(Path.Exists(Path.Combine(SourceFiles.Repository!, path)), path));
    }

    [Fact]
    public void is_short_and_its_links_and_those_of_all_pages_lead_somewhere()
    {
        Assert.InRange(SourceFiles.Lines("README.md").Length, 50, 200);
        var broken =
            from page in SourceFiles.All(".md")
            from link in Link().Matches(string.Join('\n', SourceFiles.Lines(page))).Select(match => match.Groups[1].Value.Split('#'))
            where !link[0].Contains("://", StringComparison.Ordinal)
            let target = link[0].Length == 0 ? page : Path.GetRelativePath(
                SourceFiles.Repository!, Path.Combine(SourceFiles.Repository!, Path.GetDirectoryName(page)!, link[0]))
            where !Path.Exists(Path.Combine(SourceFiles.Repository!, target))
            || (link is [_, var anchor] && !Anchors(target).Contains(anchor))
            select $"{page}: {string.Join('#', link)}";
        Assert.Empty(broken);
    }

    // As pages are shown: in small letters, hyphens for blanks, without other signs.
    private static IEnumerable<string> Anchors(string page) => SourceFiles.Lines(page).Where(line => line.StartsWith('#'))
        .Select(line => NoPartOfAnAnchor().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    /// The answers to the lines of these sections, run one after another in one shell beside a service of their own.
    private async Task<IReadOnlyList<JsonElement>> Run(params IEnumerable<string> sections)
    {
        var said = new List<string>();
        var answers = await Run(said, sections);
        Assert.Empty(said);
        return answers;
    }

    private async Task<IReadOnlyList<JsonElement>> Run(List<string> said, params IEnumerable<string> sections)
    {
        ShellScript.Need();
        SourceFiles.Need();
        var database = await cluster.NewDatabase();
        await using var service = await ParleProcess.Start(database);
        var address = service.Address.ToString().TrimEnd('/');

        using var script = new ShellScript(string.Join('\n', sections.Select(Lines)));
        var answers = await script.Run(
            SourceFiles.Repository!,
            ("PARLE", address), ("ASPNETCORE_URLS", address), ("ASPNETCORE_ENVIRONMENT", "Testing"),
            ("ConnectionStrings__Parle", database), ("PARLE_SERVER_KEY", ParleService.ServerKey));
        said.AddRange(script.Said);
        return answers;
    }

    private static string Lines(string title)
    {
        var section = Text.Split("\n## ").Single(section => section.StartsWith(title + "\n", StringComparison.Ordinal));
        return string.Join('\n', BashBlock().Matches(section).Select(block => block.Groups[1].Value));
    }

    [GeneratedRegex("```bash\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex BashBlock();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoPartOfAnAnchor();

    [GeneratedRegex(@"`((?:Parle\.(?:Api|Domain|Projections|Tests)|bench|samples|shims|\.ci)(?:/[\w./]*)?)`")]
    private static partial Regex PathInBackticks();
}
