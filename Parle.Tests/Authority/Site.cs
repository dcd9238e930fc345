using System.Text.Json;
using Parle.Api;
using Parle.Api.Callers;
using Parle.Api.Provisioning;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Domain.Rooms;
using Parle.Domain.Tokens;
using Parle.Tests.Asks;
using Parle.Tests.Service;

namespace Parle.Tests.Authority;

/// A room with everything in it that a path can name, and everybody who could come to its door.
public sealed class Site
{
    private readonly Dictionary<string, string> things = [];

    /// By the names of the columns, the ones with the least standing first.
    public required IReadOnlyList<Visitor> Visitors { get; init; }

    /// The value of each path parameter.
    public IReadOnlyDictionary<string, string> Things => things;

    /// The visitors' names.
    public static IReadOnlyList<string> Columns { get; } =
    [
        "nobody", "a made-up token", "a revoked token", "another room's agent", "no session", "an ended session", "not entered", "no scope",
        "a narrower token", "participant", "manager", "an ex-member's agent", "guest", "signed out", "a stranger", "an ex-member",
        "the invited", "member", "owner", "another room's auditor", "auditor", "operator",
    ];

    public static async Task<Site> Build(ParleService service)
    {
        var client = service.Client();
        var mark = Guid.NewGuid().ToString("N")[..12];
        string Name(string role) => $"{role}-{mark}";
        string Agent(string role, string agent) => $"@{Name(role)}.{agent}";
        string[] everything = [.. Scopes.All];
        var provisioned = await service.Provision(new(
            [new(Name("ana"), null, true, $"{Name("ana")}@example.org"), new(Name("ben"), null, true), new(Name("cid"), null, true),
                new(Name("eve"), null, true), new(Name("fay"), null, true)],
            [new(Name("ana"), "builder"), new(Name("ana"), "idle"), new(Name("ana"), "spare"), new(Name("ben"), "helper"),
                new(Name("eve"), "spy"), new(Name("fay"), "former")],
            [
                new("build", Name("ana"), RoomKind.Shared,
                    [new(Agent("ana", "builder")), new(Agent("ana", "idle")), new(Agent("ben", "helper")), new(Principal: Name("ben")),
                        new(Agent("fay", "former")), new(Principal: Name("fay"))],
                    [
                        new(Agent("ana", "builder")), new(Agent("ana", "builder"), everything),
                        new(Agent("ana", "builder"), [Scopes.ClaimInvite]), new(Agent("ana", "idle")), new(Agent("ben", "helper")),
                        new(Agent("fay", "former")),
                    ],
                    [new("audit", true)]),
                new("den", Name("eve"), RoomKind.Shared, [new(Agent("eve", "spy"))], [new(Agent("eve", "spy"))], [new("audit", true)]),
            ],
            [new(Name("op"))]));
        var (build, den) = (provisioned.Rooms[0], provisioned.Rooms[1]);
        Visitor Person(int i) => new(client) { Cookie = provisioned.Principals[i].PersonSession };
        TestAgent Holder(ProvisionedRoom room, int i) => new(client, room.RoomID, room.Tokens[i].Token!);

        var builder = Holder(build, 0);
        var helper = Holder(build, 4);
        var idle = Holder(build, 3);
        var spy = Holder(den, 0);
        var former = Holder(build, 5);
        foreach (var agent in (TestAgent[])[builder, helper, spy, former])
        {
            await agent.StartSession();
            await agent.Enter();
        }

        await idle.StartSession();
        var over = builder.Again();
        await over.StartSession();
        await over.End();
        await builder.Claim("main", 0);
        var ask = await builder.Opens(Asking.Review().With("context", Asking.Packet("a")));
        var (owner, member, invited, stranger, ex) = (Person(0), Person(1), Person(2), Person(3), Person(4));
        await helper.Say("What do you say?", to: builder.Address);

        var narrow = await Visitor.Of(client, builder)
            .Ask(HttpMethod.Post, "/v/agent/tokens", new { actions = new[] { "read_projection" } });
        var revoked = await Visitor.Of(client, builder).Ask(HttpMethod.Post, "/v/agent/tokens", new { });
        await Visitor.Of(client, builder).Ask(HttpMethod.Post, $"/v/agent/tokens/{revoked.GetProperty("agent_token_id").GetGuid()}/revoke");
        var room = $"/v/rooms/{build.RoomID}";
        var invitation = await owner.Ask(
            HttpMethod.Post, $"{room}/invites/person", new { target = "@" + Name("cid"), offered_rights = Array.Empty<string>() });
        var joinKey = await owner.Ask(HttpMethod.Post, $"{room}/join-keys", new { });
        var guarded = await owner.Ask(HttpMethod.Post, $"{room}/join-keys", new { approval = true });
        await new Visitor(client).Ask(HttpMethod.Post, "/v/join", new { key = guarded.GetProperty("key").GetString() });
        var forGuest = await owner.Ask(HttpMethod.Post, $"{room}/join-keys", new { scopes = everything });
        var guest = new TestAgent(client, build.RoomID, (await new Visitor(client)
            .Ask(HttpMethod.Post, "/v/join", new { key = forGuest.GetProperty("key").GetString() })).GetProperty("token").GetString()!);
        await guest.StartSession();
        await guest.Enter();
        var spare = provisioned.Agents[2].AgentID;
        var details = await owner.Ask(HttpMethod.Get, room);
        var exSeat = details.GetProperty("roster").GetProperty("principal_seats").EnumerateArray()
            .Single(seat => seat.GetProperty("handle").GetString() == Name("fay")).GetProperty("seat_id").GetString();
        await owner.Ask(HttpMethod.Post, $"{room}/seats/{exSeat}/remove");

        return new Site
        {
            Visitors =
            [
                new(client), new(client) { Token = $"parle_agt_{new string('A', 43)}" },
                Visitor.Of(client, builder) with { Token = revoked.GetProperty("token").GetString() }, Visitor.Of(client, spy),
                Visitor.Of(client, builder) with { Credential = null }, Visitor.Of(client, builder) with { Credential = over.Credential },
                Visitor.Of(client, idle), Visitor.Of(client, builder) with { Token = build.Tokens[2].Token },
                Visitor.Of(client, builder) with { Token = narrow.GetProperty("token").GetString() }, Visitor.Of(client, builder),
                Visitor.Of(client, builder) with { Token = build.Tokens[1].Token }, Visitor.Of(client, former), Visitor.Of(client, guest),
                new(client) { Cookie = $"{CredentialKind.PersonSession.Name}=parle_sess_{new string('A', 43)}" }, stranger, ex, invited,
                member, owner, new(client) { Token = den.Auditors![0].Token }, new(client) { Token = build.Auditors![0].Token },
                new(client) { Token = provisioned.Operators![0].Token },
            ],
        }.With(
            ("room", $"{build.RoomID}"), ("session", $"{builder.SessionID}"), ("ask", $"{ask}"),
            ("item", $"{(await builder.ItemsOf(ask))[0]}"), ("alias", "main"), ("agent", $"{provisioned.Agents[0].AgentID}"),
            ("seat", details.GetProperty("roster").GetProperty("agent_seats").EnumerateArray()
                .First(seat => seat.GetProperty("agent_handle").GetString() == "helper").GetProperty("seat_id").GetString()!),
            ("right", Rights.InviteMembers), ("participant", $"{helper.ParticipantID}"), ("token_id", $"{build.Tokens[3].AgentTokenID}"),
            ("invite", invitation.GetProperty("invite_id").GetString()!), ("invitation", invitation.GetProperty("invite_id").GetString()!),
            ("admission", guarded.GetProperty("join_key_id").GetString()!), ("join_key", joinKey.GetProperty("join_key_id").GetString()!),
            ("auditor", $"{build.Auditors![0].AuditorID}"), ("person_session",
                (await owner.Ask(HttpMethod.Get, "/v/auth/sessions")).GetProperty("sessions")[0].GetProperty("session_id").GetString()!),
            ("identity", (await owner.Ask(HttpMethod.Get, "/v/auth/identities")).GetProperty("identities")[0].GetProperty("identity_id")
                .GetString()!), ("event", $"{ask}"), ("key", joinKey.GetProperty("key").GetString()!), ("principal", Name("cid")),
            ("spare", $"{spare}"), ("mark", mark));
    }

