using System.Text.Json.Nodes;

namespace Parle.Samples;

/// <summary>A room that the agent has entered: what it may do there, and what is new.</summary>
public sealed class Room : IAsyncDisposable
{
    private const int Attempts = 8;
    private static readonly string[] Over = ["closed", "consumed", "declined", "denied", "expired", "withdrawn"];

    private readonly HttpClient http;
    private readonly string service;
    private readonly OpenApi api;
    private readonly Dictionary<string, string> known = []; // What stands in braces in paths.

    private Room(HttpClient http, string service, OpenApi api) => (this.http, this.service, this.api) = (http, service, api);

    /// <summary>Where others reach this agent.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Enters the one room that the token opens.</summary>
    public static async Task<Room> Enter(string service, string token)
    {
        var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        var room = new Room(http, service, await OpenApi.Find(http, service));
        try
        {
            var self = await room.Do("read_self");
            room.known["room"] = self["rooms"]![0]!.Text("room_id");
            var session = await room.Do("start_session");
            http.DefaultRequestHeaders.Add(room.api.CredentialHeader, session.Text("session_credential"));
            room.known["session"] = session.Text("agent_session_id");
            room.Address = session.Text("address");
            await room.Do("enter_room");
            return room;
        }
        catch
        {
            http.Dispose();
            throw;
        }
    }

    /// <summary>Says what the agent does, to whoever watches it.</summary>
    public void Tell(string step) => Console.WriteLine($"{Address}: {step}");

    /// <summary>What the agent may do here, now.</summary>
    public async Task<IReadOnlyList<Call>> Offers() => Call.OfferedIn(await Do("read_affordances"));

    /// <summary>What the agent may do about one ask, now.</summary>
    public async Task<IReadOnlyList<Call>> Offers(string askID) => Call.OfferedIn(await Do("read_ask", ("ask", askID)));

    /// <summary>Waits until something is offered about an ask.</summary>
    public async Task<Call> Offer(string action, string askID)
    {
        Call? offered = null;
        var ask = await Follow(askID, ask => (offered = Call.OfferedIn(ask).FirstOrDefault(offer => offer.Action == action)) is not null);
        return offered ?? throw new InvalidOperationException($"The ask \"{ask["title"]}\" is {ask["state"]}: there will be no {action}.");
    }

    /// <summary>Waits until an ask is over, and tells how it ended.</summary>
    public async Task<string> End(string askID) => (await Follow(askID, _ => false)).Text("state");

    /// <summary>Waits for entries of the agent's queue: what wants something of it.</summary>
    public async Task<IReadOnlyList<JsonNode>> Work()
    {
        while (true)
        {
            var queue = await Do("read_responsive_delivery", ("wait", "30"), ("form", "compact"));
            if (queue["rows"]!.AsArray() is { Count: > 0 } entries)
            {
                return [.. entries.Select(entry => entry!)];
            }
        }
    }

    /// <summary>Takes an entry out of the queue.</summary>
    public Task<JsonNode> Acknowledge(JsonNode entry) => Send(Prepare("ack_responsive_delivery").Saying(body =>
        (body["seq"], body["event_id"]) = (entry["seq"]!.DeepClone(), entry["event_id"]!.DeepClone())));

    /// <summary>A call by its name: for what is not offered, or always possible.</summary>
    public Call Prepare(string action, params IEnumerable<(string Name, string Value)> values) =>
        api.Prepare(action, [.. known.Select(value => (value.Key, value.Value)), .. values]);

    /// <summary>Makes and sends a call.</summary>
    public Task<JsonNode> Do(string action, params IEnumerable<(string Name, string Value)> values) => Send(Prepare(action, values));

    /// <summary>
    /// Sends a call until there is an answer. Each attempt has the same key, so whatever is lost on the way, it happens once.
    /// </summary>
    public async Task<JsonNode> Send(Call call)
    {
        for (var attempt = 1; ; attempt++)
        {
            var pause = TimeSpan.FromMilliseconds(100 << attempt);
            try
            {
                using var request = call.Request(service);
                using var answer = await http.SendAsync(request);
                var text = await answer.Content.ReadAsStringAsync();
                if (answer.IsSuccessStatusCode)
                {
                    return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
                }

                var error = JsonNode.Parse(text)!["error"]!;
                if (attempt == Attempts || !error["retryable"]!.GetValue<bool>())
                {
                    throw new Refused(call, error);
                }

                pause = error["retry_after_ms"] is { } wait ? TimeSpan.FromMilliseconds(wait.GetValue<int>()) : pause;
            }
            catch (HttpRequestException) when (attempt < Attempts)
            {
                // Whether it arrived is unknown.
            }

            await Task.Delay(pause);
        }
    }

    /// <summary>Leaves: the session is over.</summary>
    public async ValueTask DisposeAsync()
    {
        using (http)
        {
            await Do("end_session");
        }
    }

    // The ask as soon as it is as wanted, or over.
    private async Task<JsonNode> Follow(string askID, Func<JsonNode, bool> isWanted)
    {
        for (var watermark = "0"; ;)
        {
            var ask = await Do("read_ask", ("ask", askID), ("since_seq", watermark), ("wait", "30"));
            if (isWanted(ask) || Over.Contains(ask.Text("state")))
            {
                return ask;
            }

            watermark = $"{ask["watermark"]}";
        }
    }
}
