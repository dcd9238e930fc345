using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Parle.Api.Asks;
using Parle.Api.Provisioning;
using Parle.Domain.Asks;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Asks;

/// The acts of agents on asks, over HTTP.
internal static class Asking
{
    /// The digest of the registry's example, and another one.
    public static readonly string Digest = ConsumeRequest.Example.Sha256!;
    public static readonly string OtherDigest = Sha256Of("another subject");

    // Texts without escapes, where JSON needs none.
    private static readonly JsonSerializerOptions AsItIs =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Sha256Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public static Dictionary<string, object> Help(string title = "Why does it fail?") => New("help", title, new { question = "Why?" });

    public static Dictionary<string, object> Logs(string title = "Why is the build red?") =>
        New("logs", title, new { source = "test run 412", filter = "FAILED" });

    public static Dictionary<string, object> Review(string title = "Is this good?") =>
        New("review", title, new { focus = "errors" }).With("subject", Subject(Digest));

    public static Dictionary<string, object> Approval(int quorum = 1) =>
        New("approval", "May I deploy?", new { action = "deploy" }).With("subject", Subject(Digest)).With("quorum", quorum);

    public static Dictionary<string, object> Of(string kind) =>
        kind switch
        {
            "help" => Help(),
            "logs" => Logs(),
            "review" => Review(),
            "approval" => Approval(),
            _ when AskKinds.Find(kind) is { } known => New(kind, known.ExampleTitle, AskExamples.Of(known.Request))
                .With("subject", known.NeedsSubject ? Subject(Digest) : null!),
            _ => throw new ArgumentException($"No ask is for {kind}.", nameof(kind)),
        };

    public static Dictionary<string, object> With(this Dictionary<string, object> ask, string member, object value) =>
        new(ask) { [member] = value };

    public static Dictionary<string, object> To(this Dictionary<string, object> ask, params TestAgent[] whom) =>
        ask.With("addressing", new { audience = "direct", to = whom.Select(agent => agent.Address) });

    public static object Subject(string sha256) => new { kind = "commit", @ref = "main", sha256 };

    /// A packet of texts.
    public static object Packet(params string[] texts) => new { items = texts.Select((text, i) => new { name = $"part-{i}.txt", text }) };

    public static string AsksOf(this TestAgent agent) => $"/v/rooms/{agent.RoomID}/asks";

    public static Task<HttpResponseMessage> Ask(this TestAgent agent, object ask, string? key = null) =>
        agent.Send(HttpMethod.Post, agent.AsksOf(), JsonSerializer.Serialize(ask, AsItIs), key ?? Guid.NewGuid().ToString());

    public static async Task<Guid> Opens(this TestAgent agent, object ask) =>
        (await (await agent.Ask(ask)).Json(HttpStatusCode.Created)).GetProperty("ask_id").GetGuid();

    /// Tries an act, by the last part of its path.
    public static Task<HttpResponseMessage> Try(this TestAgent agent, Guid ask, string act, object? body = null, string? key = null) =>
        agent.Send(HttpMethod.Post, $"{agent.AsksOf()}/{ask}/{act}",
            body is null ? TakesBody(act) ? "{}" : null : JsonSerializer.Serialize(body, AsItIs), key ?? Guid.NewGuid().ToString());

    /// Does it, and is told how far the ask is now.
    public static async Task<string> Does(this TestAgent agent, Guid ask, string act, object? body = null) =>
        (await (await agent.Try(ask, act, body)).Json(HttpStatusCode.Created)).GetProperty("state").GetString()!;

    public static async Task<JsonElement> See(this TestAgent agent, Guid ask) =>
        await (await agent.Send(HttpMethod.Get, $"{agent.AsksOf()}/{ask}")).Json(HttpStatusCode.OK);

    public static async Task<string> StateOf(this TestAgent agent, Guid ask) => (await agent.See(ask)).GetProperty("state").GetString()!;

    public static async Task<JsonElement> List(this TestAgent agent, string query = "") =>
        await (await agent.Send(HttpMethod.Get, agent.AsksOf() + query)).Json(HttpStatusCode.OK);

    public static async Task<IReadOnlyList<Guid>> Listed(this TestAgent agent, string query = "") =>
        [.. (await agent.List(query)).GetProperty("asks").EnumerateArray().Select(ask => ask.GetProperty("ask_id").GetGuid())];

    public static async Task<JsonElement> Item(this TestAgent agent, Guid ask, Guid item) =>
        await (await agent.Send(HttpMethod.Get, $"{agent.AsksOf()}/{ask}/context/{item}")).Json(HttpStatusCode.OK);

    /// The page for people.
    public static async Task<string> Page(this TestAgent agent, Guid ask)
    {
        using var request = agent.Request(HttpMethod.Get, $"{agent.AsksOf()}/{ask}");
        request.Headers.Add("Accept", "text/markdown");
        using var answer = await agent.Send(request);
        Assert.Equal((HttpStatusCode.OK, "text/markdown"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    /// The ids of what was handed over.
    public static async Task<IReadOnlyList<Guid>> ItemsOf(this TestAgent agent, Guid ask) =>
        [.. (await agent.See(ask)).GetProperty("context").EnumerateArray().Select(item => item.GetProperty("item_id").GetGuid())];

    /// The names of all that happened to an ask.
    public static async Task<IReadOnlyList<string>> HistoryOf(this TestAgent agent, Guid ask) =>
        [.. (await agent.See(ask)).GetProperty("history").EnumerateArray().Select(row => row.GetProperty("event_type").GetString()!)];

    /// A room where two agents of one principal are, and one of each of two others: ana's builder and tester, ben's and cleo's helpers.
    public static async Task<TestRoom> NewRoomWithKin(this ParleService service)
    {
        var (ana, ben, cleo) = (NewHandle(), NewHandle(), NewHandle());
        (string Principal, string Agent)[] agents = [(ana, "builder"), (ana, "tester"), (ben, "helper"), (cleo, "helper")];
        var provisioned = await service.Provision(new(
            [new(ana), new(ben), new(cleo)],
            [.. agents.Select(agent => new ProvisionAgent(agent.Principal, agent.Agent))],
            [new("build", ana, RoomKind.Shared, [.. agents.Select(agent => new ProvisionSeat($"@{agent.Principal}.{agent.Agent}"))],
                [.. agents.Select(agent => new ProvisionToken($"@{agent.Principal}.{agent.Agent}"))])]));
        var room = new TestRoom(provisioned.Rooms[0].RoomID,
            [.. provisioned.Rooms[0].Tokens.Select(token => new TestAgent(service.Client(), provisioned.Rooms[0].RoomID, token.Token!))]);
        foreach (var agent in room.Agents)
        {
            await agent.StartSession();
            await agent.Enter();
        }

        return room;

        static string NewHandle() => $"p{Guid.NewGuid():N}"[..16];
    }

    private static Dictionary<string, object> New(string kind, string title, object request) =>
        new() { ["kind"] = kind, ["title"] = title, ["request"] = request };

    private static bool TakesBody(string act) => act is not ("release" or "accept") && !act.EndsWith("/withdraw", StringComparison.Ordinal);
}
