using System.Net;
using Parle.Domain.Rooms;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class AnAliasOnTwoNodes(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    [Fact]
    public async Task loses_nothing_while_it_passes_from_session_to_session()
    {
        var room = await nodes.A.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        await ben.Claim("night-shift", 0);
        var address = ben.Address;

        var writing = Task.WhenAll(Enumerable.Range(0, 4).Select(async writer =>
        {
            for (var i = 0; i < 10; i++)
            {
                await (writer % 2 == 1 ? nodes.AtB(ana) : ana).Tell(address, $"{writer}.{i}");
            }
        }));
        for (var i = 0; i < 5; i++)
        {
            ben = await (i % 2 == 0 ? nodes.B : nodes.A).Successor(ben, "night-shift");
        }

        await writing;
        Assert.Equal(Enumerable.Range(0, 4).SelectMany(writer => Enumerable.Range(0, 10).Select(i => $"{writer}.{i}")).Order(),
            (await ben.Waiting()).Order());
    }

    [Fact]
    public async Task is_the_same_at_once_at_both()
    {
        var room = await nodes.A.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        var handle = ben.Address;
        await ben.Claim("night-shift", 0);
        await nodes.AtB(ana).Tell(ben.Address, "first");

        var next = await nodes.B.Successor(ben, "night-shift");
        await (await ana.Say("gone", to: handle)).IsRefused("address_not_deliverable");
        await (await ben.Send(HttpMethod.Get, ben.Projection)).IsRefused("agent_session_superseded");
        await ana.Tell(ben.Address, "second");
        Assert.Equal(["first", "second"], await next.Waiting());

        await (await nodes.AtB(ana).Send(HttpMethod.Get, ana.Projection)).Json(HttpStatusCode.OK);
        await next.End();
        await (await ana.Say("gone", to: ana.AgentAddress("night-shift"))).IsRefused("address_not_deliverable");
        await ana.Tell(ben.AgentAddress(), "when you are back");
        await (await nodes.A.SessionOutsideOf(ben)).Send(HttpMethod.Post, "/v/agent/session-aliases/night-shift/offline-delivery/disable");
        await (await nodes.AtB(ana).Say("closed", to: ben.Address)).IsRefused("address_not_deliverable");
    }

    [Fact]
    public async Task is_a_handle_that_reaches_nobody_once_the_other_node_ended_its_session()
    {
        var room = await nodes.A.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        for (var i = 0; i < 5; i++)
        {
            await nodes.AtB(ana).Tell(ben.Address, "B knows this room");
            await nodes.AtB(ben).End();
            await (await ana.Say("gone", to: ben.Address)).IsRefused("address_not_deliverable");
            ben = await nodes.A.AnotherSessionOf(ben);
            await nodes.AtB(ana).Tell(ben.AgentAddress(), "the only one");
        }
    }
}
