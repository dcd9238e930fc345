using System.Net;
using System.Text.Json;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class WorkOfAnAlias(TestCluster cluster)
{
    [Fact]
    public async Task follows_it_to_the_next_one_who_has_it()
    {
        var (service, ana, ben) = await AnaAndNightShift();
        await ana.Tell(ben.Address, "done");
        await ana.Tell(ben.Address, "open");
        var rows = (await ben.Drain()).Messages();
        await (await ben.Ack(rows[0])).Json(HttpStatusCode.OK);

        var next = await service.Successor(ben, "night-shift");

        var page = await next.Drain();
        Assert.Equal(["open"], page.Bodies());
        Assert.Equal((rows[1].Seq(), rows[1].Text("event_id")), (page.Messages()[0].Seq(), page.Messages()[0].Text("event_id")));
        Assert.Equal(
            ("alias", rows[0].Seq(), rows[0].Text("event_id")),
            (page.GetProperty("delivery").Text("cursor_scope"), page.GetProperty("delivery").GetProperty("last_acked_seq").GetInt64(),
                page.GetProperty("delivery").Text("last_ack_event_id")));
        await (await next.Ack(page.Messages()[0])).Json(HttpStatusCode.OK);
        Assert.Empty(await next.Waiting());
        Assert.Empty(await (await service.Successor(next, "night-shift")).Waiting());
    }

    [Fact]
    public async Task is_none_of_a_session_that_has_another_alias()
    {
        var (service, ana, ben) = await AnaAndNightShift();
        var day = await service.AnotherSessionOf(ben);
        await day.Claim("day-shift", 0);
        await ana.Tell(ben.Address, "for the night");
        await ana.Tell(day.Address, "for the day");
        await ben.End();

        Assert.Equal(["for the day"], await day.Waiting());
        await (await day.Ack((await day.Drain()).Messages()[0])).Json(HttpStatusCode.OK);
        Assert.Equal(["for the night"], await (await service.Successor(ben, "night-shift")).Waiting());
    }

    [Fact]
    public async Task does_not_take_along_what_was_meant_for_the_session_alone()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        await ana.Tell(ben.Address, "for this session");
        await ben.Claim("night-shift", 0);
        await ana.Tell(ben.Address, "for the night shift");

        Assert.Equal(["for the night shift"], await (await service.Successor(ben, "night-shift")).Waiting());
    }

    /// A session that acknowledges rows it drained before it had the alias has not seen the alias's waiting work.
    [Fact]
    public async Task stays_when_its_new_holder_acknowledges_what_it_had_before()
    {
        var (service, ana, ben) = await AnaAndNightShift();
        var next = await service.AnotherSessionOf(ben);
        var alias = ben.Address;
        await ben.End();
        await ana.Tell(alias, "for the night shift");
        await ana.Tell(next.Address, "for this session");
        var drained = Assert.Single((await next.Drain()).Messages());
        await next.Claim("night-shift", 1);

        await (await next.Ack(drained)).Json(HttpStatusCode.OK);

        Assert.Equal(["for the night shift"], await next.Waiting());
    }

    [Fact]
    public async Task joins_what_its_new_holder_had_already()
    {
        var (service, ana, ben) = await AnaAndNightShift();
        var next = await service.AnotherSessionOf(ben);
        var handle = next.Address;
        await ana.Tell(ben.Address, "left by the first");
        await ana.Tell(handle, "for the second");
        await (await next.Ack(Assert.Single((await next.Drain()).Messages()))).Json(HttpStatusCode.OK);
        await ana.Tell(handle, "more for the second");

        await next.Claim("night-shift", 1);

        var rows = (await next.Drain()).Messages();
        Assert.Equal(["left by the first", "more for the second"], rows.Select(row => row.Body()));
        foreach (var row in rows)
        {
            await (await next.Ack(row)).Json(HttpStatusCode.OK);
        }

        Assert.Empty(await next.Waiting());
    }

    [Fact]
    public async Task does_not_hide_what_its_new_holder_had_before_its_line()
    {
        var (service, ana, ben) = await AnaAndNightShift();
        var next = await service.AnotherSessionOf(ben);
        await ana.Tell(next.Address, "older");
        await ana.Tell(ben.Address, "newer");
        await (await ben.Ack(Assert.Single((await ben.Drain()).Messages()))).Json(HttpStatusCode.OK);

        await next.Claim("night-shift", 1);

        var row = Assert.Single((await next.Drain()).Messages());
        Assert.Equal("older", row.Body());
        await (await next.Ack(row)).Json(HttpStatusCode.OK);
        Assert.Empty(await next.Waiting());
    }

    private async Task<(ParleService Service, TestAgent Ana, TestAgent Ben)> AnaAndNightShift()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        await room.Agents[1].Claim("night-shift", 0);
        return (service, room.Agents[0], room.Agents[1]);
    }
}

public class WorkThatWaitsWhileTheServiceRestarts(TestCluster cluster)
{
    [Fact]
    public async Task is_there_again_and_what_was_acknowledged_is_not()
    {
        var database = await cluster.NewDatabase();
        TestAgent ana, ben;
        (long Seq, string EventID, string Route) open;
        await using (var before = await ParleService.Start(database))
        {
            var room = await before.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
            (ana, ben) = (room.Agents[0], room.Agents[1]);
            await ben.Claim("night-shift", 0);
            await ana.Tell(ben.Address, "done");
            await ana.Tell(ben.Address, "open");
            var rows = (await ben.Drain()).Messages();
            await (await ben.Ack(rows[0])).Json(HttpStatusCode.OK);
            open = Identity(rows[1]);
        }

        await using var after = await ParleService.Start(database);
        (ana, ben) = (ana.At(after.Client()), ben.At(after.Client()));

        var row = Assert.Single((await ben.Drain()).Messages());
        Assert.Equal(("open", open), (row.Body(), Identity(row)));
        await (await ben.Reply(row, "here I am")).Json(HttpStatusCode.Created);
        Assert.Equal(["here I am"], await ana.Waiting());
        Assert.Equal(["open"], await (await after.Successor(ben, "night-shift")).Waiting());
    }

    private static (long Seq, string EventID, string Route) Identity(JsonElement row) =>
        (row.Seq(), row.Text("event_id"), row.GetProperty("reply_route").Text("reply_route_id"));
}