    /// The call of an action, about what is here.
    public (HttpMethod Method, string Path, string? Body) Call(ParleAction action) => (
        new(action.Method),
        Actions.PathParametersOf(action).Aggregate(
            action.Path, (path, parameter) => path.Replace($"{{{parameter.Name}}}", things[parameter.Name], StringComparison.Ordinal)),
        action.Body is null ? null : Bodies.TryGetValue(action.Id, out var body) ? Fill(body)
            : JsonSerializer.Serialize(action.BodyExample, action.Body, WireJson.Options));

    /// The same about a room that does not exist, and nothing in it.
    public (HttpMethod Method, string Path, string? Body) CallElsewhere(ParleAction action)
    {
        var call = Call(action);
        return call with { Path = call.Path.Replace(things["room"], $"{Guid.NewGuid()}", StringComparison.Ordinal) };
    }

    // Where the registry's example names what is not here, or cannot be said twice.
    private static Dictionary<string, string> Bodies { get; } = new()
    {
        ["create_agent"] = """{"agent_handle":"n{unique}"}""",
        ["create_room"] = """{"kind":"shared","room_handle":"n{unique}"}""",
        ["seat_agent"] = """{"agent_id":"{spare}"}""",
        ["mint_agent_token"] = """{"room_id":"{room}"}""",
        ["mint_token"] = "{}",
        ["invite_person"] = """{"target":"@{principal}","offered_rights":[]}""",
        ["mint_invite"] = """{"target":{"kind":"principal","handle":"{principal}"}}""",
        ["join"] = """{"key":"{key}"}""",
        ["claim_alias"] = """{"alias":"second","expected_generation":0}""",
        ["appoint_auditor"] = """{"label":"n{unique}"}""",
        ["provision"] = """{"principals":[{"handle":"n{unique}"}]}""",
        ["redact_content"] = """{"event_id":"{ask}","reason":"mistake"}""",
        ["unlink_identity"] = """{"even_the_last":true}""",
        ["release_alias"] = """{"expected_alias_generation":1}""",
    };

    private string Fill(string text) => things.Append(new("unique", Guid.NewGuid().ToString("N")[..12]))
        .Aggregate(text, (filled, thing) => filled.Replace($"{{{thing.Key}}}", thing.Value, StringComparison.Ordinal));

    private Site With(params (string Name, string Value)[] known)
    {
        foreach (var (name, value) in known)
        {
            things[name] = value;
        }

        return this;
    }
}
