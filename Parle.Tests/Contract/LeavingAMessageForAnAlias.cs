using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class LeavingAMessageForAnAlias(TestCluster cluster)
{
    [Fact]
    public async Task brings_it_to_the_next_one_who_has_it()
    {
        var (service, ana, ben) = await AnaAndNightShift();
        await ben.End();
        await ana.Tell(ben.Address, "first");
        await ana.Tell(ben.Address, "second");

        var next = await service.Successor(ben, "night-shift");

        Assert.Equal(["first", "second"], await next.Waiting());
        Assert.Equal(["first", "second"], (await next.Inbound()).Bodies());
    }

    [Fact]
    public async Task brings_it_to_nobody_without_the_name()
    {
        var (service, ana, ben) = await AnaAndNightShift();
        await ben.End();
        var nameless = await service.AnotherSessionOf(ben);
        await ana.Tell(ben.Address, "for the night shift");

        Assert.Empty(await nameless.Waiting());
        Assert.DoesNotContain("for the night shift", (await nameless.Inbound()).Bodies());

        await nameless.Claim("night-shift", 1);
        Assert.Equal(["for the night shift"], await nameless.Waiting());
        Assert.Contains("for the night shift", (await nameless.Inbound()).Bodies());
    }

    [Fact]
    public async Task is_possible_while_its_holder_is_out_of_the_room()
    {
        var service = await cluster.Service;
        var room = await service.NewRoom(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        await ana.StartSession();
        await ana.Enter();
        await ben.StartSession();
        await ben.Claim("night-shift", 0);

        await ana.Tell(ben.Address, "come in");

        await ben.Enter();
        Assert.Equal(["come in"], await ben.Waiting());
    }

    private async Task<(ParleService Service, TestAgent Ana, TestAgent Ben)> AnaAndNightShift()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        await room.Agents[1].Claim("night-shift", 0);
        return (service, room.Agents[0], room.Agents[1]);
    }
}

public class AnAliasWhoseHolderWasOutlived(ServiceWithItsOwnClock place) : IClassFixture<ServiceWithItsOwnClock>
{
    [Fact]
    public async Task is_free_for_the_next_one_who_finds_what_was_left()
    {
        var room = await place.Service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        await ben.Claim("night-shift", 0);
        place.Pass(TimeSpan.FromHours(12));
        ana = await place.Service.AnotherSessionOf(ana);

        var found = await ben.LookUp("night-shift");
        await ana.Tell(ben.Address, "for the next one");

        Assert.Equal(1, found.GetProperty("generation").GetInt64());
        found.IsNull("current_agent_session_id");
        Assert.Equal(["for the next one"], await (await place.Service.Successor(ben, "night-shift")).Waiting());
        // Its life was over before it could be superseded.
        await (await ben.Send(HttpMethod.Get, ben.Projection)).IsRefused("agent_session_expired");
    }
}
