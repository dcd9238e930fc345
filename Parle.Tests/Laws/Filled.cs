using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Parle.Tests.Service;

namespace Parle.Tests.Laws;

/// An offer with everything filled in that it lists, by a client that knows nothing but the list.
internal sealed record Filled(string Href, string? Body)
{
    /// Filled in by an agent. What stands in the room it looks up there.
    public static async Task<Filled> In(JsonElement row, TestAgent agent, IReadOnlyDictionary<string, string>? known) =>
        In(row, (await Known(row, agent)).Concat(known ?? new Dictionary<string, string>()).ToDictionary());

    /// Filled in with what is known by name, and otherwise with the first choice or any words.
    public static Filled In(JsonElement row, IReadOnlyDictionary<string, string> known)
    {
        var href = row.GetProperty("href").GetString()!;
        var body = row.TryGetProperty("body", out var template) ? JsonObject.Create(template)! : null;
        foreach (var blank in row.TryGetProperty("fill", out var fill) ? fill.EnumerateArray() : [])
        {
            var name = blank.GetProperty("name").GetString()!;
            if (blank.TryGetProperty("in", out _))
            {
                href = href.Replace($"{{{name}}}", Value(blank, known).GetValue<string>(), StringComparison.Ordinal);
            }
            else
            {
                Put(body!, name.Split('.'), Value(blank, known));
            }
        }

        return new(href, body?.ToJsonString());
    }

    private static void Put(JsonObject body, ReadOnlySpan<string> path, JsonNode value)
    {
        if (path is [var last])
        {
            body[last] = value;
            return;
        }

        var inner = body[path[0]] as JsonObject ?? [];
        body[path[0]] = inner;
        Put(inner, path[1..], value);
    }

    private static JsonNode Value(JsonElement blank, IReadOnlyDictionary<string, string> known)
    {
        Assert.NotEmpty(blank.GetProperty("prompt").GetString()!);
        var (name, type) = (blank.GetProperty("name").GetString()!.Split('.')[^1],
            blank.TryGetProperty("type", out var told) ? told.GetString() : "string");
        return known.TryGetValue(name, out var value) ? value
            : blank.TryGetProperty("choices", out var choices) ? choices[0].GetString()!
            : type switch
            {
                "integer" => 0,
                "boolean" => false,
                "array" when blank.GetProperty("items") is var items => new JsonArray(
                    items[0].GetProperty("name").GetString() is "" ? Value(items[0], known) : new JsonObject(items.EnumerateArray()
                        .Select(item => KeyValuePair.Create(item.GetProperty("name").GetString()!, (JsonNode?)Value(item, known))))),
                _ => name switch
                {
                    "sha256" => Convert.ToHexStringLower(Guid.NewGuid().ToByteArray()).PadRight(64, '0'),
                    "email" => "somebody@example.org",
                    "alias" => "some-name",
                    "room_handle" => "some-room",
                    _ => "Words.",
                },
            };
    }

    // The words that the agent said last, or the last ones of all: these it may take away, if any.
    private static async Task<IReadOnlyDictionary<string, string>> Known(JsonElement row, TestAgent agent)
    {
        if (!row.TryGetProperty("fill", out var fill)
            || fill.EnumerateArray().All(blank => blank.GetProperty("name").GetString() is not "event_id"))
        {
            return new Dictionary<string, string>();
        }

        var page = await (await agent.Send(HttpMethod.Get, agent.Projection)).Json(HttpStatusCode.OK);
        var said = page.GetProperty("messages").EnumerateArray().Where(one => one.GetProperty("payload").TryGetProperty("body", out _))
            .ToList();
        var last = said.Where(one => one.GetProperty("participant_id").GetString() == agent.ParticipantID.ToString())
            .DefaultIfEmpty(said[^1]).Last();
        return new Dictionary<string, string> { ["event_id"] = last.GetProperty("event_id").GetString()! };
    }
}
