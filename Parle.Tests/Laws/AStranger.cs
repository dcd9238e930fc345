using System.Net;
using Parle.Api;
using Parle.Api.Registry;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Laws;

/// Law 9.
public class AStranger(TestCluster cluster)
{
    public static TheoryData<string> ActionsInRooms =>
        new(Actions.All.Where(action => action.InRoom && action.Agent is not null).Select(action => action.Id));

    [Theory]
    [MemberData(nameof(ActionsInRooms))]
    public async Task is_told_the_same_of_every_room_that_is_not_its_own(string id)
    {
        var service = await cluster.Service;
        var action = Actions.All.Single(action => action.Id == id);
        var own = await service.NewRoomWithPresent(History.FromAdmission);
        var others = await service.NewRoomWithPresent(History.FromAdmission);
        var (agent, ownID) = (own.Agents[0], own.RoomID.ToString());

        var denials = new List<(string Case, HttpResponseMessage Answer)>
        {
            ("unknown room", await AnAffordance.Attempt(action, agent, Guid.NewGuid())),
            ("somebody else's room", await AnAffordance.Attempt(action, agent, others.RoomID)),
            ("no id at all", await AnAffordance.Attempt(action, agent, "kitchen")),
            ("empty id", await AnAffordance.Attempt(action, agent, Guid.Empty)),
            ("own id without hyphens", await AnAffordance.Attempt(action, agent, ownID.Replace("-", "", StringComparison.Ordinal))),
            ("own id in braces", await AnAffordance.Attempt(action, agent, $"{{{ownID}}}")),
            ("own id and a space", await AnAffordance.Attempt(action, agent, ownID + "%20")),
            ("somebody else's room, and a body that cannot be read",
                await AnAffordance.Attempt(action, agent, others.RoomID.ToString(), "{")),
            ("no seat", await WithoutSeat(service, action)),
        };
        if (action.Agent is { Scope: null, Standing: AgentStanding.Participant })
        {
            denials.Add(("not entered", await NotEntered(service, action)));
            denials.Add(("not entered, but another session of the agent has", await EnteredByAnotherSession(service, action)));
        }

        var spelt = await Task.WhenAll(denials.Select(denial => Spell(denial.Answer)));
        Assert.All(denials.Zip(spelt),
            denial => Assert.True(spelt[0] == denial.Second, $"{denial.First.Case}:\n{denial.Second}\nand not\n{spelt[0]}"));
        Assert.Equal(HttpStatusCode.NotFound, denials[0].Answer.StatusCode);
        await denials[0].Answer.Refuses("room_not_found");
    }

    private static async Task<HttpResponseMessage> NotEntered(ParleService service, ParleAction action)
    {
        var agent = (await service.NewRoom(History.FromAdmission)).Agents[0];
        await agent.StartSession();
        return await AnAffordance.Attempt(action, agent, agent.RoomID);
    }

    private static async Task<HttpResponseMessage> EnteredByAnotherSession(ParleService service, ParleAction action)
    {
        var agent = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        await agent.StartSession();
        return await AnAffordance.Attempt(action, agent, agent.RoomID);
    }

    private static async Task<HttpResponseMessage> WithoutSeat(ParleService service, ParleAction action)
    {
        var room = await service.NewOwnedRoom(2);
        var agent = room.Agents[1];
        await (await room.Owner.Post($"/v/rooms/{room.RoomID}/seats/{await room.Owner.SeatOf(agent)}/remove"))
            .Json(HttpStatusCode.NoContent);
        return await AnAffordance.Attempt(action, agent, agent.RoomID);
    }

    private static async Task<string> Spell(HttpResponseMessage answer) =>
        $"{(int)answer.StatusCode}\n"
        + string.Concat(answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key != "Date")
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}\n"))
        + Convert.ToHexString(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
}
