using System.Net;
using System.Text.Json;
using CsCheck;
using Parle.Tests.Service;

namespace Parle.Tests.Authority;

/// After grants, delegations and revocations in any order, nobody can do or see more than its chain allows, nor less.
public class AnyHistoryOfGrants(TestCluster cluster)
{
    // Each history begins alike: Ana's agent is seated, its token is narrowed; Ben is invited and seats his agent; a join key is made, and
    // used by Cid.
    private static readonly (int Act, int Who, int Whom, int Which)[] beginning =
        [(0, 0, 0, 0), (7, 0, 0, 1), (10, 0, 0, 0), (15, 0, 1, 0), (16, 1, 1, 0), (0, 1, 1, 0), (18, 0, 0, 1), (19, 2, 0, 0)];

    internal static readonly Gen<(int Act, int Who, int Whom, int Which)[]> Histories = Gen.Select(
        Gen.Int[0, 19], Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 1000]).Array[14, 22];

    [Fact]
    public async Task lets_everybody_do_what_its_chain_allows_and_no_more()
    {
        var service = await cluster.Service;
        var done = new HashSet<string>();
        await Histories.SampleAsync(async history => await Live(service, history, done), iter: 6, threads: 1);

        // Else the histories lead nowhere.
        Assert.Superset(new HashSet<string> { "seat", "mint", "narrow", "invite", "accept", "join" }, done);
    }

    /// No node goes on from what it remembers of anybody, wherever something was done.
    [Fact]
    public async Task is_known_to_every_node_with_the_next_call()
    {
        await using var other = await ParleService.Start((await cluster.Service).ConnectionString);
        ParleService[] nodes = [await cluster.Service, other];
        await Histories.SampleAsync(
            async history =>
            {
                var world = await Grants.Begin(nodes);
                foreach (var (act, who, whom, which) in beginning.Concat(history))
                {
                    var (name, expected, answer) = await world.Act(act, who, whom, which);
                    if (expected && answer.IsSuccessStatusCode)
                    {
                        await world.Learn(answer);
                    }

                    await world.GoIn();
                    foreach (var (token, session) in world.Credentials)
                    {
                        await Callers.AreKnownAsTheyAre(name, token, session, nodes);
                    }
                }
            },
            iter: 2, threads: 1);
    }

    internal static async Task Live(
        ParleService service, IReadOnlyList<(int Act, int Who, int Whom, int Which)> history, HashSet<string> done)
    {
        var world = await Grants.Begin([service]);
        foreach (var (act, who, whom, which) in beginning.Concat(history))
        {
            var (name, expected, answer) = await world.Act(act, who, whom, which);
            using (answer)
            {
                Assert.True(
                    answer.IsSuccessStatusCode == expected,
                    $"{name} by {who} for {whom}: expected {(expected ? "yes" : "no")}, got {answer.StatusCode} "
                    + $"{await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
                if (expected)
                {
                    await world.Learn(answer);
                    done.Add(name);
                }
            }

            await world.Probe();
        }
    }
}

/// The model beside the service: the acts of three people in the first one's room, and so everybody's possible acts.
internal sealed class Grants
{
    private static readonly string[][] someScopes = [["participate"], ["participate", "invite_mint"], ["invite_mint"]];
    private static readonly string[]?[] someActions =
        [null, ["read_projection", "mint_token"], ["mint_join_key"], ["read_projection", "mint_join_key", "mint_token"]];

    private readonly IReadOnlyList<ParleService> nodes;
    private readonly TestPrincipal[] people;
    private readonly Guid[] agents;
    private readonly Guid roomID;
    private readonly List<Seat> seats = [];
    private readonly List<Token> tokens = [];
    private readonly Dictionary<int, (Guid ID, int By)> invitations = [];
    private readonly Dictionary<int, (string Credential, Token Starter)> sessions = [];
    private readonly Dictionary<Token, (string Credential, Guid ID)> runs = []; // One that each token started.
    private (string Key, int By, string[] Scopes)? joinKey;
    private bool archived;
    private Action<JsonElement> learn = _ => { };

    private Grants(IReadOnlyList<ParleService> nodes, TestPrincipal[] people, Guid[] agents, Guid roomID) =>
        (this.nodes, this.people, this.agents, this.roomID) = (nodes, people, agents, roomID);

