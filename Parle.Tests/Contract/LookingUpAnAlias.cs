using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class LookingUpAnAlias(TestCluster cluster)
{
    [Theory, InlineData("night-shift"), InlineData("ab"), InlineData("abcdefghij-abcdefghij-0123456789"), InlineData("admin")]
    public async Task that_nobody_ever_claimed_answers_generation_0(string alias)
    {
        var ana = (await (await cluster.Service).NewRoom(History.FromAdmission)).Agents[0];

        var found = await ana.LookUp(alias); // The token alone is enough.

        found.HasExactly("alias", "generation", "current_agent_session_id");
        Assert.Equal((alias, 0), (found.Text("alias"), found.GetProperty("generation").GetInt64()));
        found.IsNull("current_agent_session_id");
    }

    [Fact]
    public async Task finds_who_claimed_last_at_once()
    {
        var service = await cluster.Service;
        var agent = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        for (var generation = 1; generation <= 3; generation++)
        {
            agent = await service.Successor(agent, "night-shift");
            var found = await agent.LookUp("night-shift");
            Assert.Equal(("night-shift", generation, $"{agent.SessionID}"),
                (found.Text("alias"), found.GetProperty("generation").GetInt64(), found.Text("current_agent_session_id")));
        }
    }

    [Fact]
    public async Task finds_nobody_once_the_session_that_had_it_has_ended()
    {
        var service = await cluster.Service;
        var ana = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        await ana.Claim("night-shift", 0);
        await ana.End();

        var found = await ana.LookUp("night-shift");

        Assert.Equal(1, found.GetProperty("generation").GetInt64());
        found.IsNull("current_agent_session_id");
        Assert.Equal(2, (await (await service.SessionOutsideOf(ana)).Claim("night-shift", 1)).GetProperty("generation").GetInt64());
    }

    [Theory, InlineData("Night"), InlineData("a"), InlineData("night--shift"), InlineData("c7w2k5n4q3zx6m7a"), InlineData("night%2Fshift")]
    public async Task that_is_none_is_invalid(string alias)
    {
        var ana = (await (await cluster.Service).NewRoom(History.FromAdmission)).Agents[0];
        await (await ana.Send(HttpMethod.Get, $"/v/agent/session-aliases/{alias}")).IsRefused("validation_failed");
    }

    [Fact]
    public async Task is_never_stored()
    {
        var ana = (await (await cluster.Service).NewRoom(History.FromAdmission)).Agents[0];
        Assert.True((await ana.Send(HttpMethod.Get, "/v/agent/session-aliases/night-shift")).Headers.CacheControl?.NoStore);
    }
}
