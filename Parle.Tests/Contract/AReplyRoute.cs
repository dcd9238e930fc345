using System.Net;
using System.Text.Json;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class AReplyRoute(TestCluster cluster)
{
    [Fact]
    public async Task comes_with_a_row_that_waits()
    {
        var (_, ana, ben) = await AnaAndBen();
        await ana.Tell(ben.Address, "question");
        var row = Assert.Single((await ben.Drain()).Messages());

        var route = row.GetProperty("reply_route");

        route.HasExactly("reply_route_id", "interaction_id", "reply_hop", "remaining_reply_hops", "expires_at");
        route.IsUuid("reply_route_id", "interaction_id");
        Assert.Equal((0, 8), (route.GetProperty("reply_hop").GetInt32(), route.GetProperty("remaining_reply_hops").GetInt32()));
        Assert.Equal(TimeSpan.FromDays(7), route.Timestamp("expires_at") - row.Timestamp("created_at"));
    }

    [Fact]
    public async Task stays_the_same_until_it_is_used_and_is_null_then()
    {
        var (_, ana, ben) = await AnaAndBen();
        await ana.Tell(ben.Address, "question");
        var row = Assert.Single((await ben.Drain()).Messages());
        Assert.Equal(row.GetProperty("reply_route").GetRawText(),
            Assert.Single((await ben.Drain()).Messages()).GetProperty("reply_route").GetRawText());

        await (await ben.Reply(row, "answer")).Json(HttpStatusCode.Created);

        Assert.Single((await ben.Drain()).Messages()).IsNull("reply_route");
    }

    [Fact]
    public async Task is_another_for_each_row_and_reader()
    {
        var (_, ana, ben) = await AnaAndBen();
        await (await ana.Post(
            $$"""{"type":"message_submitted","payload":{"body":"for you"},"addressing":{"audience":"direct","to":["{{ben.Address}}"]} }""",
            "key")).Json(HttpStatusCode.Created);
        await ana.Tell(ben.Address, "for you");
        var service = await cluster.Service;
        var other = await service.AnotherSessionOf(ben);
        await (await ana.Post(
            $$"""{"type":"message_submitted","payload":{"body":"for both"},"addressing":{"audience":"direct","to":["{{ben.Address}}","{{other.Address}}"]} }""",
            "key2")).Json(HttpStatusCode.Created);

        var rows = (await ben.Drain()).Messages().Concat((await other.Drain()).Messages()).ToList();

        Assert.Equal(4, rows.Select(RouteID).Distinct().Count());
        await (await ben.Reply(rows[2], "from the one")).Json(HttpStatusCode.Created);
        await (await other.Reply(rows[3], "from the other")).Json(HttpStatusCode.Created);
        Assert.Equal(["from the one", "from the other"], await ana.Waiting());
    }

    [Fact]
    public async Task appears_nowhere_else()
    {
        var (_, ana, ben) = await AnaAndBen();
        await ana.Tell(ben.Address, "question");
        var id = RouteID(Assert.Single((await ben.Drain()).Messages()));
        Assert.DoesNotContain(id, (await ben.Read()).GetRawText());
        Assert.DoesNotContain(id, (await ben.Inbound()).GetRawText());
        Assert.DoesNotContain(id, (await ana.Read()).GetRawText());
        Assert.DoesNotContain("reply_route", (await ben.Read()).GetRawText() + (await ben.Inbound()).GetRawText());
    }

    [Fact]
    public async Task survives_that_its_session_claims_an_alias()
    {
        var (_, ana, ben) = await AnaAndBen();
        await ana.Tell(ben.Address, "question");
        var row = Assert.Single((await ben.Drain()).Messages());

        await ben.Claim("night-shift", 0);

        Assert.Equal(RouteID(row), RouteID(Assert.Single((await ben.Drain()).Messages())));
        await (await ben.Reply(row, "answer")).Json(HttpStatusCode.Created);
        Assert.Equal(ben.Address, Assert.Single((await ana.Drain()).Messages()).GetProperty("author").Text("address"));
    }

    [Fact]
    public async Task of_an_alias_is_the_next_ones_who_has_it()
    {
        var (service, ana, ben) = await AnaAndBen();
        await ben.Claim("night-shift", 0);
        await ana.Tell(ben.Address, "question");
        var row = Assert.Single((await ben.Drain()).Messages());
        var next = await service.Successor(ben, "night-shift");

        Assert.Equal(RouteID(row), RouteID(Assert.Single((await next.Drain()).Messages())));
        await (await next.Reply(row, "answer")).Json(HttpStatusCode.Created);

        Assert.Equal(["answer"], await ana.Waiting());
    }

    [Theory, InlineData("unknown"), InlineData("used"), InlineData("author's"), InlineData("stranger's"), InlineData("other session's"),
        InlineData("replaced session's"), InlineData("lost alias's"), InlineData("author ended"), InlineData("room's")]
    public async Task that_leads_nowhere_is_not_found_whatever_is_wrong_with_it(string what)
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission, History.FromAdmission);
        var (ana, ben, cleo) = (room.Agents[0], room.Agents[1], room.Agents[2]);
        var asker = await service.AnotherSessionOf(ana);
        var day = await service.AnotherSessionOf(ben);
        await day.Claim("day-shift", 0);
        await asker.Tell(what is "lost alias's" ? day.Address : ben.Address, "question");
        var row = Assert.Single((await (what is "lost alias's" ? day : ben).Drain()).Messages());
        var replier = what switch
        {
            "author's" => asker,
            "stranger's" => cleo,
            "other session's" => day,
            "replaced session's" => await service.AnotherSessionOf(ben),
            "room's" => (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0],
            _ => ben,
        };
        if (what is "used")
        {
            await (await ben.Reply(row, "first answer")).Json(HttpStatusCode.Created);
        }
        else if (what is "author ended")
        {
            await asker.End();
        }
        else if (what is "replaced session's")
        {
            await ben.End();
        }

        var before = await service.RecordOf(replier.RoomID);
        var answer = what is "unknown" ? await ben.ReplyAlong($"{Guid.CreateVersion7()}") : await replier.Reply(row, "answer", "key");

        await answer.IsRefused("not_found");
        Assert.Equal(await (await cleo.ReplyAlong($"{Guid.CreateVersion7()}")).Bytes(), await answer.Bytes());
        Assert.Equal(before, await service.RecordOf(replier.RoomID));
        await (await replier.Send(
            HttpMethod.Post, $"/v/rooms/{replier.RoomID}/messages", """{"type":"message_submitted","payload":{"body":"x"}}""", "key"))
            .Json(HttpStatusCode.Created);
    }

    private static string RouteID(JsonElement row) => row.GetProperty("reply_route").Text("reply_route_id");

    private async Task<(ParleService Service, TestAgent Ana, TestAgent Ben)> AnaAndBen()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        return (service, room.Agents[0], room.Agents[1]);
    }
}

public class AReplyRouteOutOfTime(ServiceWithItsOwnClock place) : IClassFixture<ServiceWithItsOwnClock>
{
    [Fact]
    public async Task is_no_way_any_more()
    {
        var room = await place.Service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        await ana.Claim("asking", 0);
        await ben.Claim("night-shift", 0);
        await ana.Tell(ben.Address, "question");
        var row = Assert.Single((await ben.Drain()).Messages());

        place.Pass(TimeSpan.FromDays(7));
        var (asker, next) = (await place.Service.Successor(ana, "asking"), await place.Service.Successor(ben, "night-shift"));

        Assert.Single((await next.Drain()).Messages()).IsNull("reply_route");
        var answer = await next.Reply(row, "too late");
        await answer.IsRefused("not_found");
        Assert.Equal(await (await next.ReplyAlong($"{Guid.CreateVersion7()}")).Bytes(), await answer.Bytes());
        Assert.Empty(await asker.Waiting());
    }
}
