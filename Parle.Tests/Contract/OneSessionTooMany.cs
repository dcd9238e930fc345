using System.Net;
using System.Text.Json;
using Parle.Domain.Rooms;
using Parle.Domain.Sessions;
using Parle.Tests.Laws;
using Parle.Tests.Service;
using Parle.Tests.Tokens;

namespace Parle.Tests.Contract;

public class OneSessionTooMany(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private const int Cap = 25;

    [Fact]
    public async Task ends_the_one_that_was_silent_longest()
    {
        var room = await nodes.A.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (first, ben) = (room.Agents[0], room.Agents[1]);
        var second = await nodes.A.AnotherSessionOf(first);
        for (var i = 2; i < Cap; i++)
        {
            await nodes.A.SessionOutsideOf(first);
        }

        await first.Read(); // A sign of life: now the second one was silent longest.
        await ben.Tell(second.Address, "still there?");
        var latest = await nodes.A.SessionOutsideOf(first);

        await (await second.Send(HttpMethod.Get, second.Projection)).IsRefused("agent_session_ended");
        await (await ben.Say("still there?", to: second.Address)).IsRefused("address_not_deliverable");
        await first.Read();
        await latest.Enter();
        Assert.Equal(Cap, (await Live(first)).Count);
    }

    [Fact]
    public async Task is_none_while_others_have_ended()
    {
        var agent = (await nodes.A.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        for (var i = 1; i < Cap; i++)
        {
            await nodes.A.SessionOutsideOf(agent);
        }

        await (await nodes.A.SessionOutsideOf(agent)).End(); // This one ended the first.
        await (await agent.Send(HttpMethod.Get, agent.Projection)).IsRefused("agent_session_ended");
        var before = await Live(agent);
        await nodes.A.SessionOutsideOf(agent);

        Assert.Equal(Cap, (await Live(agent)).Count);
        Assert.Subset(await Live(agent), before);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task is_never_seen_even_when_many_start_at_the_same_moment(bool atBothNodes)
    {
        var agent = (await nodes.A.NewRoom(History.FromAdmission)).Agents[0];

        var started = await Task.WhenAll(Enumerable.Range(0, 2 * Cap).Select(async i =>
        {
            var session = agent.At((atBothNodes && i % 2 == 1 ? nodes.B : nodes.A).Client());
            await session.StartSession();
            return session;
        }));

        var live = await Live(agent);
        Assert.Equal(Cap, live.Count);
        foreach (var session in started)
        {
            var answer = await session.Send(HttpMethod.Post, session.Participants);
            await (live.Contains(session.SessionID) ? answer.Json(HttpStatusCode.Created) : answer.IsRefused("agent_session_ended"));
        }
    }

    [Fact]
    public async Task of_a_narrower_token_ends_its_own_and_never_one_above_or_beside()
    {
        var owner = await TokenOwner.At(nodes.A);
        var beside = await SessionsOfAToken.Run(await owner.Agent.Narrowed(nodes.A, new { }));
        var child = await owner.Agent.Narrowed(nodes.B, new { actions = (string[])["read_projection"] });
        var own = new List<TestAgent>();
        for (var i = 0; i < Cap + 1; i++)
        {
            own.Add(child.Again());
            await own[^1].StartSession();
        }

        await owner.Agent.Read();
        await beside.Read();
        var live = await Live(owner.Agent);
        Assert.Equal(own.TakeLast(Cap / 2).Select(one => one.SessionID).Append(owner.Agent.SessionID).Append(beside.SessionID).Order(),
            live.Order());
    }

    [Fact]
    public async Task of_a_narrower_token_that_would_end_another_ones_is_refused()
    {
        var owner = await TokenOwner.At(nodes.A);
        for (var i = 1; i < Cap; i++)
        {
            await nodes.A.SessionOutsideOf(owner.Agent);
        }

        var child = (await owner.Agent.Narrowed(nodes.A, new { })).Again();
        var error = await (await child.Send(HttpMethod.Post, "/v/agent/sessions", "{}"))
            .IsRefused("rate_limited", "cap", "used", "limit", "recovery");

        Assert.Equal(("live_agent_sessions", Cap, Cap),
            (error.Text("cap"), error.GetProperty("used").GetInt32(), error.GetProperty("limit").GetInt32()));
        Assert.True(error.GetProperty("retry_after_ms").GetInt32() > 0);
        Assert.Equal(Cap, (await Live(owner.Agent)).Count);
        await nodes.A.SessionOutsideOf(owner.Agent); // Its own token makes room.
    }

    [Fact]
    public async Task is_never_started_by_a_token_with_few_uses()
    {
        var owner = await TokenOwner.At(nodes.A);
        var counted = (await owner.Agent.Narrowed(nodes.A, new { actions = (string[])["read_projection"], uses = 1 })).Again();
        for (var i = 0; i < SessionCap.FewestStarts; i++)
        {
            await counted.StartSession();
            await counted.End();
        }

        Assert.Equal("token_used_up", (await (await counted.Send(HttpMethod.Post, "/v/agent/sessions", "{}"))
            .IsRefused("forbidden", "reason", "unlock")).Text("reason"));
        await owner.Agent.Read();
    }

    [Fact]
    public async Task leaves_those_that_hold_something_at_another_node()
    {
        var room = await nodes.A.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (streams, ben) = (room.Agents[0], room.Agents[1]);
        var waits = await nodes.A.AnotherSessionOf(streams);
        var silent = await nodes.A.AnotherSessionOf(streams);
        var cursor = (await streams.Read()).GetProperty("watermark").GetInt64();
        using var stream = await Frames.OfRoom(nodes.AtB(streams), cursor);
        var waiting = nodes.AtB(waits).Send(HttpMethod.Get, $"{waits.Projection}?since_seq={cursor}&wait=30");
        await Crash.Until.Holds(async () => await nodes.A.Scalar<long>(
            "select count(*) from parle.session_activity where session_id = any($1) and held_until > now()",
            (object)(Guid[])[streams.SessionID, waits.SessionID]) == 2);
        await silent.Read(); // Heard of last, and silent nevertheless.

        for (var i = 3; i < Cap + 1; i++)
        {
            await nodes.A.SessionOutsideOf(streams);
        }

        await (await silent.Send(HttpMethod.Get, silent.Projection)).IsRefused("agent_session_ended");
        await (await ben.Say("still there?")).Json(HttpStatusCode.Created);
        Assert.Contains("still there?", await stream.Next(), StringComparison.Ordinal);
        Assert.Single((await (await waiting).Json(HttpStatusCode.OK)).Messages());
    }

    private static async Task<HashSet<Guid>> Live(TestAgent agent)
    {
        var (live, next) = (new HashSet<Guid>(), "");
        do
        {
            var page = await ListingSessions.List(agent, next is "" ? "" : $"?after={next}");
            live.UnionWith(
                page.GetProperty("sessions").EnumerateArray().Select(session => session.GetProperty("agent_session_id").GetGuid()));
            next = page.GetProperty("next") is { ValueKind: JsonValueKind.String } cursor ? cursor.GetString() : null;
        }
        while (next is { Length: > 0 });

        return live;
    }
}
