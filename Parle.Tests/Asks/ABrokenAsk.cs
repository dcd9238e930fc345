using System.Net;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Asks;

/// A malformed ask, answer or act is refused, and never fails the service.
public class ABrokenAsk(TestCluster cluster)
{
    private const string Subject =
        """{"kind":"commit","ref":"main","sha256":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}""";

    public static TheoryData<string> Asks => new(
        "{}",
        """{"kind":"help"}""",
        """{"kind":"help","title":"t"}""",
        """{"kind":"help","title":"t","request":null}""",
        """{"kind":"help","title":"t","request":{}}""",
        """{"kind":"help","title":"t","request":{"question":""}}""",
        """{"kind":"help","title":"t","request":{"question":7}}""",
        """{"kind":"help","title":"t","request":["question"]}""",
        """{"kind":"help","title":"t","request":"question"}""",
        """{"kind":"help","title":"","request":{"question":"q"}}""",
        """{"kind":"Help","title":"t","request":{"question":"q"}}""",
        """{"kind":"0","title":"t","request":{"question":"q"}}""",
        """{"kind":"logs","title":"t","request":{"question":"q"}}""",
        """{"kind":"review","title":"t","request":{}}""",
        """{"kind":"approval","title":"t","request":{"action":"a"}}""",
        $$$"""{"kind":"approval","title":"t","request":{},"subject":{{{Subject}}}}""",
        """{"kind":"review","title":"t","request":{},"subject":{"kind":"commit","ref":"main","sha256":"9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08"}}""",
        """{"kind":"review","title":"t","request":{},"subject":{"kind":"commit","ref":"main"}}""",
        """{"kind":"help","title":"t","request":{"question":"q"},"done_when":[""]}""",
        """{"kind":"help","title":"t","request":{"question":"q"},"done_when":[null]}""",
        """{"kind":"help","title":"t","request":{"question":"q"},"due_at":"2020-01-01T00:00:00Z"}""",
        """{"kind":"help","title":"t","request":{"question":"q"},"quorum":1}""",
        """{"kind":"help","title":"t","request":{"question":"q"},"valid_seconds":1}""",
        $$$"""{"kind":"approval","title":"t","request":{"action":"a"},"subject":{{{Subject}}},"quorum":0}""",
        $$$"""{"kind":"approval","title":"t","request":{"action":"a"},"subject":{{{Subject}}},"quorum":11}""",
        $$$"""{"kind":"approval","title":"t","request":{"action":"a"},"subject":{{{Subject}}},"valid_seconds":0}""",
        $$$"""{"kind":"approval","title":"t","request":{"action":"a"},"subject":{{{Subject}}},"valid_seconds":2147483647}""");

    public static TheoryData<string> TextsThatAreNoUnicode => new(
        """{"kind":"help","title":"\ud800","request":{"question":"q"}}""",
        """{"kind":"help","title":"t","request":{"question":"\ud800"}}""",
        """{"kind":"help","title":"t","request":{"question":"q","\ud800":1}}""",
        """{"kind":"help","title":"t","request":{"question":"q"},"done_when":["\ud800"]}""",
        """{"kind":"help","title":"t","request":{"question":"q"},"subject":{"kind":"\ud800","ref":"main","sha256":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}}""",
        """{"kind":"help","title":"t","request":{"question":"q"},"context":{"items":[{"name":"\ud800","text":"x"}]}}""",
        """{"kind":"help","title":"t","request":{"question":"q"},"context":{"items":[{"name":"n","text":"\ud800"}]}}""",
        """{"kind":"help","title":"t","request":{"question":"q"},"context":{"items":[{"name":"n","json":{"a":"\ud800"}}]}}""",
        """{"kind":"help","title":"t","request":{"question":"q"},"context":{"items":[{"name":"n","text":"x"}],"left_out":["\ud800"]}}""",
        """{"kind":"help","title":"t","request":{"question":"q"},"context":{"items":[{"name":"n","text":"x"}],"left_out":[null]}}""");

