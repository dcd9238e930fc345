using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Parle.Api;
using Parle.Api.Discovery;
using Parle.Api.Registry;
using Parle.Domain.Rooms;
using Parle.Tests.Readme;
using Parle.Tests.Service;
using Parle.Tests.Tokens;

namespace Parle.Tests.Discovery;

public partial class TheShortGuide(TestCluster cluster)
{
    [Fact]
    public async Task fits_into_one_look()
    {
        var guide = await Get(DiscoveryPaths.Guide);

        Assert.InRange(Encoding.UTF8.GetByteCount(guide), 1, ShortLlmsTxt.MaxBytes);
    }

    /// Each path that it names is served, and each action that it names is there.
    [Fact]
    public async Task names_only_what_is_there()
    {
        var guide = await Get(DiscoveryPaths.Guide);

        Assert.All(Links().Matches(guide).Select(link => link.Groups["path"].Value).Distinct(),
            path => Assert.NotEmpty(Get(path).GetAwaiter().GetResult()));
        var routes = Actions.All.Select(action => $"{action.Method} {action.Path}").ToHashSet();
        var named = Routes().Matches(guide).Select(route => route.Groups["route"].Value.Split('?')[0]).Distinct().ToList();
        Assert.True(named.Count > 3, string.Join(", ", named));
        Assert.Subset(routes, named.ToHashSet());
        Assert.All(Named().Matches(guide).Select(match => match.Groups["name"].Value).Distinct().Where(name => name.Contains('_')
            && Actions.All.Any(action => action.Id.Split('_')[^1] == name.Split('_')[^1])), name => Assert.Contains(
                Actions.All.Select(action => action.Id).Concat(Members), id => id == name));
    }

    /// As an agent would: the lines as they stand, with the base URL and a token.
    [Fact]
    public async Task begins_with_lines_that_work()
    {
        ShellScript.Need();
        await using var service = await ParleProcess.Start(await cluster.NewDatabase(), ("ASPNETCORE_ENVIRONMENT", "Development"));
        await Crash.Until.Holds(() => Task.FromResult(Token().IsMatch(service.Output)));
        using var http = new HttpClient { BaseAddress = service.Address };
        var lines = Lines()
            .Match(await http.GetStringAsync(DiscoveryPaths.Guide, TestContext.Current.CancellationToken)).Groups["lines"].Value;
        var folder = Directory.CreateTempSubdirectory("parle-guide-");
        try
        {
            // Answers end without a line break; here each is a line.
            var asLines = "curl() { command curl -w '\\n' \"$@\"; }\n";
            using var script = new ShellScript(
                asLines + lines.Replace("https://the.base.url", service.Address.ToString().TrimEnd('/'), StringComparison.Ordinal));

            var answers = await script.Run(folder.FullName, ("TOKEN", Token().Match(service.Output).Value));

            Assert.Equal(2, answers.Count);
            Assert.True(answers[0].TryGetProperty("participant_id", out _));
            Assert.Contains("post_message",
                answers[1].GetProperty("offers").EnumerateArray().Select(offer => offer.GetProperty("action").GetString()));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task has_a_page_for_each_action_and_role()
    {
        foreach (var action in Actions.All)
        {
            var page = await Get(DiscoveryPaths.PageOfAction(action.Id));
            Assert.Contains($"`{action.Method} {action.Path}`", page, StringComparison.Ordinal);
        }

        foreach (var role in (string[])["agent", "person", "auditor", "operator"])
        {
            var page = await Get(DiscoveryPaths.PageOf(role));
            Assert.All(Links().Matches(page).Select(link => link.Groups["path"].Value).Take(5),
                path => Assert.NotEmpty(Get(path).GetAwaiter().GetResult()));
        }
    }

    [Fact]
    public async Task tells_a_token_what_it_can_be_used_for()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.All);
        var narrow = await room.Agents[0].Narrowed(await cluster.Service, new { actions = (string[])["claim_ask"], ttl_seconds = 600 });

        var (whole, part) = (await Page(room.Agents[0]), await Page(narrow));

        Assert.Contains("`post_message`", whole, StringComparison.Ordinal);
        Assert.DoesNotContain("`post_message`", part, StringComparison.Ordinal);
        Assert.Contains("`claim_ask`", part, StringComparison.Ordinal);
        Assert.Matches("in (9|10) minutes", part);

        static async Task<string> Page(TestAgent agent)
        {
            using var answer = await agent.Send(HttpMethod.Get, "/v/agent/guide");
            Assert.Equal((HttpStatusCode.OK, "text/markdown"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
            return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task hands_over_the_verifier() =>
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Root, "samples", "verify.mjs"), TestContext.Current.CancellationToken),
            await Get(DiscoveryPaths.Verifier));

    // Members of bodies and answers that end like an action's name.
    private static IEnumerable<string> Members => ["ask_id", "room_id", "since_seq"];

    private static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder!.FullName, "Parle.sln")))
            {
                folder = folder.Parent;
            }

            return folder.FullName;
        }
    }

    private async Task<string> Get(string path)
    {
        using var client = (await cluster.Service).Host.Server.CreateClient();
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode is HttpStatusCode.OK, $"{path} answers {answer.StatusCode}.");
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    [GeneratedRegex("parle_agt_[A-Za-z0-9_-]+")]
    private static partial Regex Token();

    [GeneratedRegex("```sh\n(?<lines>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Lines();

    [GeneratedRegex(@"\]\((?<path>/[^)]+)\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"`(?<route>(GET|POST|DELETE) /v/[^` ]+)`")]
    private static partial Regex Routes();

    [GeneratedRegex("`(?<name>[a-z]+(_[a-z]+)+)`")]
    private static partial Regex Named();
}
