using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Parle.Api.Delivery;
using Parle.Api.Wakeups;
using Parle.Domain.Rooms;
using Parle.Tests.Asks;
using Parle.Tests.Crash;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

/// What is for an agent, whichever of its sessions there is.
public class WorkOfASeat(TestCluster cluster)
{
    [Fact]
    public async Task waits_while_no_session_is_there()
    {
        var (ana, ben, _) = await Three();
        var agent = ben.AgentAddress();
        await ben.End();

        var receipt = await ana.Tell(agent, "when you are back");
        Assert.Equal(("agent", "target"),
            (receipt.GetProperty("routing").Text("target_level"), receipt.GetProperty("attention").Text("responsive_scope")));

        await Anew(ben);
        Assert.Equal(["when you are back"], await ben.Waiting());
        Assert.Contains("when you are back", (await ben.Inbound()).Bodies());
        await Anew(ben);
        Assert.Equal(["when you are back"], await ben.Waiting());
        await (await ben.Ack((await ben.Drain()).Messages()[0])).Json(HttpStatusCode.OK);
        await Anew(ben);
        Assert.Empty(await ben.Waiting());
    }

    [Fact]
    public async Task of_two_sessions_is_the_first_one_s_that_takes_it()
    {
        var (ana, ben, _) = await Three();
        var twin = await Twin(ben);
        await ana.Tell(ben.AgentAddress(), "whoever listens");
        var (first, second) = (Assert.Single((await ben.Drain()).Messages()), Assert.Single((await twin.Drain()).Messages()));

        var answers = await Task.WhenAll(ben.Ack(first), twin.Ack(second));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Conflict], answers.Select(answer => answer.StatusCode).Order());
        Assert.Empty(await ben.Waiting());
        Assert.Empty(await twin.Waiting());
    }

    [Fact]
    public async Task leaves_each_session_what_was_sent_to_it_alone()
    {
        var (ana, ben, _) = await Three();
        var twin = await Twin(ben);
        await ana.Tell(ben.Address, "for this run");
        await ben.End();

        Assert.Empty(await twin.Waiting());
        Assert.DoesNotContain("for this run", (await twin.Inbound()).Bodies());
    }

    [Fact]
    public async Task is_of_no_use_to_who_asks_for_an_agent_that_is_not_here()
    {
        var service = await cluster.Service;
        var (ana, _, _) = await Three();
        var elsewhere = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var known = await (await ana.Say("Hello?", to: elsewhere.AgentAddress())).Refuses("address_not_deliverable");
        var unknown = await (await ana.Say("Hello?", to: "@nobody-here.at-all")).Refuses("address_not_deliverable");

        Assert.Equal(unknown.GetRawText(), known.GetRawText());
    }

    [Fact]
    public async Task asked_of_everybody_waits_for_all_who_may_act_and_goes_when_one_takes_it()
    {
        var (ana, ben, cleo) = await Three();
        var ask = await ana.Opens(Asking.Logs());

        foreach (var agent in (TestAgent[])[ben, cleo])
        {
            var entry = Assert.Single((await agent.Drain()).Messages());
            Assert.Equal("ask_opened", entry.Text("event_type"));
            Assert.Equal(["claim_ask"], entry.GetProperty("waits_for").GetProperty("acts").EnumerateArray().Select(act => act.GetString()));
            Assert.Equal(ask, entry.GetProperty("waits_for").GetProperty("ask_id").GetGuid());
        }

        Assert.Empty((await ana.Drain()).Messages());
        await cleo.Does(ask, "claim");
        Assert.Empty((await ben.Drain()).Messages());
        Assert.Empty((await cleo.Drain()).Messages());
        await cleo.Does(ask, "release");
        Assert.Equal("ask_released", Assert.Single((await ben.Drain()).Messages()).Text("event_type"));

        await (await ben.Ack((await ben.Drain()).Messages()[0])).Json(HttpStatusCode.OK);
        Assert.Empty((await ben.Drain()).Messages()); // Not for it: others can take it.
        await cleo.Does(ask, "claim");
    }

    [Fact]
    public async Task asked_of_everybody_wakes_who_waits()
    {
        var service = await cluster.Service;
        var (ana, ben, _) = await Three();
        await ben.Read();
        var draining = ben.Send(HttpMethod.Get, $"/v/rooms/{ben.RoomID}/responsive-delivery?wait=30");
        await Until.Holds(() => Task.FromResult(service.Host.Services.GetRequiredService<Notifier>().HasListener(ben.SessionID)));

        await ana.Opens(Asking.Approval());

        Assert.Equal("ask_opened", Assert.Single((await (await draining).Json(HttpStatusCode.OK)).Messages()).Text("event_type"));
    }

    [Fact]
    public async Task says_where_to_read_what_nobody_has_to_respond_to()
    {
        var service = await cluster.Service;
        var (ana, ben, _) = await Three();
        var read = await ben.Read();
        Assert.False((await ben.Drain()).TryGetProperty("unread", out _));
        var draining = ben.Send(HttpMethod.Get, $"/v/rooms/{ben.RoomID}/responsive-delivery?wait=30");
        await Until.Holds(() => Task.FromResult(service.Host.Services.GetRequiredService<Notifier>().HasListener(ben.SessionID)));

        await ana.Say("for all");

        var page = await (await draining).Json(HttpStatusCode.OK);
        Assert.Empty(page.Messages());
        var unread = page.GetProperty("unread");
        Assert.Equal(("read_projection", read.GetProperty("watermark").GetInt64()),
            (unread.Text("action"), unread.GetProperty("since_seq").GetInt64()));
        Assert.Equal(["for all"], (await ben.Read(unread.GetProperty("since_seq").GetInt64())).Bodies());
    }

    [Fact]
    public async Task of_an_ended_session_goes_to_the_next_one_once()
    {
        var (ana, ben, _) = await Three();
        var ask = await ana.Opens(Asking.Help().To(ben));
        var twin = await Twin(ben);
        Assert.Empty((await twin.Drain()).Messages()); // It was asked of another session, which lives.

        await ben.End();
        await (await twin.Ack(Assert.Single((await twin.Drain()).Messages()))).Json(HttpStatusCode.OK);
        Assert.Empty((await twin.Drain()).Messages());

        await twin.Does(ask, "claim");
        await twin.End();
        await Anew(ben);
        Assert.Equal("ask_claimed", Assert.Single((await ben.Drain()).Messages()).Text("event_type"));
        await ben.Does(ask, "answer", new { answer = new { text = "So." } });
        Assert.Empty((await ben.Drain()).Messages());

        await ana.End();
        await Anew(ana);
        var answered = Assert.Single((await ana.Drain()).Messages());
        Assert.Equal(["accept_answer", "contest_answer"],
            answered.GetProperty("waits_for").GetProperty("acts").EnumerateArray().Select(act => act.GetString()));
        await ana.Does(ask, "accept");
        Assert.Empty((await ana.Drain()).Messages());
        Assert.Equal("ask_accepted", Assert.Single((await ben.Drain()).Messages()).Text("event_type"));
    }

    [Fact]
    public async Task taken_over_from_another_session_takes_no_message_of_that_one_along()
    {
        var (ana, ben, _) = await Three();
        await ben.Claim("tests", 0);
        await ana.Tell(ben.Address, "for whoever has the name");
        await ana.Opens(Asking.Help().To(ben));
        var twin = await Twin(ben);
        var agent = ben.AgentAddress("tests");
        await ben.End();

        await (await twin.Ack(Assert.Single((await twin.Drain()).Messages()))).Json(HttpStatusCode.OK);
        Assert.Empty((await twin.Drain()).Messages());
        var next = await Twin(ben);
        await next.Claim("tests", 1);

        Assert.Equal(agent, next.Address);
        Assert.Equal(["for whoever has the name"], await next.Waiting());
    }

    [Fact]
    public async Task claimed_and_left_behind_is_not_lost_by_what_was_acknowledged_after()
    {
        var (ana, ben, _) = await Three();
        var ask = await ana.Opens(Asking.Logs());
        await ben.Does(ask, "claim");
        await ana.Tell(ben.Address, "how far are you?");
        await (await ben.Ack(Assert.Single((await ben.Drain()).Messages()))).Json(HttpStatusCode.OK);
        await ben.End();

        Assert.Equal("ask_claimed", Assert.Single((await (await Twin(ben)).Drain()).Messages()).Text("event_type"));
    }

    [Fact]
    public async Task asked_of_two_sessions_is_for_both()
    {
        var (ana, ben, _) = await Three();
        var twin = await Twin(ben);
        await ana.Opens(Asking.Help().To(ben, twin));

        Assert.Single((await ben.Drain()).Messages());
        Assert.Single((await twin.Drain()).Messages());
    }

    private async Task<(TestAgent Ana, TestAgent Ben, TestAgent Cleo)> Three()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission, History.FromAdmission);
        return (room.Agents[0], room.Agents[1], room.Agents[2]);
    }

    internal static async Task Anew(TestAgent agent)
    {
        await agent.StartSession();
        await agent.Enter();
    }

    internal static async Task<TestAgent> Twin(TestAgent agent)
    {
        var twin = agent.Again();
        await Anew(twin);
        return twin;
    }
}

public sealed class WorkOfASilentSession(TestCluster cluster) : IAsyncLifetime
{
    private readonly ServiceWithItsOwnClock own = new(cluster);

    public ValueTask InitializeAsync() => own.InitializeAsync();

    public ValueTask DisposeAsync() => own.DisposeAsync();

    [Fact]
    public async Task goes_to_another_one_after_a_while()
    {
        var room = await own.Service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        await ana.Opens(Asking.Help().To(ben));
        own.Pass(Inbox.SilentAfter / 2);
        var twin = await WorkOfASeat.Twin(ben);
        Assert.Empty((await twin.Drain()).Messages());

        own.Pass(Inbox.SilentAfter / 2 + TimeSpan.FromMinutes(1));
        Assert.Single((await twin.Drain()).Messages());

        await ben.Drain(); // It lives after all.
        await Until.Holds(async () => (await twin.Drain()).Messages().Count == 0);
    }
}
