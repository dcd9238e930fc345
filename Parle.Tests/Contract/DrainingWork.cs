using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Parle.Api.Wakeups;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class DrainingWork(TestCluster cluster)
{
    [Fact]
    public async Task answers_a_page_with_the_line_of_what_is_done()
    {
        var (_, _, ben) = await AnaAndBen();

        var page = await ben.Drain();

        page.HasExactly(
            "messages", "watermark", "generation", "earliest_available_seq", "preamble", "held_backlog", "commit_token", "delivery",
            "scanned_max");
        page.GetProperty("delivery").HasExactly("cursor_scope", "last_acked_seq", "last_ack_event_id");
        Assert.Empty(page.Messages());
        Assert.Equal(("session", 0),
            (page.GetProperty("delivery").Text("cursor_scope"), page.GetProperty("delivery").GetProperty("last_acked_seq").GetInt64()));
        page.GetProperty("delivery").IsNull("last_ack_event_id");
        Assert.Equal("g0", page.Text("generation"));
    }

    [Fact]
    public async Task shows_a_row_of_the_view_with_a_way_to_answer()
    {
        var (_, ana, ben) = await AnaAndBen();
        await ana.Tell(ben.Address, "what is the state?");

        var page = await ben.Drain();

        var (row, same) = (Assert.Single(page.Messages()), (await ben.Read()).Messages()[^1]);
        row.HasExactly([.. same.EnumerateObject().Select(member => member.Name), "reply_route", "waits_for"]);
        Assert.Equal(
            (same.Seq(), same.Text("event_id"), same.Text("created_at")), (row.Seq(), row.Text("event_id"), row.Text("created_at")));
        Assert.Equal(row.Seq(), page.GetProperty("scanned_max").GetInt64());
        Assert.Contains(page.Text("preamble"), row.Text("content"));
    }

    [Theory, InlineData(false, "session"), InlineData(true, "alias")]
    public async Task says_whether_the_work_may_outlive_the_session(bool claims, string scope)
    {
        var (_, ana, ben) = await AnaAndBen();
        if (claims)
        {
            await ben.Claim("night-shift", 0);
        }

        await ana.Tell(ben.Address, "x");
        Assert.Equal(scope, (await ben.Drain()).GetProperty("delivery").Text("cursor_scope"));
    }

    [Fact]
    public async Task shows_nothing_but_what_is_aimed_at_the_caller()
    {
        var (service, ana, ben) = await AnaAndBen();
        var other = await service.AnotherSessionOf(ben);
        await ana.Say("to nobody in particular");
        await (await ana.Post(
            """{"type":"message_submitted","payload":{"body":"to everybody"},"addressing":{"audience":"broadcast"}}""", "key"))
            .Json(HttpStatusCode.Created);
        await ana.Tell(other.Address, "to the other session");
        await ben.Tell(ana.Address, "from the caller");
        await ben.Tell(ben.Address, "a note to the caller");
        await other.Tell(ben.Address, "from the other session");
        await ana.Tell(ben.Address, "to the caller");

        Assert.Equal(["from the other session", "to the caller"], await ben.Waiting());
        Assert.Equal(["to the other session"], await other.Waiting());
        Assert.Equal(["from the caller"], await ana.Waiting());
    }

    [Fact]
    public async Task shows_no_note_of_the_caller_to_its_own_alias()
    {
        var (_, _, ben) = await AnaAndBen();
        await ben.Claim("night-shift", 0);
        await ben.Tell(ben.Address, "a note");
        Assert.Empty(await ben.Waiting());
    }

    [Fact]
    public async Task shows_the_same_rows_until_they_are_acknowledged()
    {
        var (_, ana, ben) = await AnaAndBen();
        await ana.Tell(ben.Address, "first");
        await ana.Say("in between");
        await ana.Tell(ben.Address, "second");

        for (var i = 0; i < 3; i++)
        {
            var page = await ben.Drain();
            Assert.Equal(["first", "second"], page.Bodies());
            Assert.True(page.Messages()[0].Seq() < page.Messages()[1].Seq());
        }
    }

    [Fact]
    public async Task keeps_what_the_session_had_before_it_claimed_an_alias()
    {
        var (_, ana, ben) = await AnaAndBen();
        var handle = ben.Address;
        await ana.Tell(handle, "done before");
        await (await ben.Ack((await ben.Drain()).Messages()[0])).Json(HttpStatusCode.OK);
        await ana.Tell(handle, "open before");

        await ben.Claim("night-shift", 0);
        await ana.Tell(handle, "by the handle");
        await ana.Tell(ben.Address, "by the alias");

        var page = await ben.Drain();
        Assert.Equal(["open before", "by the handle", "by the alias"], page.Bodies());
        Assert.Equal("alias", page.GetProperty("delivery").Text("cursor_scope"));
        foreach (var row in page.Messages())
        {
            await (await ben.Ack(row)).Json(HttpStatusCode.OK);
        }

        Assert.Empty(await ben.Waiting());
    }

    [Fact]
    public async Task waits_until_there_is_some()
    {
        var (service, ana, ben) = await AnaAndBen();
        var draining = ben.Send(HttpMethod.Get, $"/v/rooms/{ben.RoomID}/responsive-delivery?wait=30");
        await Crash.Until.Holds(() => Task.FromResult(service.Host.Services.GetRequiredService<Notifier>().HasListener(ben.SessionID)));

        await ana.Tell(ben.Address, "for you");

        Assert.Equal(["for you"], (await (await draining).Json(HttpStatusCode.OK)).Bodies());
    }

    [Theory, InlineData("wait=-1"), InlineData("wait=x"), InlineData("generation=g1")]
    public async Task takes_no_other_query(string query)
    {
        var (_, _, ben) = await AnaAndBen();
        await (await ben.Send(HttpMethod.Get, $"/v/rooms/{ben.RoomID}/responsive-delivery?{query}")).IsRefused("malformed_request");
    }

    private async Task<(ParleService Service, TestAgent Ana, TestAgent Ben)> AnaAndBen()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        return (service, room.Agents[0], room.Agents[1]);
    }
}
