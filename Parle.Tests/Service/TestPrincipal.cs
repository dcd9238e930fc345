using System.Net;
using System.Text;
using System.Text.Json;
using Parle.Api.Provisioning;
using Parle.Domain.Rooms;

namespace Parle.Tests.Service;

/// A person who is signed in and talks to the service over HTTP.
public sealed class TestPrincipal(HttpClient client, Guid principalID, string handle, string cookie)
{
    public Guid PrincipalID => principalID;

    public string Handle => handle;

    /// The same person at another node.
    public TestPrincipal At(HttpClient node) => new(node, principalID, handle, cookie);

    public async Task<HttpResponseMessage> Send(HttpMethod method, string path, object? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        }

        return await Send(request);
    }

    /// Sends a request as this person.
    public Task<HttpResponseMessage> Send(HttpRequestMessage request)
    {
        request.Headers.Add("Cookie", cookie);
        return client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> Get(string path) => Send(HttpMethod.Get, path);

    public Task<HttpResponseMessage> Post(string path, object? body = null, string? key = null) => Send(HttpMethod.Post, path, body, key);

    public Task<HttpResponseMessage> Delete(string path, string? key = null) => Send(HttpMethod.Delete, path, key: key);

    /// Opens a room, and answers its id.
    public async Task<Guid> Opens(string kind = "shared", string? name = null) =>
        (await (await Post("/v/rooms", new { kind, room_handle = name })).Json(HttpStatusCode.Created)).GetProperty("room_id").GetGuid();

    /// Has an agent of this name from now on.
    public async Task<Guid> Creates(string agent = "helper") =>
        (await (await Post("/v/agents", new { agent_handle = agent })).Json(HttpStatusCode.Created)).GetProperty("agent_id").GetGuid();

    public async Task<Guid> Seats(Guid roomID, Guid agentID) =>
        (await (await Post($"/v/rooms/{roomID}/seats", new { agent_id = agentID })).Json(HttpStatusCode.Created)).GetProperty("seat_id")
            .GetGuid();

    public async Task<JsonElement> Details(Guid roomID) => await (await Get($"/v/rooms/{roomID}")).Json(HttpStatusCode.OK);

    /// The seats of agents, by the agent's address without a session.
    public async Task<Dictionary<string, Guid>> AgentSeats(Guid roomID) =>
        (await Details(roomID)).GetProperty("roster").GetProperty("agent_seats").EnumerateArray().ToDictionary(
            seat => $"@{seat.GetProperty("controller").GetProperty("handle").GetString()}.{seat.GetProperty("agent_handle").GetString()}",
            seat => seat.GetProperty("seat_id").GetGuid());

    /// The seat of this agent.
    public async Task<Guid> SeatOf(TestAgent agent) => (await AgentSeats(agent.RoomID))[string.Join('.', agent.Address.Split('.')[..2])];
}

/// A room that somebody owns, with agents of several principals; the first is the owner's.
public sealed record OwnedRoom(Guid RoomID, IReadOnlyList<TestPrincipal> People, IReadOnlyList<TestAgent> Agents)
{
    public TestPrincipal Owner => People[0];
}

public static class People
{
    /// Somebody new who is signed in.
    public static async Task<TestPrincipal> NewPerson(this ParleService service, string? handle = null)
    {
        handle ??= $"p{Guid.NewGuid():N}"[..16];
        var principal = (await service.Provision(new([new(handle, PersonSession: true)]))).Principals[0];
        return new(service.Client(), principal.PrincipalID, handle, principal.PersonSession!);
    }

    /// A room of one principal in which an agent of each of <paramref name="count"/> principals is present; its people are signed in.
    public static Task<OwnedRoom> NewOwnedRoom(this ParleService service, int count, params string[] scopes) =>
        service.NewOwnedRoom(count, RoomKind.Shared, scopes);

    public static async Task<OwnedRoom> NewOwnedRoom(this ParleService service, int count, RoomKind kind, params string[] scopes)
    {
        var people = new List<TestPrincipal>();
        for (var i = 0; i < count; i++)
        {
            people.Add(await service.NewPerson());
        }

        var provisioned = (await service.Provision(new(
            [],
            [.. people.Select(person => new ProvisionAgent(person.Handle, "helper"))],
            [new("build", people[0].Handle, kind, [.. people.Select(person => new ProvisionSeat($"@{person.Handle}.helper"))],
                [.. people.Select(person => new ProvisionToken($"@{person.Handle}.helper", ["participate", .. scopes]))])]))).Rooms[0];
        var agents = provisioned.Tokens.Select(token => new TestAgent(service.Client(), provisioned.RoomID, token.Token!)).ToList();
        foreach (var agent in agents)
        {
            await agent.StartSession();
            await agent.Enter();
        }

        return new(provisioned.RoomID, people, agents);
    }
}
