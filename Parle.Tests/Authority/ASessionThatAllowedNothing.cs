using System.Net;
using Parle.Api;
using Parle.Api.Callers;
using Parle.Tests.Contract;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Authority;

/// Law 5: a session that was not checked, or that is over, is on no fact, wherever its credential was sent along.
public class ASessionThatAllowedNothing(TestCluster cluster)
{
    public static TheoryData<string> Kinds => new("foreign", "foreign and ended", "ended", "made up");

    /// Every row of the registry that looks at an agent's credentials; what succeeds needs no session, and must not name this one.
    [Theory, MemberData(nameof(Kinds))]
    public async Task is_named_by_nothing_that_succeeds_in_spite_of_it(string kind)
    {
        var service = await cluster.Service;
        var done = new HashSet<string>();
        var (site, wrong) = await Build();
        foreach (var action in Actions.All.Where(
            action => (action.Agent is not null || action.KnowsCaller) && action.Answers.All(answer => answer.EventStream is null)))
        {
            foreach (var column in (string[])["manager", "a narrower token"])
            {
                var (visitor, (credential, sessionID)) = (site.Visitors[Site.Columns.ToList().IndexOf(column)], wrong);
                var (method, path, body) = site.Call(action);
                using var answer = await (visitor with { Credential = credential }).Send(method, path, body);
                Assert.True(!answer.IsSuccessStatusCode || !action.NeedsSession,
                    $"{action.Id} was done in a session that is {kind}.");
                await IsNamedNowhere(service, sessionID, kind, action.Id);
                if (answer.IsSuccessStatusCode && !action.IsSafe)
                {
                    done.Add(action.Id);
                    (site, wrong) = await Build(); // Its effects may be in the way of the next one.
                }
            }
        }

        Assert.Superset(new HashSet<string> { "start_session", "mint_token" }, done);

        async Task<(Site Site, (string Credential, Guid? SessionID) Wrong)> Build()
        {
            var built = await Site.Build(service);
            return (built, await Wrong(service, kind, built.Visitors[Site.Columns.ToList().IndexOf("manager")]));
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task is_not_what_accepted_an_invitation(string kind)
    {
        var service = await cluster.Service;
        var (host, guest) = (await service.NewOwnedRoom(1), await service.NewPerson());
        var agentID = await guest.Creates();
        var invited = (await (await host.Owner.Post($"/v/rooms/{host.RoomID}/invites",
            new { target = new { kind = "agent", agent_id = agentID }, agent_admission = "direct" })).Json(HttpStatusCode.Created))
            .Text("invite_id");
        var token = (await (await guest.Post($"/v/agents/{agentID}/tokens", new { invite_id = invited })).Json(HttpStatusCode.Created))
            .Text("token");
        var visitor = new Visitor(service.Client()) { Token = token };
        var (credential, sessionID) = await Wrong(service, kind, visitor);

        await (await (visitor with { Credential = credential }).Send(HttpMethod.Post, $"/v/room-invitations/{invited}/accept", "{}"))
            .Json(HttpStatusCode.Created);

        await IsNamedNowhere(service, sessionID, kind, "accept_invitation");
        Assert.Equal($"agent:{agentID}", await ActorOf(service, host.RoomID, "invitation_accepted"));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task is_not_what_joined(string kind)
    {
        var service = await cluster.Service;
        var (host, guest) = (await service.NewOwnedRoom(1), await service.NewOwnedRoom(1, "claim_invite"));
        var key = await (await host.Owner.Post($"/v/rooms/{host.RoomID}/join-keys", new { })).Json(HttpStatusCode.Created);
        var visitor = Visitor.Of(service.Client(), guest.Agents[0]);
        var (credential, sessionID) = await Wrong(service, kind, visitor);

        await (await (visitor with { Credential = credential }).Send(HttpMethod.Post, "/v/join", $$"""{"key":"{{key.Text("key")}}"}"""))
            .Json(HttpStatusCode.Created);

        await IsNamedNowhere(service, sessionID, kind, "join");
        Assert.Equal($"agent:{await service.IDOfAgent(guest.Agents[0])}", await ActorOf(service, host.RoomID, "invitation_accepted"));
    }

    [Fact]
    public async Task is_not_kept_alive_by_somebody_else()
    {
        var service = await cluster.Service;
        var (ana, cleo) = ((await service.NewOwnedRoom(1)).Agents[0], (await service.NewOwnedRoom(1)).Agents[0]);
        var before = await LastSeen();
        await (await (Visitor.Of(service.Client(), ana) with { Credential = cleo.Credential }).Send(HttpMethod.Get, "/v/agent/self"))
            .Json(HttpStatusCode.OK);
        Assert.Equal(before, await LastSeen());

        async Task<string> LastSeen()
        {
            var own = new TestAgent(service.Client(), cleo.RoomID, cleo.Token); // The look itself is no sign of life.
            return Assert.Single((await ListingSessions.List(own)).GetProperty("sessions").EnumerateArray()).Text("last_seen_at");
        }
    }

    private static async Task<(string Credential, Guid? SessionID)> Wrong(ParleService service, string kind, Visitor visitor)
    {
        switch (kind)
        {
            case "made up":
                return (CredentialKind.AgentSession.Mint().Reveal(), null);
            case "ended":
                var own = new TestAgent(service.Client(), Guid.Empty, visitor.Token!);
                await own.StartSession();
                await own.End();
                return (own.Credential!, own.SessionID);
            default:
                var cleos = (await service.NewOwnedRoom(1)).Agents[0].Again();
                await cleos.StartSession();
                if (kind is not "foreign")
                {
                    await cleos.End();
                }

                return (cleos.Credential!, cleos.SessionID);
        }
    }

    // Its own stream says that it started, and who ended it.
    private static async Task IsNamedNowhere(ParleService service, Guid? sessionID, string kind, string action)
    {
        var facts = await service.Rows(
            "select type from parle.mt_events where stream_id <> $1 and (headers->>'actor' like '%/session:' || $1::text or "
            + "headers->'authority' ? ('session:' || $1::text))", row => row.GetString(0), sessionID ?? Guid.Empty);
        Assert.True(facts.Count == 0, $"A session that is {kind} is on {string.Join(", ", facts)}, recorded by {action}.");
    }

    private static Task<string> ActorOf(ParleService service, Guid roomID, string type) =>
        service.Scalar<string>("select headers->>'actor' from parle.mt_events where stream_id = $1 and type = $2", roomID, type);
}
