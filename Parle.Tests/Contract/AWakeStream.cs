using System.Net;
using Parle.Api.Provisioning;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class AWakeStream(TestCluster cluster)
{
    [Fact]
    public async Task names_the_room_when_there_is_work_to_drain()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        await using var stream = await EventReader.Wake(ben);
        for (var i = 0; i < 3; i++)
        {
            await Says(ana, $"{i}", to: ben.Address);

            Assert.Equal(Wake(room.RoomID), Event(await stream.Next()));
            var work = Assert.Single((await ben.Drain()).Messages());
            Assert.Equal($"{i}", work.Body());
            await (await ben.Ack(work)).Json(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task is_silent_about_what_is_no_work_of_its_session()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission, History.FromAdmission);
        var (ana, ben, carl) = (room.Agents[0], room.Agents[1], room.Agents[2]);
        var benElsewhere = ben.Again();
        await benElsewhere.StartSession();
        await benElsewhere.Enter();
        var second = await SecondRoom(service, ana, ben);
        await using var stream = await EventReader.Wake(ben);

        await Says(ana, "to nobody in particular");
        await (await ana.Post(
            """{"type":"message_submitted","payload":{"body":"to all"},"addressing":{"audience":"broadcast"}}""", "broadcast"))
            .Json(HttpStatusCode.Created);
        await Says(ana, "to Ben elsewhere", to: benElsewhere.Address);
        await Says(ana, "to Carl", to: carl.Address);
        await Says(ben, "to Ana", to: ana.Address);
        await Says(ben, "to myself", to: ben.Address);
        await (await ana.Say("to nobody", to: "@nobody.helper")).Refuses("address_not_deliverable");
        await (await ana.Say("to Ben", key: "once", to: ben.Address)).Json(HttpStatusCode.Created);
        Assert.Equal(Wake(room.RoomID), Event(await stream.Next()));

        await (await ana.Say("to Ben", key: "once", to: ben.Address)).Json(HttpStatusCode.OK);
        await Says(second[0], "to Ben in another room", to: ben.Address);
        Assert.Equal(Wake(second[0].RoomID), Event(await stream.Next()));

        await ben.End();
        Assert.Empty(await stream.ToEnd());
    }

    [Fact]
    public async Task covers_all_rooms_of_its_session()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        await using var stream = await EventReader.Wake(ben);
        var second = await SecondRoom(service, ana, ben); // Entered after the stream was opened.

        foreach (var author in (TestAgent[])[second[0], ana, second[0]])
        {
            await Says(author, "hello", to: ben.Address);
            Assert.Equal(Wake(author.RoomID), Event(await stream.Next()));
        }
    }

    [Fact]
    public async Task tells_of_replies()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        await using var stream = await EventReader.Wake(ana);
        await Says(ana, "how are you?", to: ben.Address);

        await (await ben.Reply((await ben.Drain()).Messages()[0], "fine")).Json(HttpStatusCode.Created);

        Assert.Equal(Wake(room.RoomID), Event(await stream.Next()));
        Assert.Equal("fine", Assert.Single((await ana.Drain()).Messages()).Body());
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task tells_the_holder_of_an_alias_of_what_is_sent_to_it(bool openedBeforeTheClaim)
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        var anonymous = ben.Address;
        var early = openedBeforeTheClaim ? await EventReader.Wake(ben) : null;
        await ben.Claim("night-shift", 0);
        await using var stream = early ?? await EventReader.Wake(ben);
        if (openedBeforeTheClaim)
        {
            Assert.Equal(("wake", "{}"), Event(await stream.Next())); // Work may have come with the alias.
        }

        foreach (var address in (string[])[ben.Address, anonymous])
        {
            await Says(ana, address, to: address);
            Assert.Equal(Wake(room.RoomID), Event(await stream.Next()));
            Assert.Equal(address, (await ben.Drain()).Messages()[^1].Body());
        }

        await Says(ben, "to myself", to: ben.Address);
        await ben.End();
        Assert.Empty(await stream.ToEnd());
    }

    [Fact]
    public async Task tells_of_an_alias_whoever_has_it_now()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        var next = ben.Again();
        await next.StartSession();
        await next.Enter();
        await ben.Claim("night-shift", 0);
        await using var before = await EventReader.Wake(ben);
        await using var after = await EventReader.Wake(next);
        await Says(ana, "not done by Ben", to: ben.Address);
        Assert.Equal(Wake(room.RoomID), Event(await before.Next()));

        await next.Claim("night-shift", 1);
        Assert.Empty(await before.ToEnd());
        Assert.Equal(("wake", "{}"), Event(await after.Next()));
        Assert.Equal("not done by Ben", Assert.Single((await next.Drain()).Messages()).Body());

        await Says(ana, "new", to: next.Address);
        Assert.Equal(Wake(room.RoomID), Event(await after.Next()));
        await next.End();
        Assert.Empty(await after.ToEnd());
    }

    [Fact]
    public async Task is_not_needed_to_find_what_came_while_there_was_none()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        await using (var lost = await EventReader.Wake(ben))
        {
            await Says(ana, "heard of", to: ben.Address);
            await lost.Next();
        }

        await Says(ana, "missed", to: ben.Address);
        await using var stream = await EventReader.Wake(ben);
        Assert.Equal(["heard of", "missed"], (await ben.Drain()).Messages().Select(row => row.Body()));

        await Says(ana, "heard of again", to: ben.Address);
        Assert.Equal(Wake(room.RoomID), Event(await stream.Next()));
    }

    private static (string, string) Wake(Guid roomID) => ("wake", $$"""{"room_id":"{{roomID}}"}""");

    private static (string, string) Event(System.Net.ServerSentEvents.SseItem<string> item) => (item.EventType, item.Data);

    private static async Task Says(TestAgent agent, string body, string? to = null) =>
        await (await agent.Say(body, to: to)).Json(HttpStatusCode.Created);

    /// The same sessions in a room of their own.
    private static async Task<IReadOnlyList<TestAgent>> SecondRoom(ParleService service, params TestAgent[] agents)
    {
        var addresses = agents.Select(agent => agent.Address[..agent.Address.LastIndexOf('.')]).ToList();
        var provisioned = await service.Provision(new(Rooms: [new("second", addresses[0].Split('.')[0][1..], RoomKind.Shared,
            [.. addresses.Select(address => new ProvisionSeat(address))], [.. addresses.Select(address => new ProvisionToken(address))])]));
        var room = provisioned.Rooms[0];
        var there = agents.Zip(room.Tokens, (agent, token) => agent.In(room.RoomID, token.Token!)).ToList();
        foreach (var agent in there)
        {
            await agent.Enter();
        }

        return there;
    }
}
