using System.Net;
using Parle.Domain.Rooms;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class ClaimingAtTheSameMoment(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task succeeds_once(bool atBothNodes)
    {
        var room = await nodes.A.NewRoom(History.FromAdmission);
        var sessions = new List<TestAgent>();
        for (var i = 0; i < 16; i++)
        {
            sessions.Add(await nodes.A.SessionOutsideOf(room.Agents[0]));
        }

        // Each session tries twice: its own repetition has lost as well.
        var claims = await Task.WhenAll(sessions.Concat(sessions).Select(async (session, i) =>
            (session.SessionID, Answer: await (atBothNodes && i % 2 == 1 ? nodes.AtB(session) : session).TryClaim("night-shift", 0))));

        var won = Assert.Single(claims, claim => claim.Answer.StatusCode is HttpStatusCode.OK);
        foreach (var lost in claims.Where(claim => claim != won))
        {
            await lost.Answer.IsRefused("agent_session_alias_conflict");
        }

        foreach (var node in (TestAgent[])[room.Agents[0], nodes.AtB(room.Agents[0])])
        {
            var found = await node.LookUp("night-shift");
            Assert.Equal(
                (1, won.SessionID), (found.GetProperty("generation").GetInt64(), found.GetProperty("current_agent_session_id").GetGuid()));
        }
    }

    [Fact]
    public async Task by_one_session_gives_it_one_of_several_names()
    {
        var ana = (await nodes.A.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 1 ? nodes.AtB(ana) : ana).TryClaim($"shift-{i}", 0)));

        var won = await Assert.Single(claims, claim => claim.StatusCode is HttpStatusCode.OK).Json(HttpStatusCode.OK);

        Assert.Equal(7, claims.Count(claim => claim.StatusCode is HttpStatusCode.Conflict));
        Assert.Equal(
            won.Text("alias"), Assert.Single((await ListingSessions.List(ana)).GetProperty("sessions").EnumerateArray()).Text("alias"));
    }

    [Fact]
    public async Task as_it_ends_leaves_nothing_in_between()
    {
        for (var i = 0; i < 5; i++)
        {
            var ana = (await nodes.A.NewRoomWithPresent(History.FromAdmission)).Agents[0];

            var (claim, end) = (ana.TryClaim("night-shift", 0),
                nodes.AtB(ana).Send(HttpMethod.Post, $"/v/agent/sessions/{ana.SessionID}/end"));
            await (await end).IsEmptyWith(HttpStatusCode.NoContent);
            var claimed = (await claim).StatusCode is HttpStatusCode.OK;
            if (!claimed)
            {
                await (await claim).IsRefused("agent_session_ended");
            }

            var found = await ana.LookUp("night-shift");
            Assert.Equal(claimed ? 1 : 0, found.GetProperty("generation").GetInt64());
            found.IsNull("current_agent_session_id");
        }
    }
}
