using System.ComponentModel;
using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Parle.Api;
using Parle.Api.Asks;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Api.Writing;
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
            foreach (var type in Bodies())
            {
                foreach (var property in type.GetProperties().Where(property => property.GetCustomAttribute<AbsentAttribute>() is not null))
                {
                    all.Add(type.FullName!, WireJson.Options.PropertyNamingPolicy!.ConvertName(property.Name),
                        property.GetCustomAttribute<AbsentAttribute>()!.Json);
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
        var spelt = JsonNode.Parse(value) is JsonArray { Count: > 0 } list
            ? new JsonArray([.. list.Select(item => item!.DeepClone()), list[0]!.DeepClone()]).ToJsonString() : value;
        Assert.Equal(Meaning.Canonical(Read("{}")), Meaning.Canonical(Read($$"""{"{{member}}":{{spelt}}}""")));
        Assert.Equal(Meaning.Canonical(Read("{}")), Meaning.Canonical(Read($$"""{"{{member}}":{{value}}}""")));
        Assert.Equal(Meaning.Canonical(Read("{}")), Meaning.Canonical(Read($$"""{"{{member}}":null}""")));
    }

    /// Of each list in a body somebody has said whether its order says something.
    [Fact]
    public void depends_on_the_order_of_those_lists_alone_whose_order_says_something()
    {
        string[] ordered = ["OpenAskRequest.DoneWhen", "ContextBody.Items", "ContextBody.LeftOut"];
        var lists = Bodies().SelectMany(type => type.GetProperties()).Where(property => ItemOf(property.PropertyType) is not null).ToList();
        Assert.True(lists.Count > 15, "There are hardly any lists any more.");
        Assert.All(lists, property => Assert.NotEqual(
            ordered.Contains($"{property.DeclaringType!.Name}.{property.Name}"),
            property.GetCustomAttribute<UnorderedAttribute>() is not null));
    }

    [Theory]
    [InlineData("MintTokenRequest",
        """{"scopes":["a","b"],"actions":["c","d"],"asks":["019a7c1d-0a11-7c3b-8c45-2d7f9b3e5a01","019a7c1d-0a11-7c3b-8c45-2d7f9b3e5a02"]}""",
        """{"asks":["019A7C1D-0A11-7C3B-8C45-2D7F9B3E5A02","019a7c1d-0a11-7c3b-8c45-2d7f9b3e5a01"],"actions":["d","c","d"],"scopes":["b","a"]}""")]
    [InlineData(
        "SubmitAddressing", """{"audience":"direct","to":["@a.b","@c.d"]}""", """{"audience":"direct","to":["@c.d","@a.b","@c.d"]}""")]
    [InlineData("SubmitAddressing", """{"audience":"direct","to":"@a.b"}""", """{"audience":"direct","to":["@a.b"]}""")]
    [InlineData("Provision",
        """{"principals":[{"handle":"ana"},{"handle":"ben","email":"ben@example.org"}],"agents":[{"principal":"ana","handle":"x1"},{"principal":"ben","handle":"x1"}],"rooms":[{"handle":"r1","owner":"ana","seats":[{"agent":"@ana.x1","rights":["admin"]},{"principal":"ben"}],"tokens":[{"agent":"@ana.x1"},{"agent":"@ben.x1"}]},{"handle":"r2","owner":"ana"}],"operators":[{"label":"o1"},{"label":"o2"}]}""",
        """{"operators":[{"label":"o2","dismissed":false},{"label":"o1"}],"rooms":[{"handle":"r2","owner":"ana","auditors":[],"seats":[]},{"kind":"shared","handle":"r1","owner":"ana","tokens":[{"agent":"@ben.x1"},{"scopes":["participate"],"agent":"@ana.x1"}],"seats":[{"principal":"ben","history":"from_admission","rights":[]},{"agent":"@ana.x1","rights":["remove_members","revoke_invites","invite_members"]}]}],"agents":[{"principal":"ben","handle":"x1","display_name":"x1"},{"principal":"ana","handle":"x1"}],"principals":[{"handle":"ben","display_name":"ben","email":" Ben@Example.org"},{"handle":"ana","person_session":false}]}""")]
    public void does_not_depend_on_the_order_of_sets(string type, string one, string other)
    {
        var body = Bodies().Single(known => known.Name == type);
        Assert.Equal(Meaning.Canonical(JsonSerializer.Deserialize(one, body, WireJson.Options)!),
            Meaning.Canonical(JsonSerializer.Deserialize(other, body, WireJson.Options)!));
    }

    /// The answer shows things of one name in their order, so that it tells which is which.
    [Theory]
    [InlineData("""{"rooms":[{"handle":"r1","owner":"ana","tokens":[{"agent":"@a.b"},{"agent":"@a.b","scopes":["room_invite"]}]}]}""",
        """{"rooms":[{"handle":"r1","owner":"ana","tokens":[{"agent":"@a.b","scopes":["room_invite"]},{"agent":"@a.b"}]}]}""")]
    [InlineData("""{"principals":[{"handle":"ana","person_session":true}]}""", """{"principals":[{"handle":"ana"}]}""")]
    [InlineData(
        """{"agents":[{"principal":"ana","handle":"x1"}]}""", """{"agents":[{"principal":"ana","handle":"x1","display_name":"X1"}]}""")]
    public void of_a_description_is_another_where_the_answer_would_be(string one, string other) => Assert.NotEqual(
        Meaning.Canonical(JsonSerializer.Deserialize<Api.Provisioning.Provision>(one, WireJson.Options)!),
        Meaning.Canonical(JsonSerializer.Deserialize<Api.Provisioning.Provision>(other, WireJson.Options)!));

    /// Records from before sets and these defaults were known are found again.
    [Fact]
    public void is_recognised_as_versions_of_before_kept_it()
    {
        var server = new ServerKey([.. Enumerable.Repeat((byte)7, 32)]);
        var sent = new Api.Provisioning.Provision(
            [new("ana", DisplayName: "ana")], Rooms: [new("r1", "ana", Tokens: [new("@ana.b", ["b", "a"])])]);
        var before =
            """{"principals":[{"display_name":"ana","handle":"ana","person_session":false}],"rooms":[{"handle":"r1","kind":"shared","owner":"ana","tokens":[{"agent":"@ana.b","scopes":["b","a"]}]}]}""";
        Assert.True(Meaning.Of(server, sent).IsOf(new(Meaning.OfText(server, before).Fingerprint(), "{}") { Salts = [] }));
        Assert.False(Meaning.Of(server, sent)
            .IsOf(new(Meaning.OfText(server, before.Replace("r1", "r2", StringComparison.Ordinal)).Fingerprint(), "{}") { Salts = [] }));
    }

    [Fact]
    public async Task of_a_direct_message_does_not_depend_on_the_order_of_its_addressees()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.All, History.All, History.All);
        var (ana, to) = (room.Agents[0], room.Agents.Skip(1).Select(agent => agent.Address).ToArray());
        string Message(params string[] addressees) => JsonSerializer.Serialize(new
        { type = "message_submitted", payload = new { body = "hello" }, addressing = new { audience = "direct", to = addressees } });
        var first = await (await ana.Post(Message(to), "key")).Json(HttpStatusCode.Created);
        var again = await (await ana.Post(Message([.. to.Reverse(), to[0]]), "key")).Json(HttpStatusCode.OK);
        Assert.Equal(first.Text("event_id"), again.Text("event_id"));
        await (await ana.Post(Message(to[0]), "key")).IsRefused("idempotency_conflict");
    }

    [Fact]
    public async Task of_what_is_minted_does_not_depend_on_the_order_of_sets()
    {
        var service = await cluster.Service;
        var (host, guest) = (await service.NewOwnedRoom(1), await service.NewPerson());
        var agent = await host.Owner.Creates("minter");
        await host.Owner.Seats(host.RoomID, agent);
        foreach (var (path, one, other) in ((string, object, object)[])
            [
                ($"/v/rooms/{host.RoomID}/invites", new
                {
                    target = new { kind = "principal", handle = guest.Handle },
                    offered_rights = new[] { "revoke_invites", "invite_members" }
                },
                    new
                    {
                        offered_rights = new[] { "invite_members", "revoke_invites", "invite_members" },
                        ttl_seconds = 604800,
                        target = new { handle = guest.Handle, kind = "principal" },
                        seat_type = "principal"
                    }),
                ($"/v/rooms/{host.RoomID}/join-keys", new { scopes = new[] { "invite_mint", "participate" } },
                    new { approval = false, scopes = new[] { "participate", "invite_mint", "participate" } }),
                ($"/v/agents/{agent}/tokens", new { room_id = host.RoomID, actions = new[] { "post_message", "read_projection" } },
                    new { scopes = new[] { "participate" }, actions = new[] { "read_projection", "post_message" }, room_id = host.RoomID }),
            ])
        {
            var first = JsonNode.Parse((await (await host.Owner.Post(path, one, "sets")).Bytes()).Body)!.AsObject();
            var again = JsonNode.Parse((await (await host.Owner.Post(path, other, "sets")).Bytes()).Body)!.AsObject();
            first.Remove("replayed");
            again.Remove("replayed");
            Assert.DoesNotContain("error", first);
            Assert.Equal(first.ToJsonString(), again.ToJsonString());
        }
    }

    // A default that the documentation names is one that the code knows.
    [Fact]
    public void knows_each_default_that_is_documented()
    {
        var documented = Actions.All.Where(action => action.Idempotent || action.TakesKey).Select(action => action.Body).OfType<Type>()
            .Distinct()
            .SelectMany(type => type.GetProperties()).Where(property => property.GetCustomAttribute<DescriptionAttribute>() is { } said
                && Literal().IsMatch(said.Description)).ToList();
        Assert.True(documented.Count >= 5, "No defaults are documented any more.");
        Assert.All(documented, property => Assert.True(
            property.GetCustomAttribute<AbsentAttribute>() is not null, $"{property.DeclaringType!.Name}.{property.Name}"));
    }

    [Theory]
    [InlineData(
        """{"items":[{"name":"a","text":"x"}]}""", """{"left_out":[],"items":[{"text":"\u0078","media_type":"text/plain","name":"a"}]}""")]
    [InlineData("""{"items":[{"name":"a","json":{"b":1,"a":2}}]}""",
        """{"items":[{"name":"a","json":{"a":2.0,"b":1e0},"media_type":"application/json"}]}""")]
    public void does_not_depend_on_spelling(string one, string other) =>
        Assert.Equal(Meaning.Canonical(JsonSerializer.Deserialize<ContextBody>(one, WireJson.Options)!),
            Meaning.Canonical(JsonSerializer.Deserialize<ContextBody>(other, WireJson.Options)!));

    [Theory]
    [InlineData("""{"items":[{"name":"a","text":"x"}]}""", """{"items":[{"name":"a","text":"x","media_type":"application/json"}]}""")]
    [InlineData("""{"items":[{"name":"a","text":"1"}]}""", """{"items":[{"name":"a","json":1}]}""")]
    [InlineData("""{"items":[{"name":"a","text":"x"}]}""", """{"items":[{"name":"a","text":"x"}],"left_out":["b"]}""")]
    public void is_another_where_something_else_is_said(string one, string other) =>
        Assert.NotEqual(Meaning.Canonical(JsonSerializer.Deserialize<ContextBody>(one, WireJson.Options)!),
            Meaning.Canonical(JsonSerializer.Deserialize<ContextBody>(other, WireJson.Options)!));

    [Fact]
    public async Task of_an_ask_is_recognised_with_its_defaults_and_in_any_order()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.All, History.All);
        var ana = room.Agents[0];
        var plain = Asking.Approval();
        var first = await ana.Ask(plain, "key");
        var spelt = JsonSerializer.SerializeToNode(plain)!.AsObject();
        var other = new JsonObject
        {
            ["done_when"] = new JsonArray(),
            ["valid_seconds"] = 3600,
            ["quorum"] = 1.0,
            ["addressing"] = new JsonObject { ["audience"] = "broadcast" }
        };
        foreach (var (name, value) in spelt.Reverse().Where(member => !other.ContainsKey(member.Key)))
        {
            other[name] = value!.DeepClone();
        }

        Assert.Equal(
            await ARetry.Receipt(first), await ARetry.Receipt(await ana.Send(HttpMethod.Post, ana.AsksOf(), other.ToJsonString(), "key")));
        await (await ana.Ask(plain.With("quorum", 2), "key")).IsRefused("idempotency_conflict");
        await (await ana.Ask(plain.With("valid_seconds", 60), "key")).IsRefused("idempotency_conflict");
    }

    [Fact]
    public async Task of_writes_of_people_is_recognised_too()
    {
        var service = await cluster.Service;
        var ana = await service.NewPerson();
        var created = await (await ana.Post("/v/rooms", new { room_handle = "a-room" }, "room")).Json(HttpStatusCode.Created);
        Assert.Equal(created.Text("room_id"), (await (await ana.Post("/v/rooms", new { kind = "private", room_handle = "a-room" }, "room"))
            .Json(HttpStatusCode.Created)).Text("room_id"));
        await (await ana.Post("/v/rooms", new { kind = "shared", room_handle = "a-room" }, "room")).IsRefused("idempotency_conflict");
        var agent = await (await ana.Post("/v/agents", new { agent_handle = "helper" }, "agent")).Json(HttpStatusCode.Created);
        Assert.Equal(agent.Text("agent_id"),
            (await (await ana.Post("/v/agents", new { agent_handle = "helper", display_name = "helper" }, "agent"))
                .Json(HttpStatusCode.Created)).Text("agent_id"));
        var room = Guid.Parse(created.Text("room_id"));
        var seat = await (await ana.Post($"/v/rooms/{room}/seats", new { agent_id = agent.Text("agent_id") }, "seat"))
            .Json(HttpStatusCode.Created);
        var again = await ana.Post($"/v/rooms/{room.ToString().ToUpperInvariant()}/seats",
            new { agent_id = agent.Text("agent_id"), history = "from_admission" }, "seat");
        Assert.Equal(seat.Text("seat_id"),
            JsonElement.Parse(await again.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Text("seat_id"));
        var token = await (await ana.Post($"/v/agents/{agent.Text("agent_id")}/tokens", new { room_id = room }, "token"))
            .Json(HttpStatusCode.Created);
        Assert.Equal(
            token.Text("token"), (await (await ana.Post(
                $"/v/agents/{agent.Text("agent_id")}/tokens", new { scopes = new[] { "participate" }, room_id = room }, "token"))
                .Json(HttpStatusCode.Created)).Text("token"));
    }

    // The bodies of named writes, with all that is in them.
    private static IReadOnlyCollection<Type> Bodies()
    {
        var found = new HashSet<Type>();
        foreach (var body in Actions.All.Where(action => action.Idempotent || action.TakesKey).Select(action => action.Body).OfType<Type>())
        {
            Collect(body);
        }

        return found;

        void Collect(Type type)
        {
            var one = Nullable.GetUnderlyingType(type) ?? ItemOf(type) ?? type;
            if (one.Namespace?.StartsWith("Parle.Api", StringComparison.Ordinal) is true && one.IsClass && found.Add(one))
            {
                foreach (var property in one.GetProperties(BindingFlags.Public | BindingFlags.Instance))
                {
                    Collect(property.PropertyType);
                }
            }
        }
    }

    private static Type? ItemOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    // A number, a word of the wire, or nothing: not what only a sentence tells.
    [GeneratedRegex(@"(Absent: (\d+|private|from_admission)\.|^\S+ is meant where nothing is said|unless the owner says all)")]
    private static partial Regex Literal();
}
