using Microsoft.Extensions.DependencyInjection;
using Parle.Api.Wakeups;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class ReadingInbound(TestCluster cluster)
{
    [Fact]
    public async Task answers_a_page_like_a_projections()
    {
        var (_, ana, ben, _) = await AnaAndBenTwice();
        var at = await Head(ben);
        await ana.Tell(ben.Address, "for you");

        var (inbound, projection) = (await ben.Inbound(at), await ben.Read(at));

        inbound.HasExactly("messages", "watermark", "generation", "earliest_available_seq", "preamble", "held_backlog", "commit_token");
        var (row, same) = (Assert.Single(inbound.Messages()), Assert.Single(projection.Messages()));
        row.HasExactly([.. same.EnumerateObject().Select(member => member.Name)]); // No reply route here either.
        Assert.Equal((same.Seq(), same.Text("event_id")), (row.Seq(), row.Text("event_id")));
        Assert.Equal((row.Seq(), 0),
            (inbound.GetProperty("watermark").GetInt64(), inbound.GetProperty("held_backlog").GetProperty("held_count").GetInt64()));
    }

    [Fact]
    public async Task leaves_out_what_the_caller_said_and_passes_it()
    {
        var (_, ana, ben, _) = await AnaAndBenTwice();
        var at = await Head(ben);
        await ben.Say("mine");
        await ana.Say("hers");
        await ben.Tell(ana.Address, "mine too");
        await ben.Tell(ben.Address, "a note");

        var page = await ben.Inbound(at);

        Assert.Equal(["hers"], page.Bodies());
        Assert.Equal(at + 2, page.Messages()[0].Seq());
        Assert.Equal(at + 4, page.GetProperty("watermark").GetInt64());
        Assert.Equal(["mine", "hers", "mine too", "a note"], (await ben.Read(at)).Bodies());
    }

    [Fact]
    public async Task leaves_out_what_is_aimed_at_another_session_of_the_agent()
    {
        var (_, ana, ben, other) = await AnaAndBenTwice();
        await other.Claim("night-shift", 0);
        var at = await Head(ben);
        await ana.Tell(other.Address, "for the night shift");
        await ana.Tell(ben.Address, "for you");
        await ana.Say("for all");
        await other.Say("from the other session");

        Assert.Equal(["for you", "for all", "from the other session"], (await ben.Inbound(at)).Bodies());
        Assert.Equal(["for the night shift", "for all"], (await other.Inbound(at)).Bodies());
        // One seat, one view.
        Assert.Equal(["for the night shift", "for you", "for all", "from the other session"], (await ben.Read(at)).Bodies());
        Assert.Equal(await Head(ben), (await ben.Inbound(at)).GetProperty("watermark").GetInt64());
    }

    [Fact]
    public async Task leaves_out_what_another_session_of_the_agent_says_to_others()
    {
        var (_, ana, ben, other) = await AnaAndBenTwice();
        var at = await Head(ben);
        await other.Tell(ana.Address, "from the other session");
        Assert.Empty((await ben.Inbound(at)).Bodies());
        Assert.Equal(["from the other session"], (await ana.Inbound()).Bodies().TakeLast(1));
    }

    [Fact]
    public async Task moves_on_over_nothing_but_what_is_left_out()
    {
        var (_, ana, ben, _) = await AnaAndBenTwice();
        var at = await Head(ben);
        await ben.Say("mine");

        var page = await ben.Inbound(at);

        Assert.Empty(page.Messages());
        Assert.Equal(at + 1, page.GetProperty("watermark").GetInt64());
        Assert.Equal(at + 1, (await ben.Inbound(at + 1)).GetProperty("watermark").GetInt64());
        Assert.Equal(at + 1, (await ben.Inbound(at + 99)).GetProperty("watermark").GetInt64()); // Not beyond the view's end.
        await ana.Say("hers");
        Assert.Equal(["hers"], (await ben.Inbound(page.GetProperty("watermark").GetInt64())).Bodies());
    }

    [Fact]
    public async Task changes_nothing_that_is_read_later()
    {
        var (_, ana, ben, _) = await AnaAndBenTwice();
        var at = await Head(ben);
        await ana.Say("for all");
        await ana.Tell(ben.Address, "for you");

        var first = (await ben.Inbound(at)).Bodies();
        await ben.Inbound();

        Assert.Equal(["for all", "for you"], first);
        Assert.Equal(first, (await ben.Inbound(at)).Bodies());
        Assert.Equal(first, (await ben.Read(at)).Bodies());
        Assert.Equal(["for you"], await ben.Waiting());
    }

    [Fact]
    public async Task waits_past_what_it_leaves_out()
    {
        var (service, ana, ben, other) = await AnaAndBenTwice();
        var at = await Head(ben);
        var reading = ben.Inbound(at, wait: 30);
        await Crash.Until.Holds(() => Task.FromResult(service.Host.Services.GetRequiredService<Notifier>().HasListener(ben.RoomID)));

        await ben.Say("mine");
        await ana.Tell(other.Address, "for the other");
        await ana.Say("at last");

        var page = await reading;
        Assert.Equal(["at last"], page.Bodies());
        Assert.Equal((at + 3, at + 3), (page.Messages()[0].Seq(), page.GetProperty("watermark").GetInt64()));
    }

    [Fact]
    public async Task answers_where_it_stands_when_the_wait_is_over()
    {
        var (_, _, ben, _) = await AnaAndBenTwice();
        var at = await Head(ben);
        await ben.Say("mine");
        var page = await ben.Inbound(at, wait: 1);
        Assert.Empty(page.Messages());
        Assert.Equal(at + 1, page.GetProperty("watermark").GetInt64());
    }

    [Theory, InlineData("since_seq=-1"), InlineData("since_seq=1.5"), InlineData("since_seq=x"), InlineData("wait=-1"),
        InlineData("generation=g1")]
    public async Task takes_no_other_cursor(string query)
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        await (await ana.Send(HttpMethod.Get, $"/v/rooms/{ana.RoomID}/inbound?{query}")).IsRefused("malformed_request");
    }

    private static async Task<long> Head(TestAgent agent) => (await agent.Read()).GetProperty("watermark").GetInt64();

    private async Task<(ParleService Service, TestAgent Ana, TestAgent Ben, TestAgent BensOther)> AnaAndBenTwice()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        return (service, room.Agents[0], room.Agents[1], await service.AnotherSessionOf(room.Agents[1]));
    }
}