    /// The agents' initial credentials.
    public IEnumerable<(string Token, string? Session)> Credentials => tokens.Select(token => (token.Secret, SessionOf(token.Agent)));

    /// The people of a room, each at one of the nodes, and their agents with them.
    public static async Task<Grants> Begin(IReadOnlyList<ParleService> nodes)
    {
        TestPrincipal[] people = [await nodes[0].NewPerson(), await nodes[^1].NewPerson(), await nodes[0].NewPerson()];
        Guid[] agents = [await people[0].Creates(), await people[1].Creates(), await people[2].Creates()];
        var grants = new Grants(nodes, people, agents, await people[0].Opens());
        grants.seats.Add(new(0, IsAgent: false, Guid.Empty));
        return grants;
    }

    /// Tries something, and says whether it is allowed.
    public async Task<(string Name, bool Expected, HttpResponseMessage Answer)> Act(int act, int who, int whom, int which)
    {
        learn = _ => { };
        var room = $"/v/rooms/{roomID}";
        switch (act)
        {
            case 0 or 1 or 2:
                learn = answer => seats.Add(new(who, IsAgent: true, answer.GetProperty("seat_id").GetGuid()));
                return ("seat", !archived && Sits(who) && !SitsAgent(who),
                    await people[who].Post($"{room}/seats", new { agent_id = agents[who] }));
            case 3:
                var target = seats.Where(seat => seat.ID != Guid.Empty).OrderBy(seat => seat.ID)
                    .ElementAtOrDefault(which % Math.Max(1, seats.Count - 1));
                learn = _ => Remove(target!);
                return ("remove", !archived && target is not null && May(who, "remove_members")
                    && !(target.IsAgent is false && target.Person == who) && (target.Person != 0 || who == 0),
                    await people[who].Post($"{room}/seats/{target?.ID ?? Guid.NewGuid()}/remove"));
            case 4 or 5:
                var (seat, right) = (seats.FirstOrDefault(one => one.Person == whom && one.Person != 0),
                    which % 2 == 0 ? "invite_members" : "remove_members");
                learn = _ => seat!.Rights.Add(right);
                return ("grant", !archived && seat is not null && who == 0,
                    await people[who].Post($"{room}/seats/{seat?.ID ?? Guid.NewGuid()}/rights", new { right_name = right }));
            case 6:
                var granted = seats.FirstOrDefault(one => one.Rights.Count > 0);
                learn = _ => granted!.Rights.Remove(granted.Rights.First());
                return ("take back a right", !archived && granted is not null && who == 0, await people[who]
                    .Delete($"{room}/seats/{granted?.ID ?? Guid.NewGuid()}/rights/{granted?.Rights.First() ?? "invite_members"}"));
            case 7 or 8 or 9:
                var scopes = someScopes[which % someScopes.Length];
                learn = answer => Keep(answer, whom, null, scopes, null);
                return ("mint", !archived && who == whom && SitsAgent(whom),
                    await people[who].Post($"/v/agents/{agents[whom]}/tokens", new { room_id = roomID, scopes }));
            case 10 or 11 or 12 when tokens.Count > 0 && !archived:
                var parent = tokens[which % tokens.Count];
                var (asked, narrower) = (someScopes[which / 7 % someScopes.Length], someActions[which / 3 % someActions.Length]);
                learn = answer => Keep(answer, parent.Agent, parent, asked, narrower ?? parent.Actions);
                return ("narrow", OpensSomething(parent) && Allows(parent, "mint_token") && asked.All(parent.Scopes.Contains)
                    && (narrower is null || narrower.All(action => Allows(parent, action))),
                    await By(parent).Send(HttpMethod.Post, "/v/agent/tokens", JsonSerializer.Serialize(
                        narrower is null ? new { scopes = asked } : (object)new { scopes = asked, actions = narrower })));
            case 13 when tokens.Count > 0 && !archived:
                var (holder, other) = (tokens[which % tokens.Count], tokens[which / 5 % tokens.Count]);
                learn = _ => other.Revoked = true;
                return ("revoke", IsAlive(other) && other.Path.Contains(holder),
                    await By(holder).Send(HttpMethod.Post, $"/v/agent/tokens/{other.ID}/revoke"));
            case 14 when tokens.Count > 0 && !archived:
                var mine = tokens[which % tokens.Count];
                learn = _ => mine.Revoked = true;
                return ("revoke", IsAlive(mine) && mine.Agent == who, await people[who].Post($"/v/agent-tokens/{mine.ID}/revoke"));
            case 15:
                learn = answer => invitations[whom] = (answer.GetProperty("invite_id").GetGuid(), who);
                return ("invite", !archived && May(who, "invite_members") && !Sits(whom), await people[who].Post($"{room}/invites/person",
                    new { target = "@" + people[whom].Handle, offered_rights = Array.Empty<string>() }, $"{Guid.NewGuid()}"));
            case 16 or 17 when invitations.TryGetValue(whom, out var invitation):
                var isNew = !Sits(whom);
                learn = answer =>
                {
                    if (isNew)
                    {
                        seats.Add(new(whom, IsAgent: false, answer.GetProperty("seat_id").GetGuid()));
                        invitations.Remove(whom);
                    }
                };
                return ("accept", !archived && who == whom && isNew && May(invitation.By, "invite_members"),
                    await people[who].Post($"/v/room-invitations/{invitation.ID}/accept", new { }));
            case 18 when joinKey is null:
                var handedOver = someScopes[which % 2];
                learn = answer => joinKey = (answer.GetProperty("key").GetString()!, who, handedOver);
                return ("mint a join key", !archived && May(who, "invite_members") && (who == 0 || handedOver.Length == 1),
                    await people[who].Post($"{room}/join-keys", new { scopes = handedOver }));
            case 18 or 19 when joinKey is { } key:
                learn = answer =>
                {
                    seats.Add(new(who, IsAgent: true, answer.GetProperty("seat_id").GetGuid()));
                    Keep(answer, who, null, key.Scopes, null);
                    joinKey = null;
                };
                return ("join", !archived && May(key.By, "invite_members") && !SitsAgent(who),
                    await people[who].Post("/v/join", new { key = key.Key, agent_handle = "helper" }));
            case 19 when which % 9 == 0:
                learn = _ => archived = true;
                return ("archive", !archived && who == 0, await people[who].Delete(room));
            default:
                return ("look", !archived && Sits(who), await people[who].Get(room));
        }
    }

