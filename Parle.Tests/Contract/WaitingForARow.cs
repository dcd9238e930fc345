using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Parle.Api.Wakeups;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class WaitingForARow(TestCluster cluster)
{
    [Theory, InlineData(30), InlineData(31), InlineData(1_000_000)]
    public async Task ends_when_one_arrives(int wait)
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        await ana.Say("old");
        var reading = ben.Read(since: 1, wait);
        await Waits(service, room.RoomID);

        await ana.Say("new");

        Assert.Equal("new", Assert.Single((await reading).Messages()).Body());
    }

    [Fact]
    public async Task is_not_needed_when_one_is_there()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        await room.Agents[0].Say("old");
        Assert.Equal("old", Assert.Single((await room.Agents[1].Read(since: 0, wait: 30)).Messages()).Body());
    }

    [Fact]
    public async Task ends_without_one_when_the_time_is_over()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        await room.Agents[0].Say("old");
        var page = await room.Agents[1].Read(since: 1, wait: 1);
        Assert.Empty(page.Messages());
        Assert.Equal(1, page.GetProperty("watermark").GetInt64());
    }

    [Theory, InlineData("projection"), InlineData("inbound")]
    public async Task begins_at_the_end_for_a_cursor_beyond_it(string surface)
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        JsonElement page;
        var tries = 0L;
        do
        {
            tries++;
            var reading = ben.Send(HttpMethod.Get, $"/v/rooms/{room.RoomID}/{surface}?since_seq=100&wait=3");
            // It may not have looked where the end is: then what is said now lies before the end, and the next try finds out.
            await Waits(service, room.RoomID);
            await ana.Say("new");
            page = await (await reading).Json(HttpStatusCode.OK);
        }
        while (page.Messages().Count == 0 && tries < 10);

        Assert.Equal(("new", tries), (Assert.Single(page.Messages()).Body(), page.GetProperty("watermark").GetInt64()));
    }

    [Fact]
    public async Task does_not_notice_what_is_for_others()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission, History.FromAdmission);
        var (ana, ben, carl) = (room.Agents[0], room.Agents[1], room.Agents[2]);
        var reading = carl.Read(since: 0, wait: 30);
        await Waits(service, room.RoomID);

        await (await ana.Say("between us", to: ben.Address)).Json(HttpStatusCode.Created);
        Assert.Equal("between us", (await ben.Read()).Messages()[^1].Body());
        await ana.Say("for all");

        var page = await reading;
        Assert.Equal(("for all", 1), (Assert.Single(page.Messages()).Body(), page.Messages()[0].Seq()));
        Assert.DoesNotContain("between us", JsonSerializer.Serialize(page));
    }

    [Fact]
    public async Task ends_for_the_one_who_is_addressed()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        var reading = ben.Read(since: 0, wait: 30);
        await Waits(service, room.RoomID);

        await (await ana.Say("for you", to: ben.Address)).Json(HttpStatusCode.Created);

        Assert.Equal("for you", Assert.Single((await reading).Messages()).Body());
    }

    private static async Task Waits(ParleService service, Guid roomID)
    {
        var signals = service.Host.Services.GetRequiredService<Notifier>();
        await Crash.Until.Holds(() => Task.FromResult(signals.HasListener(roomID)));
    }
}
