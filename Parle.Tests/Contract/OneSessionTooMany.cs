using System.Net;
using System.Text.Json;
using Parle.Domain.Rooms;
using Parle.Tests.Laws;
using Parle.Tests.Service;

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

    private static async Task<HashSet<Guid>> Live(TestAgent agent)
    {
        var (live, next) = (new HashSet<Guid>(), "");
        do
        {
            var page = await ListingSessions.List(agent, next is "" ? "" : $"?after={next}");
            live.UnionWith(page.GetProperty("sessions").EnumerateArray().Select(session => session.GetProperty("agent_session_id").GetGuid()));
            next = page.GetProperty("next") is { ValueKind: JsonValueKind.String } cursor ? cursor.GetString() : null;
        }
        while (next is { Length: > 0 });

        return live;
    }
}