    /// Takes into the model what was answered to the last act.
    public async Task Learn(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        learn(text.Length == 0 ? default : JsonElement.Parse(text));
    }

    /// Lets every agent start a session and enter, if it may.
    public async Task GoIn()
    {
        foreach (var token in tokens)
        {
            await GoIn(token);
        }
    }

    /// Lets everybody try everything that the model knows about.
    public async Task Probe()
    {
        foreach (var (i, person) in people.Index())
        {
            await Answers(!archived && Sits(i), () => person.Get($"/v/rooms/{roomID}"), $"room.details by {i}");
        }

        foreach (var token in tokens.TakeLast(8).Where(token => OpensSomething(token) && !archived && !runs.ContainsKey(token)))
        {
            if (await Start(token) is { } run)
            {
                runs[token] = run;
            }
        }

        await ProbeRuns();
        foreach (var token in tokens.TakeLast(8))
        {
            var alive = IsAlive(token);
            if (!archived)
            {
                await Answers(alive, () => By(token).Send(HttpMethod.Get, "/v/agent/self"), $"read_self with {token}");
            }

            if (!alive && !archived)
            {
                continue;
            }

            await GoIn(token);
            var here = alive && !archived && seats.Exists(seat => seat.ID == token.SeatID);
            await Answers(here && token.Scopes.Contains("participate") && Allows(token, "read_projection"),
                () => By(token).Send(HttpMethod.Get, $"/v/rooms/{roomID}/projection"), $"read_projection with {token}");
            await Answers(
                here && token.Scopes.Contains("invite_mint") && Allows(token, "mint_join_key")
                    && (token.Agent == 0 || seats.Exists(seat => seat.ID == token.SeatID && seat.Rights.Contains("invite_members"))),
                // Listing is another action than minting.
                () => By(token).Send(HttpMethod.Get, $"/v/rooms/{roomID}/join-keys"), $"list_join_keys with {token}",
                except: token.Actions is not null);
        }
    }

