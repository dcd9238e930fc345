using System.Net;
using System.Text.Json;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class PostingADirectMessage(TestCluster cluster)
{
    [Fact]
    public async Task to_a_session_reaches_that_session_of_its_agent()
    {
        var (ana, ben, other) = await AnaAndBenTwice();
        var receipt = await ana.Tell(ben.Address, "for one of you");

        IsRouted(receipt, "session", "ephemeral");
        Assert.Equal(["for one of you"], await ben.Waiting());
        Assert.Empty(await other.Waiting());
    }

    [Fact]
    public async Task to_an_alias_reaches_the_session_that_has_it()
    {
        var (ana, ben, other) = await AnaAndBenTwice();
        await other.Claim("night-shift", 0);

        var receipt = await ana.Tell(other.Address, "for the night shift");

        IsRouted(receipt, "session", "durable");
        Assert.Empty(await ben.Waiting());
        Assert.Equal(["for the night shift"], await other.Waiting());
    }

    [Fact]
    public async Task to_an_alias_that_nobody_has_is_as_durable()
    {
        var (ana, ben, other) = await AnaAndBenTwice();
        await other.Claim("night-shift", 0);
        await other.End();

        IsRouted(await ana.Tell(other.Address, "for the next one"), "session", "durable");

        Assert.Empty(await ben.Waiting());
    }

    [Fact]
    public async Task to_an_agent_reaches_its_only_session()
    {
        var (ana, ben, other) = await AnaAndBenTwice();
        await other.End();

        IsRouted(await ana.Tell(ben.AgentAddress(), "whoever you are"), "agent", "durable");

        Assert.Equal(["whoever you are"], await ben.Waiting());
    }

    [Fact]
    public async Task to_an_agent_reaches_its_only_session_under_an_alias_as_well()
    {
        var (ana, ben, other) = await AnaAndBenTwice();
        await other.End();
        await ben.Claim("night-shift", 0);
        IsRouted(await ana.Tell(ben.AgentAddress(), "whoever you are"), "agent", "durable");
        Assert.Equal(["whoever you are"], await ben.Waiting());
    }

    [Fact]
    public async Task to_several_reaches_each_of_them_once()
    {
        var (ana, ben, other) = await AnaAndBenTwice();
        await other.Claim("night-shift", 0);

        var receipt = await (await ana.Post(
            $$"""{"type":"message_submitted","payload":{"body":"for you all"},"addressing":{"audience":"direct","to":["{{ben.Address}}","{{other.Address}}","{{ben.Address}}","{{ana.Address}}"] } }""",
            "key")).Json(HttpStatusCode.Created);

        Assert.Equal(("direct", "ephemeral", "target"), (receipt.GetProperty("routing").Text("mode"),
            receipt.GetProperty("routing").Text("continuity"), receipt.GetProperty("attention").Text("responsive_scope")));
        Assert.All(await Task.WhenAll(ben.Waiting(), other.Waiting()), waiting => Assert.Equal(["for you all"], waiting));
        Assert.Single((await ben.Read()).Messages(), row => row.Body() is "for you all");
    }

    [Fact]
    public async Task is_seen_by_nobody_else()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission, History.FromAdmission);
        var (ana, ben, cleo) = (room.Agents[0], room.Agents[1], room.Agents[2]);
        await ana.Tell(ben.Address, "between us");

        Assert.Empty((await cleo.Read()).Bodies());
        Assert.Empty((await cleo.Inbound()).Bodies());
        Assert.Empty(await cleo.Waiting());
    }

    [Fact]
    public async Task says_in_its_row_whom_it_was_for()
    {
        var (ana, ben, _) = await AnaAndBenTwice();
        await ana.Tell(ben.Address, "for you");

        var addressing = Assert.Single((await ben.Drain()).Messages()).GetProperty("addressing");

        Assert.Equal(
            ("direct", ben.Address, $"{ben.ParticipantID}", $"{ben.SessionID}"),
            (addressing.Text("kind"), addressing.Text("text"), addressing.Text("target_participant_id"),
                addressing.Text("target_agent_session_id")));
    }

    [Fact]
    public async Task again_with_the_same_key_is_the_same_also_when_its_addressee_is_gone()
    {
        var (ana, ben, _) = await AnaAndBenTwice();
        var first = await (await ana.Say("for you", "key", ben.Address)).Json(HttpStatusCode.Created);
        await ben.End();

        var again = await (await ana.Say("for you", "key", ben.Address)).Json(HttpStatusCode.OK);

        Assert.Equal(
            (first.Text("event_id"), first.Seq(), true), (again.Text("event_id"), again.Seq(), again.GetProperty("replayed").GetBoolean()));
        IsRouted(again, "session", "ephemeral");
        await (await ana.Say("for you", "key", ana.Address)).IsRefused("idempotency_conflict");
    }

    private static void IsRouted(JsonElement receipt, string level, string continuity)
    {
        var (routing, attention) = (receipt.GetProperty("routing"), receipt.GetProperty("attention"));
        Assert.Equal(("direct", level, continuity), (routing.Text("mode"), routing.Text("target_level"), routing.Text("continuity")));
        Assert.Equal(("target", "target"), (attention.Text("inbound_scope"), attention.Text("responsive_scope")));
    }

    private async Task<(TestAgent Ana, TestAgent Ben, TestAgent BensOther)> AnaAndBenTwice()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        return (room.Agents[0], room.Agents[1], await service.AnotherSessionOf(room.Agents[1]));
    }
}
