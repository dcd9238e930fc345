using System.ComponentModel;
using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Parle.Api;
using Parle.Api.Asks;
using Parle.Api.Contract;
using Parle.Domain.Rooms;
using Parle.Tests.Asks;
using Parle.Tests.Contract;
using Parle.Tests.Service;

namespace Parle.Tests.Laws;

/// Law 3: what is the same is the same however it is said.
public partial class WhatARequestMeans(TestCluster cluster)
{
    public static TheoryData<string, string, string> Defaults
    {
        get
        {
            var all = new TheoryData<string, string, string>();
            foreach (var type in Actions.All.Where(action => action.Idempotent || action.TakesKey).Select(action => action.Body).OfType<Type>().Distinct())
            {
                foreach (var property in type.GetProperties().Where(property => property.GetCustomAttribute<AbsentAttribute>() is not null))
                {
                    all.Add(type.FullName!, WireJson.Options.PropertyNamingPolicy!.ConvertName(property.Name), property.GetCustomAttribute<AbsentAttribute>()!.Json);
                }
            }

            return all;
        }
    }

    [Theory, MemberData(nameof(Defaults))]
    public void does_not_depend_on_whether_a_default_is_said(string type, string member, string value)
    {
        var body = typeof(Actions).Assembly.GetType(type)!;
        object Read(string json) => JsonSerializer.Deserialize(json, body, WireJson.Options)!;
        Assert.Equal(Meaning.Canonical(Read("{}")), Meaning.Canonical(Read($$"""{"{{member}}":{{value}}}""")));
        Assert.Equal(Meaning.Canonical(Read("{}")), Meaning.Canonical(Read($$"""{"{{member}}":null}""")));
    }

    // A default that the documentation names is one that the code knows.
    [Fact]
    public void knows_each_default_that_is_documented()
    {
        var documented = Actions.All.Where(action => action.Idempotent || action.TakesKey).Select(action => action.Body).OfType<Type>().Distinct()
            .SelectMany(type => type.GetProperties()).Where(property => property.GetCustomAttribute<DescriptionAttribute>() is { } said && Literal().IsMatch(said.Description)).ToList();
        Assert.True(documented.Count >= 5, "No defaults are documented any more.");
        Assert.All(documented, property => Assert.True(property.GetCustomAttribute<AbsentAttribute>() is not null, $"{property.DeclaringType!.Name}.{property.Name}"));
    }

    [Theory]
    [InlineData("""{"items":[{"name":"a","text":"x"}]}""", """{"left_out":[],"items":[{"text":"\u0078","media_type":"text/plain","name":"a"}]}""")]
    [InlineData("""{"items":[{"name":"a","json":{"b":1,"a":2}}]}""", """{"items":[{"name":"a","json":{"a":2.0,"b":1e0},"media_type":"application/json"}]}""")]
    public void does_not_depend_on_spelling(string one, string other) =>
        Assert.Equal(Meaning.Canonical(JsonSerializer.Deserialize<ContextBody>(one, WireJson.Options)!), Meaning.Canonical(JsonSerializer.Deserialize<ContextBody>(other, WireJson.Options)!));

    [Theory]
    [InlineData("""{"items":[{"name":"a","text":"x"}]}""", """{"items":[{"name":"a","text":"x","media_type":"application/json"}]}""")]
    [InlineData("""{"items":[{"name":"a","text":"1"}]}""", """{"items":[{"name":"a","json":1}]}""")]
    [InlineData("""{"items":[{"name":"a","text":"x"}]}""", """{"items":[{"name":"a","text":"x"}],"left_out":["b"]}""")]
    public void is_another_where_something_else_is_said(string one, string other) =>
        Assert.NotEqual(Meaning.Canonical(JsonSerializer.Deserialize<ContextBody>(one, WireJson.Options)!), Meaning.Canonical(JsonSerializer.Deserialize<ContextBody>(other, WireJson.Options)!));

    [Fact]
    public async Task of_an_ask_is_recognised_with_its_defaults_and_in_any_order()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.All, History.All);
        var ana = room.Agents[0];
        var plain = Asking.Approval();
        var first = await ana.Ask(plain, "key");
        var spelt = JsonSerializer.SerializeToNode(plain)!.AsObject();
        var other = new JsonObject { ["done_when"] = new JsonArray(), ["valid_seconds"] = 3600, ["quorum"] = 1.0, ["addressing"] = new JsonObject { ["audience"] = "broadcast" } };
        foreach (var (name, value) in spelt.Reverse().Where(member => !other.ContainsKey(member.Key)))
        {
            other[name] = value!.DeepClone();
        }

        Assert.Equal(await ARetry.Receipt(first), await ARetry.Receipt(await ana.Send(HttpMethod.Post, ana.AsksOf(), other.ToJsonString(), "key")));
        await (await ana.Ask(plain.With("quorum", 2), "key")).IsRefused("idempotency_conflict");
        await (await ana.Ask(plain.With("valid_seconds", 60), "key")).IsRefused("idempotency_conflict");
    }

    [Fact]
    public async Task of_writes_of_people_is_recognised_too()
    {
        var service = await cluster.Service;
        var ana = await service.NewPerson();
        var created = await (await ana.Post("/v/rooms", new { room_handle = "a-room" }, "room")).Json(HttpStatusCode.Created);
        Assert.Equal(created.Text("room_id"), (await (await ana.Post("/v/rooms", new { kind = "private", room_handle = "a-room" }, "room")).Json(HttpStatusCode.Created)).Text("room_id"));
        await (await ana.Post("/v/rooms", new { kind = "shared", room_handle = "a-room" }, "room")).IsRefused("idempotency_conflict");
        var agent = await (await ana.Post("/v/agents", new { agent_handle = "helper" }, "agent")).Json(HttpStatusCode.Created);
        Assert.Equal(agent.Text("agent_id"), (await (await ana.Post("/v/agents", new { agent_handle = "helper", display_name = "helper" }, "agent")).Json(HttpStatusCode.Created)).Text("agent_id"));
        var room = Guid.Parse(created.Text("room_id"));
        var seat = await (await ana.Post($"/v/rooms/{room}/seats", new { agent_id = agent.Text("agent_id") }, "seat")).Json(HttpStatusCode.Created);
        var again = await ana.Post($"/v/rooms/{room.ToString().ToUpperInvariant()}/seats", new { agent_id = agent.Text("agent_id"), history = "from_admission" }, "seat");
        Assert.Equal(seat.Text("seat_id"), JsonElement.Parse(await again.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Text("seat_id"));
        var token = await (await ana.Post($"/v/agents/{agent.Text("agent_id")}/tokens", new { room_id = room }, "token")).Json(HttpStatusCode.Created);
        Assert.Equal(
            token.Text("token"), (await (await ana.Post($"/v/agents/{agent.Text("agent_id")}/tokens", new { scopes = new[] { "participate" }, room_id = room }, "token")).Json(HttpStatusCode.Created)).Text("token"));
    }

    // A number, a word of the wire, or nothing: not what only a sentence tells.
    [GeneratedRegex(@"(Absent: (\d+|private|from_admission)\.|^\S+ is meant where nothing is said|unless the owner says all)")]
    private static partial Regex Literal();
}
