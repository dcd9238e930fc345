using System.Net;
using System.Text;
using System.Text.Json;
using Parle.Domain.Rooms;
using Parle.Tests.Contract;
using Parle.Tests.Service;

namespace Parle.Tests.Tokens;

/// A person who is signed in, with an agent and a room of its own; the agent, Ben's agent beside it, and what is needed to mint.
internal sealed record TokenOwner(HttpClient Client, string Cookie, Guid AgentID, Guid RoomID, TestAgent Agent, TestAgent Ben)
{
    public string Tokens => $"/v/agents/{AgentID}/tokens";

    public static async Task<TokenOwner> At(ParleService service, bool present = true)
    {
        var (ana, ben) = ($"p{Guid.NewGuid():N}"[..16], $"p{Guid.NewGuid():N}"[..16]);
        var there = await service.Provision(new(
            [new(ana, null, PersonSession: true), new(ben)], [new(ana, "helper"), new(ana, "idle"), new(ben, "helper")],
            [new("build", ana, RoomKind.Shared, [new($"@{ana}.helper", History.All), new($"@{ben}.helper", History.All)],
                [new($"@{ana}.helper"), new($"@{ben}.helper")])]));
        var room = there.Rooms[0];
        var owner = new TokenOwner(
            service.Client(), there.Principals[0].PersonSession!, there.Agents[0].AgentID, room.RoomID,
            new(service.Client(), room.RoomID, room.Tokens[0].Token!), new(service.Client(), room.RoomID, room.Tokens[1].Token!));
        foreach (var agent in present ? (TestAgent[])[owner.Agent, owner.Ben] : [])
        {
            await agent.StartSession();
            await agent.Enter();
        }

        return owner;
    }

    public TokenOwner AtNode(ParleService node) => this with { Client = node.Client() };

    public async Task<HttpResponseMessage> Send(HttpMethod method, string path, object? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Cookie", Cookie);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        if (body is not null)
        {
            request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        }

        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<JsonElement> Mints(object? body = null, string? key = null) =>
        await (await Send(HttpMethod.Post, Tokens, body ?? new { room_id = RoomID }, key)).Json(HttpStatusCode.Created);

    public Task<HttpResponseMessage> Revoke(JsonElement token) =>
        Send(HttpMethod.Post, $"/v/agent-tokens/{token.Text("agent_token_id")}/revoke");

    public async Task<IReadOnlyList<JsonElement>> Lists(string? path = null) =>
        [.. (await (await Send(HttpMethod.Get, path ?? Tokens)).Json(HttpStatusCode.OK)).GetProperty("tokens").EnumerateArray()];
}

/// The acts of holders of tokens.
internal static class Holding
{
    /// The same run with the token that was minted, perhaps at another node.
    public static TestAgent With(this TestAgent agent, JsonElement minted, HttpClient client) =>
        agent.In(agent.RoomID, minted.Text("token"), client);

    public static Task<HttpResponseMessage> TryNarrow(this TestAgent agent, object wish, string? key = null) =>
        agent.Send(HttpMethod.Post, "/v/agent/tokens", JsonSerializer.Serialize(wish), key);

    public static async Task<JsonElement> Narrows(this TestAgent agent, object wish, string? key = null) =>
        await (await agent.TryNarrow(wish, key)).Json(HttpStatusCode.Created);

    /// The same run with a narrower token.
    public static async Task<TestAgent> Narrowed(this TestAgent agent, ParleService service, object wish) =>
        agent.With(await agent.Narrows(wish), service.Client());

    public static Task<HttpResponseMessage> TryRevoke(this TestAgent agent, JsonElement token) =>
        agent.Send(HttpMethod.Post, $"/v/agent/tokens/{token.Text("agent_token_id")}/revoke");

    public static async Task<IReadOnlyList<JsonElement>> ListsTokens(this TestAgent agent) =>
        [.. (await (await agent.Send(HttpMethod.Get, "/v/agent/tokens")).Json(HttpStatusCode.OK)).GetProperty("tokens").EnumerateArray()];

    public static async Task<Guid> TokenID(this TestAgent agent) => (await agent.ListsTokens())[^1].GetProperty("agent_token_id").GetGuid();
}
