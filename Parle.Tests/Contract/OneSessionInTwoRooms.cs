using System.Net;
using Parle.Api.Provisioning;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class OneSessionInTwoRooms(TestCluster cluster)
{
    [Fact]
    public async Task has_work_of_its_own_in_each()
    {
        var (_, ana, ben) = await AnaAndBenInTwoRooms();
        await ben[0].Claim("night-shift", 0);
        await ana[0].Tell(ben[0].Address, "in the first");
        await ana[1].Tell(ben[0].Address, "in the second");

        Assert.Equal(["in the first"], await ben[0].Waiting());
        Assert.Equal(["in the second"], await ben[1].Waiting());
        await (await ben[0].Ack((await ben[0].Drain()).Messages()[0])).Json(HttpStatusCode.OK);
        Assert.Empty(await ben[0].Waiting());
        Assert.Equal(["in the second"], await ben[1].Waiting());
    }

    [Fact]
    public async Task answers_each_in_its_own_room()
    {
        var (_, ana, ben) = await AnaAndBenInTwoRooms();
        await ana[0].Tell(ben[0].Address, "question");
        var row = Assert.Single((await ben[0].Drain()).Messages());

        await (await ben[1].Reply(row, "answer")).IsRefused("not_found");
        await (await ben[0].Reply(row, "answer")).Json(HttpStatusCode.Created);

        Assert.Equal(["answer"], await ana[0].Waiting());
        Assert.Empty(await ana[1].Waiting());
    }

    [Fact]
    public async Task leaves_both_when_it_ends()
    {
        var (_, ana, ben) = await AnaAndBenInTwoRooms();
        await ben[0].End();
        await (await ana[0].Say("anybody?", to: ben[0].Address)).IsRefused("address_not_deliverable");
        await (await ana[1].Say("anybody?", to: ben[1].Address)).IsRefused("address_not_deliverable");
    }

    [Fact]
    public async Task leaves_both_when_it_is_superseded_and_its_work_in_both_follows_the_alias()
    {
        var (service, ana, ben) = await AnaAndBenInTwoRooms();
        var handle = ben[0].Address;
        await ben[0].Claim("night-shift", 0);
        await ana[0].Tell(ben[0].Address, "in the first");
        await ana[1].Tell(ben[0].Address, "in the second");

        var next = await service.Successor(ben[0], "night-shift");
        var nextThere = next.In(ben[1].RoomID, ben[1].Token, service.Client());
        await nextThere.Enter();

        await (await ana[0].Say("anybody?", to: handle)).IsRefused("address_not_deliverable");
        await (await ana[1].Say("anybody?", to: handle)).IsRefused("address_not_deliverable");
        Assert.Equal(["in the first"], await next.Waiting());
        Assert.Equal(["in the second"], await nextThere.Waiting());
    }

    [Fact]
    public async Task can_close_its_alias_in_one_of_them()
    {
        var (_, ana, ben) = await AnaAndBenInTwoRooms();
        await ben[0].Claim("night-shift", 0);
        var address = ben[0].Address;
        await (await ben[0].Send(HttpMethod.Post, $"/v/rooms/{ben[0].RoomID}/my-session-aliases/night-shift/offline-delivery/disable"))
            .Json(HttpStatusCode.OK);
        var there = await (await ben[1].Send(HttpMethod.Get, $"/v/rooms/{ben[1].RoomID}/my-session-aliases/night-shift/offline-delivery"))
            .Json(HttpStatusCode.OK);
        Assert.True(there.GetProperty("effective_offline_delivery").GetBoolean());
        await ben[0].End();

        await (await ana[0].Say("closed", to: address)).IsRefused("address_not_deliverable");
        await ana[1].Tell(address, "open");
    }

    // One session each, present in both rooms, with the token of each.
    private async Task<(ParleService Service, TestAgent[] Ana, TestAgent[] Ben)> AnaAndBenInTwoRooms()
    {
        var service = await cluster.Service;
        var first = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var agents = first.Agents.Select(agent => agent.AgentAddress()).ToList();
        var second = (await service.Provision(new(Rooms:
        [
            new("second", agents[0].Split('.')[0][1..], RoomKind.Shared, [.. agents.Select(agent => new ProvisionSeat(agent))],
                [.. agents.Select(agent => new ProvisionToken(agent))]),
        ]))).Rooms[0];
        var there = first.Agents.Select((agent, i) => agent.In(second.RoomID, second.Tokens[i].Token!, service.Client())).ToList();
        foreach (var agent in there)
        {
            await agent.Enter();
        }

        return (service, [first.Agents[0], there[0]], [first.Agents[1], there[1]]);
    }
}
