using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class ASupersededSession(TestCluster cluster)
{
    [Fact]
    public async Task is_out_of_its_room_at_once()
    {
        var (handle, _, second, ben) = await Superseded();

        await (await ben.Say("anybody?", to: handle)).IsRefused("address_not_deliverable");

        await second.Enter();
        await ben.Tell(second.AgentAddress(), "one of you"); // Only the successor is there.
        Assert.Equal(["one of you"], await second.Waiting());
    }

    [Fact]
    public async Task is_listed_no_more()
    {
        var (_, _, second, _) = await Superseded();
        var listed = Assert.Single((await ListingSessions.List(second)).GetProperty("sessions").EnumerateArray());
        Assert.Equal((second.SessionID, "night-shift", 2),
            (listed.GetProperty("agent_session_id").GetGuid(), listed.Text("alias"), listed.GetProperty("generation").GetInt64()));
    }

    [Fact]
    public async Task has_a_successor_with_the_next_generation()
    {
        var service = await cluster.Service;
        var first = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        await first.Claim("night-shift", 0);
        var second = await service.SessionOutsideOf(first);

        var claimed = await second.Claim("night-shift", 1);

        Assert.Equal((2, first.Address, second.SessionID),
            (claimed.GetProperty("generation").GetInt64(), claimed.Text("address"), claimed.GetProperty("agent_session_id").GetGuid()));
    }

    [Fact]
    public async Task does_not_hear_what_it_waited_for()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (first, ben) = (room.Agents[0], room.Agents[1]);
        await first.Claim("night-shift", 0);
        var second = await service.AnotherSessionOf(first);
        await second.Claim("night-shift", 1);

        await ben.Tell(second.Address, "for the successor");

        Assert.Equal(["for the successor"], await second.Waiting());
        await (await first.Send(HttpMethod.Get, $"/v/rooms/{first.RoomID}/responsive-delivery?wait=0"))
            .IsRefused("agent_session_superseded");
    }

    private async Task<(string Handle, TestAgent First, TestAgent Second, TestAgent Ben)> Superseded()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var first = room.Agents[0];
        var handle = first.Address;
        await first.Claim("night-shift", 0);
        var second = await service.SessionOutsideOf(first);
        await second.Claim("night-shift", 1);
        return (handle, first, second, room.Agents[1]);
    }
}
