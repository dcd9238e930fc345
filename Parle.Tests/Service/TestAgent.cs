using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Parle.Tests.Service;

/// An agent that talks to the service over HTTP, holding what a real one would hold.
public sealed class TestAgent(HttpClient client, Guid roomID, string token)
{
    public Guid RoomID => roomID;

    public string Token => token;

    public string? Credential { get; set; }

    public Guid SessionID { get; private set; }

    public string Address { get; private set; } = "";

    public Guid ParticipantID { get; private set; }

    /// The same agent in the same session, talking to another node.
    public TestAgent At(HttpClient node) =>
        new(node, roomID, token) { Credential = Credential, SessionID = SessionID, Address = Address, ParticipantID = ParticipantID };

    /// The same session with the token of another room, perhaps at another node.
    public TestAgent In(Guid otherRoomID, string otherToken, HttpClient? node = null) =>
        new(node ?? client, otherRoomID, otherToken) { Credential = Credential, SessionID = SessionID, Address = Address };

    /// The same token in another session.
    public TestAgent As(TestAgent other) =>
        new(client, roomID, token) { Credential = other.Credential, SessionID = other.SessionID, Address = other.Address };

    /// The same agent, with no session yet.
    public TestAgent Again() => new(client, roomID, token);

    public async Task<JsonElement> StartSession()
    {
        var answer = await Send(HttpMethod.Post, "/v/agent/sessions", "{}");
        var session = await answer.Json(HttpStatusCode.Created);
        Credential = session.GetProperty("session_credential").GetString();
        SessionID = session.GetProperty("agent_session_id").GetGuid();
        Address = session.GetProperty("address").GetString()!;
        return session;
    }

    public async Task<JsonElement> Enter()
    {
        var entered = await (await Send(HttpMethod.Post, $"/v/rooms/{roomID}/participants")).Json(HttpStatusCode.Created);
        ParticipantID = entered.GetProperty("participant_id").GetGuid();
        return entered;
    }

    /// Takes an alias, last seen at this generation; its address is the agent's from now on.
    public async Task<JsonElement> Claim(string alias, long generation)
    {
        var claimed = await (await TryClaim(alias, generation)).Json(HttpStatusCode.OK);
        Address = claimed.GetProperty("address").GetString()!;
        return claimed;
    }

    public async Task End() => await (await Send(HttpMethod.Post, $"/v/agent/sessions/{SessionID}/end")).Json(HttpStatusCode.NoContent);

    public Task<HttpResponseMessage> TryClaim(string alias, long generation) =>
        Send(HttpMethod.Post, $"/v/agent/sessions/{SessionID}/claim-alias",
            $$"""{"alias":"{{alias}}","expected_generation":{{generation}}}""");

    /// The rows that wait for the agent's response.
    public async Task<JsonElement> Drain() =>
        await (await Send(HttpMethod.Get, $"/v/rooms/{roomID}/responsive-delivery?wait=0")).Json(HttpStatusCode.OK);

    public Task<HttpResponseMessage> Ack(JsonElement row) =>
        Send(HttpMethod.Post, $"/v/rooms/{roomID}/responsive-delivery/ack",
            $$"""{"seq":{{row.Seq()}},"event_id":"{{row.GetProperty("event_id").GetString()}}"}""");

    /// Answers a drained row along its route.
    public Task<HttpResponseMessage> Reply(JsonElement row, string body, string? key = null) => Send(
        HttpMethod.Post, $"/v/rooms/{roomID}/replies",
        JsonSerializer.Serialize(
            new { reply_route_id = row.GetProperty("reply_route").GetProperty("reply_route_id").GetString(), payload = new { body } }),
        key ?? Guid.NewGuid().ToString());

    public Task<HttpResponseMessage> Say(string body, string? key = null, string? to = null) => Post(
        JsonSerializer.Serialize(to is null
            ? new { type = "message_submitted", payload = new { body } }
            : (object)new { type = "message_submitted", payload = new { body }, addressing = new { audience = "direct", to } }),
        key ?? Guid.NewGuid().ToString());

    /// Submits a body as it is written.
    public Task<HttpResponseMessage> Post(string json, string? key) => Send(HttpMethod.Post, $"/v/rooms/{roomID}/messages", json, key);

    public async Task<JsonElement> Read(long since = 0, int wait = 0) =>
        await (await Send(HttpMethod.Get, $"/v/rooms/{roomID}/projection?since_seq={since}&wait={wait}")).Json(HttpStatusCode.OK);

    public async Task<HttpResponseMessage> Send(HttpMethod method, string path, string? json = null, string? key = null)
    {
        using var request = Request(method, path);
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        return await Send(request);
    }

    /// Answers when the headers are there: a stream of events has no end.
    public Task<HttpResponseMessage> Send(HttpRequestMessage request) =>
        client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

    /// A POST that says it carries nothing: Content-Length: 0.
    public async Task<HttpResponseMessage> SendNothing(string path)
    {
        using var request = Request(HttpMethod.Post, path);
        request.Content = new ByteArrayContent([]);
        return await Send(request);
    }

    /// A request with the agent's credentials, for those who want to spoil it before it is sent.
    public HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (Credential is not null)
        {
            request.Headers.Add("Parle-Agent-Session", Credential);
        }

        return request;
    }

    public string Messages => $"/v/rooms/{roomID}/messages";

    public string Projection => $"/v/rooms/{roomID}/projection";

    public string Participants => $"/v/rooms/{roomID}/participants";
}

public static class Answers
{
    /// The JSON of an answer that must have <paramref name="status"/>; says what came instead.
    public static async Task<JsonElement> Json(this HttpResponseMessage answer, HttpStatusCode status)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == status, $"Expected {status}, got {answer.StatusCode}: {text}");
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }

    /// The error of an answer that must refuse with <paramref name="code"/>.
    public static async Task<JsonElement> Refuses(this HttpResponseMessage answer, string code)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var error = JsonElement.Parse(text).GetProperty("error");
        Assert.True(error.GetProperty("code").GetString() == code, $"Expected {code}, got {text}");
        return error;
    }

    public static IReadOnlyList<JsonElement> Messages(this JsonElement page) => [.. page.GetProperty("messages").EnumerateArray()];

    public static string Body(this JsonElement row) => row.GetProperty("payload").GetProperty("body").GetString()!;

    public static long Seq(this JsonElement row) => row.GetProperty("seq").GetInt64();
}