    // A run ends with the token that started it, and with no other one's.
    private async Task ProbeRuns()
    {
        foreach (var (starter, run) in runs.Where(_ => !archived))
        {
            var with = OpensSomething(starter) ? starter
                : IsAlive(starter) ? null : tokens.FirstOrDefault(other => other.Agent == starter.Agent && OpensSomething(other));
            if (with is not null)
            {
                await Answers(with == starter,
                    () => (By(with) with { Credential = run.Credential }).Send(HttpMethod.Post, $"/v/agent/sessions/{run.ID}/heartbeat"),
                    $"heartbeat with {with} in a run that began with {starter}");
            }
        }
    }

    private static async Task Answers(bool expected, Func<Task<HttpResponseMessage>> call, string what, bool except = false)
    {
        if (!except)
        {
            using var answer = await call();
            Assert.True(answer.IsSuccessStatusCode == expected, $"{what}: expected {(expected ? "yes" : "no")}, got {answer.StatusCode} "
                + $"{await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
        }
    }

    // A session of the agent, in the room where the token lets it in.
    private async Task GoIn(Token token)
    {
        if (!(sessions.TryGetValue(token.Agent, out var session) && OpensSomething(session.Starter)))
        {
            sessions.Remove(token.Agent);
            if (await Start(token) is { } run)
            {
                sessions[token.Agent] = (run.Credential, token);
            }
        }

        using var entered = await By(token).Send(HttpMethod.Post, $"/v/rooms/{roomID}/participants");
    }

    private async Task<(string Credential, Guid ID)?> Start(Token token)
    {
        using var started = await By(token).Send(HttpMethod.Post, "/v/agent/sessions", "{}");
        return started.StatusCode is HttpStatusCode.Created
            && JsonElement.Parse(await started.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)) is var session
            ? (session.GetProperty("session_credential").GetString()!, session.GetProperty("agent_session_id").GetGuid()) : null;
    }

    private string? SessionOf(int agent) => sessions.TryGetValue(agent, out var session) ? session.Credential : null;

    private Visitor By(Token token) =>
        new(nodes[token.Agent % nodes.Count].Client()) { Token = token.Secret, Credential = SessionOf(token.Agent) };

    private void Keep(JsonElement answer, int agent, Token? parent, string[] scopes, string[]? actions) => tokens.Add(new(
        answer.GetProperty("agent_token_id").GetGuid(), answer.GetProperty("token").GetString()!, agent,
        parent?.SeatID ?? seats.Single(seat => seat.Person == agent && seat.IsAgent).ID, parent, scopes, actions));

    private void Remove(Seat seat) => seats.RemoveAll(one => one == seat || (!seat.IsAgent && one.Person == seat.Person));

    private bool Sits(int person) => seats.Exists(seat => seat.Person == person && !seat.IsAgent);

    private bool SitsAgent(int person) => seats.Exists(seat => seat.Person == person && seat.IsAgent);

    private bool May(int person, string right) =>
        person == 0 || seats.Exists(seat => seat.Person == person && !seat.IsAgent && seat.Rights.Contains(right));

    private static bool IsAlive(Token token) => token.Path.All(one => !one.Revoked);

    // A thing that is no longer valid, for any reason, can only be revoked: by itself, one above it, or its person.
    private bool OpensSomething(Token token) => IsAlive(token) && seats.Exists(seat => seat.ID == token.SeatID);

    private static bool Allows(Token token, string action) => token.Actions?.Contains(action) is not false;

    private sealed record Seat(int Person, bool IsAgent, Guid ID)
    {
        public HashSet<string> Rights { get; } = [];

        public bool Equals(Seat? other) => ReferenceEquals(this, other);

        public override int GetHashCode() => ID.GetHashCode();
    }

    private sealed class Token(Guid id, string secret, int agent, Guid seatID, Token? parent, string[] scopes, string[]? actions)
    {
        public Guid ID => id;

        public string Secret => secret;

        public int Agent => agent;

        public Guid SeatID => seatID;

        public string[] Scopes => scopes;

        public string[]? Actions => actions;

        public bool Revoked { get; set; }

        public IEnumerable<Token> Path => parent is null ? [this] : parent.Path.Append(this);

        public override string ToString() => $"the token {id} of {agent}, scopes {string.Join(",", scopes)}, actions "
            + $"{(actions is null ? "all" : string.Join(",", actions))}";
    }
}