    public static TheoryData<string, string> Answers => new()
    {
        { "help", "{}" }, { "help", """{"answer":null}""" }, { "help", """{"answer":{}}""" }, { "help", """{"answer":{"text":1}}""" },
        { "help", """{"answer":"so"}""" },
        { "help", """{"answer":{"text":"\ud800"}}""" },
        { "logs", """{"answer":{}}""" }, { "logs", """{"answer":{"excerpts":[]}}""" },
        { "logs", """{"answer":{"excerpts":[{"source":"s"}]}}""" }, { "logs", """{"answer":{"excerpts":"x"}}""" },
        { "logs", """{"answer":{"excerpts":[null]}}""" }, { "logs", """{"answer":{"excerpts":[{"source":"s","text":"t"}],"cut":[7]}}""" },
        { "review", """{"answer":{"verdict":"approve"}}""" },
        { "review", """{"answer":{"verdict":"fine","sha256":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}}""" },
    };

    [Theory, MemberData(nameof(Asks))]
    public async Task is_not_opened(string body)
    {
        var agent = await Somebody();

        using var answer = await agent.Send(HttpMethod.Post, agent.AsksOf(), body, "key");

        await answer.Refuses("validation_failed");
        Assert.Empty(await agent.Listed());
    }

    [Theory, MemberData(nameof(TextsThatAreNoUnicode))]
    public async Task of_no_unicode_is_not_opened(string body)
    {
        var agent = await Somebody();

        using var answer = await agent.Send(HttpMethod.Post, agent.AsksOf(), body, "key");

        Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity,
            $"{answer.StatusCode} {await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
        Assert.Empty(await agent.Listed());
    }

    [Theory, MemberData(nameof(Answers))]
    public async Task is_not_answered_with_anything_else(string kind, string body)
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var ask = await room.Agents[0].Opens(Asking.Of(kind));
        await room.Agents[1].Does(ask, "claim");

        using var answer = await room.Agents[1].Send(HttpMethod.Post, $"{room.Agents[1].AsksOf()}/{ask}/answer", body, "key");

        Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity,
            $"{answer.StatusCode} {await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
        Assert.Equal("claimed", await room.Agents[0].StateOf(ask));
    }

    /// Long texts go along as context, so that a page of rows stays small.
    [Fact]
    public async Task is_not_answered_with_more_than_a_message_holds()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var ask = await room.Agents[0].Opens(Asking.Of("logs"));
        await room.Agents[1].Does(ask, "claim");
        var excerpts = Enumerable.Repeat(new { source = "build", text = new string('x', 30_000) }, 3);

        using var answer = await room.Agents[1].Send(
            HttpMethod.Post, $"{room.Agents[1].AsksOf()}/{ask}/answer",
            System.Text.Json.JsonSerializer.Serialize(new { answer = new { excerpts } }), "key");

        await answer.Refuses("payload_too_large");
        Assert.Equal("claimed", await room.Agents[0].StateOf(ask));
    }

    [Theory]
    [InlineData("contest", "{}")]
    [InlineData("contest", """{"reason":" "}""")]
    [InlineData("contest", """{"reason":"\ud800"}""")]
    [InlineData("withdraw", """{"reason":"\ud800"}""")]
    [InlineData("subject", "{}")]
    [InlineData("subject",
        """{"subject":{"kind":"commit","ref":"\ud800","sha256":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}}""")]
    [InlineData("context", "{}")]
    public async Task is_not_acted_on_in_words_that_say_nothing(string act, string body)
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        var ask = await ana.Opens(Asking.Review());
        await ben.Does(ask, "claim");
        await ben.Does(ask, "answer", new { answer = new { verdict = "comment", sha256 = Asking.Digest } });

        using var answer = await ana.Send(HttpMethod.Post, $"{ana.AsksOf()}/{ask}/{act}", body, "key");

        Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity,
            $"{answer.StatusCode} {await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
        Assert.Equal("answered", await ben.StateOf(ask));
    }

    /// In a text of several lines, what looks like nothing to show is a text as any other.
    [Fact]
    public async Task is_not_one_with_control_characters()
    {
        var agent = await Somebody();
        var ask = await agent.Opens(
            Asking.Help().With("request", new { question = "a\0b\nc" }).With("context", Asking.Packet("a\0b\u2028c")));

        Assert.Equal("a\0b\nc", (await agent.See(ask)).GetProperty("request").GetProperty("question").GetString());
        Assert.Equal("a\0b\u2028c", (await agent.Item(ask, Assert.Single(await agent.ItemsOf(ask)))).GetProperty("text").GetString());
    }

    private async Task<TestAgent> Somebody() => (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
}
