using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Parle.Api;
using Parle.Api.Registry;
using Parle.Tests.Service;

namespace Parle.Tests.Laws;

/// A row of affordances, to be taken at its word.
internal sealed record Offer(ParleAction Action, bool Allowed, string? Reason, Guid? AskID, JsonElement Row)
{
    // Reasons that no attempt can give, since it cannot name what is not there, and the code that it gets instead.
    private static readonly Dictionary<string, string> NothingThere = new()
    {
        ["nothing_waits"] = "delivery_ack_rejected",
        ["no_reply_route"] = "not_found",
        ["no_alias"] = "not_found",
        ["no_ask"] = "not_found",
        ["no_context"] = "not_found",
        ["nothing_to_choose"] = "not_found",
    };

    /// All that the room offers to <paramref name="agent"/>.
    public static async Task<IReadOnlyList<Offer>> All(TestAgent agent) =>
        In(await (await agent.Send(HttpMethod.Get, $"/v/rooms/{agent.RoomID}/affordances")).Json(HttpStatusCode.OK));

    public static IReadOnlyList<Offer> In(JsonElement answer) => [.. answer.GetProperty("affordances").EnumerateArray().Select(row =>
    {
        var action = Actions.All.Single(action => action.Id == row.GetProperty("action").GetString());
        Assert.Equal((action.Method, action.Path), (row.GetProperty("method").GetString(), row.GetProperty("path").GetString()));
        return new Offer(
            action, row.GetProperty("allowed").GetBoolean(), row.TryGetProperty("reason", out var reason) ? reason.GetString() : null,
            row.TryGetProperty("ask_id", out var ask) ? ask.GetGuid() : null, row);
    })];

    /// The short form, spelt out: what every row has is said once.
    public static IReadOnlyList<Offer> InShort(JsonElement answer)
    {
        var (version, keyHeader) = (answer.GetProperty("headers"), answer.GetProperty("key_header").GetString()!);
        return
        [
            .. answer.GetProperty("offers").EnumerateArray().Select(row =>
            {
                var whole = JsonObject.Create(row)!;
                whole["method"] ??= "GET";
                whole["headers"] = JsonNode.Parse(version.GetRawText());
                if (row.TryGetProperty("key", out var key))
                {
                    whole["headers"]![keyHeader] = key.GetString();
                }

                if (row.TryGetProperty("body", out _))
                {
                    whole["headers"]!["Content-Type"] = "application/json";
                }

                return new Offer(
                    Actions.All.Single(action => action.Id == row.GetProperty("action").GetString()), true, null,
                    AskIn(row.GetProperty("href").GetString()!), JsonElement.Parse(whole.ToJsonString()));
            }),
        ];
    }

    private static Guid? AskIn(string href) =>
        href.Split('/') is [_, _, "rooms", _, "asks", var ask, ..] && Guid.TryParse(ask, out var id) ? id : null;

    /// Whether both offer the same act, about the same thing, with the same known of it.
    public bool IsSameAs(Offer other) => (Action, AskID, Href, Body) == (other.Action, other.AskID, other.Href, other.Body);

    private string? Href => Row.TryGetProperty("href", out var href) ? href.GetString() : null;

    private string? Body => Row.TryGetProperty("body", out var body) ? body.GetRawText() : null;

    /// Sends what is offered, filled in, with the agent's own credentials.
    public async Task<HttpResponseMessage> Send(TestAgent agent, IReadOnlyDictionary<string, string>? known = null) =>
        await Send(agent, await Filled.In(Row, agent, known));

    /// Sends exactly what is offered: nothing is filled in.
    public Task<HttpResponseMessage> SendUnfilled(TestAgent agent) =>
        Send(agent, new Filled(Row.GetProperty("href").GetString()!, Row.TryGetProperty("body", out var body) ? body.GetRawText() : null));

    private async Task<HttpResponseMessage> Send(TestAgent agent, Filled filled)
    {
        using var request = agent.Request(new(Row.GetProperty("method").GetString()!), filled.Href);
        if (filled.Body is { } body)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.Remove("Content-Type");
        }

        foreach (var header in Row.GetProperty("headers").EnumerateObject())
        {
            Assert.True(request.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString())
                || request.Content!.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString()));
        }

        return await agent.Send(request);
    }

    /// What is to be filled in: nobody but the agent says it, and it is missed by its name.
    public IReadOnlyList<string> Blanks => Row.TryGetProperty("fill", out var fill)
        ? [.. fill.EnumerateArray().Where(blank => !blank.TryGetProperty("in", out _))
            .Select(blank => blank.GetProperty("name").GetString()!)]
        : [];

    public async Task IsMissedByName(TestAgent agent)
    {
        using var answer = await SendUnfilled(agent);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)answer.StatusCode is 400 or 422, $"{Row} was sent unfilled and answered {(int)answer.StatusCode} {text}");
        var message = JsonElement.Parse(text).GetProperty("error").GetProperty("message").GetString()!;
        Assert.True(Blanks.Any(name => name.Split('.').Any(part => message.Contains(part, StringComparison.Ordinal))),
            $"{Row} was refused with {message}, which names nothing of {string.Join(", ", Blanks)}.");
    }

    public async Task Succeeds(TestAgent agent, IReadOnlyDictionary<string, string>? known = null)
    {
        if (Blanks.Count > 0)
        {
            await IsMissedByName(agent);
        }

        using var answer = await Send(agent, known);
        Assert.True(
            answer.IsSuccessStatusCode,
            answer.IsSuccessStatusCode ? "" : $"{Row} was answered {(int)answer.StatusCode} "
                + $"{await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
    }

    /// Tries what is withheld, and is refused for the reason that was given.
    public async Task IsRefused(TestAgent agent)
    {
        using var answer = await AnAffordance.Attempt(Action, agent, agent.RoomID.ToString(), ask: AskID);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.False(answer.IsSuccessStatusCode, $"{Row} was withheld, and answered {(int)answer.StatusCode} {text}");
        var error = JsonElement.Parse(text).GetProperty("error");
        var told = error.TryGetProperty("reason", out var why) ? why.GetString() : error.GetProperty("code").GetString();
        Assert.True((NothingThere.GetValueOrDefault(Reason!) ?? Reason) == told, $"{Row} was refused with {text}");
    }
}
