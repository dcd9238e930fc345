using System.Net;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class EnteringARoom(TestCluster cluster)
{
    [Fact]
    public async Task answers_the_presence()
    {
        var ana = (await (await cluster.Service).NewRoom(History.FromAdmission)).Agents[0];
        await ana.StartSession();

        var entered = await ana.Enter();

        entered.HasExactly("participant_id", "room_id", "room_handle", "agent_session_id");
        entered.IsUuid("participant_id");
        Assert.Equal(($"{ana.RoomID}", "build", $"{ana.SessionID}"),
            (entered.Text("room_id"), entered.Text("room_handle"), entered.Text("agent_session_id")));
    }

    [Fact]
    public async Task again_is_the_same_presence_and_no_new_fact()
    {
        var service = await cluster.Service;
        var ana = (await service.NewRoom(History.FromAdmission)).Agents[0];
        await ana.StartSession();
        var before = (await service.RecordOf(ana.RoomID)).Facts;

        var entered = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ana.Enter()));
        await (await ana.SendNothing(ana.Participants)).Json(HttpStatusCode.Created);

        Assert.Single(entered.Select(presence => presence.Text("participant_id")).Distinct());
        Assert.Equal(before + 1, (await service.RecordOf(ana.RoomID)).Facts);
    }

    [Fact]
    public async Task with_two_sessions_makes_two_presences()
    {
        var ana = (await (await cluster.Service).NewRoom(History.FromAdmission)).Agents[0];
        await ana.StartSession();
        var first = (await ana.Enter()).Text("participant_id");
        await ana.StartSession();
        Assert.NotEqual(first, (await ana.Enter()).Text("participant_id"));
    }

    [Fact]
    public async Task ignores_what_a_body_says()
    {
        var ana = (await (await cluster.Service).NewRoom(History.FromAdmission)).Agents[0];
        await ana.StartSession();
        await (await ana.Send(HttpMethod.Post, ana.Participants, $$"""{"agent_session_id":"{{Guid.CreateVersion7()}}"}"""))
            .Json(HttpStatusCode.Created);
    }
}
