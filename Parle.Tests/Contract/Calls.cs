using System.Net;
using System.Text.Json;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

/// Calls that many of these tests make.
public static class Calls
{
    /// Another session of the same agent, present in the same room.
    public static async Task<TestAgent> AnotherSessionOf(this ParleService service, TestAgent agent)
    {
        var other = await service.SessionOutsideOf(agent);
        await other.Enter();
        return other;
    }

    /// Another session of the same agent that has not entered the room.
    public static async Task<TestAgent> SessionOutsideOf(this ParleService service, TestAgent agent)
    {
        var other = new TestAgent(service.Client(), agent.RoomID, agent.Token);
        await other.StartSession();
        return other;
    }

    /// A session of the same agent that takes the alias over, and enters the room.
    public static async Task<TestAgent> Successor(this ParleService service, TestAgent agent, string alias)
    {
        var other = await service.SessionOutsideOf(agent);
        await other.Claim(alias, (await other.LookUp(alias)).GetProperty("generation").GetInt64());
        await other.Enter();
        return other;
    }

    /// The address of the agent; of one of its sessions with <paramref name="session"/>.
    public static string AgentAddress(this TestAgent agent, string? session = null) =>
        string.Join('.', agent.Address.Split('.')[..2]) + (session is null ? "" : $".{session}");

    public static async Task<JsonElement> LookUp(this TestAgent agent, string alias) =>
        await (await agent.Send(HttpMethod.Get, $"/v/agent/session-aliases/{alias}")).Json(HttpStatusCode.OK);

    public static async Task End(this TestAgent agent) =>
        await (await agent.Send(HttpMethod.Post, $"/v/agent/sessions/{agent.SessionID}/end")).IsEmptyWith(HttpStatusCode.NoContent);

    public static async Task<JsonElement> Inbound(this TestAgent agent, long since = 0, int wait = 0) =>
        await (await agent.Send(HttpMethod.Get, $"/v/rooms/{agent.RoomID}/inbound?since_seq={since}&wait={wait}")).Json(HttpStatusCode.OK);

    /// Says something to an address that must take it.
    public static async Task<JsonElement> Tell(this TestAgent agent, string to, string body) =>
        await (await agent.Say(body, to: to)).Json(HttpStatusCode.Created);

    /// Answers along a route that came from anywhere.
    public static Task<HttpResponseMessage> ReplyAlong(this TestAgent agent, string routeID, string body = "answer", string? key = null) =>
        agent.Send(
            HttpMethod.Post, $"/v/rooms/{agent.RoomID}/replies",
            JsonSerializer.Serialize(new { reply_route_id = routeID, payload = new { body } }), key ?? $"{Guid.NewGuid()}");

    /// The texts that wait for the agent's response.
    public static async Task<IReadOnlyList<string>> Waiting(this TestAgent agent) => (await agent.Drain()).Bodies();

    public static IReadOnlyList<string> Bodies(this JsonElement page) => [.. page.Messages().Select(row => row.Body())];

    /// The answer as bytes: status and body.
    public static async Task<(HttpStatusCode Status, string Body)> Bytes(this HttpResponseMessage answer) =>
        (answer.StatusCode, await answer.Content.ReadAsStringAsync());
}
