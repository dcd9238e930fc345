using System.Net;
using Parle.Tests.Asks;
using Parle.Tests.Contract;
using Parle.Tests.Crash;
using Parle.Tests.Service;

namespace Parle.Tests.Laws;

/// An end at one node holds at the other with the next call, and closes open connections there.
public class EndsOnTwoNodes(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    public static TheoryData<string, string> Ends => new()
    {
        { "seat", "room_not_found" },
        { "principal's seat", "room_not_found" },
        { "participant", "participant_revoked" },
        { "agent", "invalid_agent_token" },
        { "room", "" },
    };

    [Theory, MemberData(nameof(Ends))]
    public async Task hold_at_once_at_both(string what, string code)
    {
        var (room, ben, end) = await About(what);
        await (await ben.Say("B remembers the room")).Json(HttpStatusCode.Created);

        await (await end()).IsEmptyWith(HttpStatusCode.NoContent);

        foreach (var answer in (HttpResponseMessage[])[await ben.Say("anybody?"), await ben.Send(HttpMethod.Get, ben.Projection),
            await ben.Send(HttpMethod.Post, ben.Participants)])
        {
            await answer.Refuses(
                code.Length > 0 ? code : answer.StatusCode is HttpStatusCode.NotFound ? "room_not_found" : "invalid_agent_token");
        }

        if (what is not "room")
        {
            await (await nodes.AtB(room.Agents[0]).Say("anybody?", to: ben.Address)).IsRefused("address_not_deliverable");
        }
    }

    [Theory, MemberData(nameof(Ends))]
    public async Task close_what_is_open_at_the_other(string what, string code)
    {
        await nodes.HearEachOther();
        var (_, ben, end) = await About(what);
        var cursor = (await ben.Read()).GetProperty("watermark").GetInt64();
        await using var stream = await EventReader.Room(ben, cursor);
        var poll = ben.Send(HttpMethod.Get, $"{ben.Projection}?since_seq={cursor}&wait=30");

        await (await end()).IsEmptyWith(HttpStatusCode.NoContent);

        Assert.DoesNotContain(await stream.ToEnd(), row => row.Data.Contains("message_submitted", StringComparison.Ordinal));
        Assert.NotEqual(HttpStatusCode.OK, (await poll).StatusCode);
        Assert.NotNull(code);
    }

    [Theory, InlineData("seat"), InlineData("agent")]
    public async Task lapse_a_claim_that_the_other_knows(string what)
    {
        var (room, ben, end) = await About(what);
        var ana = nodes.AtB(room.Agents[0]);
        var ask = await ana.Opens(Asking.Help());
        await ben.Does(ask, "claim");

        await (await end()).IsEmptyWith(HttpStatusCode.NoContent);

        await Until.Holds(async () => await ana.StateOf(ask) == "open");
        Assert.Equal("claimed", await nodes.AtB(room.Agents[2]).Does(ask, "claim"));
    }

    [Fact]
    public async Task leave_a_token_nothing_to_do_elsewhere()
    {
        var room = await nodes.A.NewOwnedRoom(2, "create_room", "claim_invite");
        var ben = nodes.AtB(room.Agents[1]);
        await (await room.Owner.Post($"/v/rooms/{room.RoomID}/seats/{await room.Owner.SeatOf(ben)}/remove"))
            .IsEmptyWith(HttpStatusCode.NoContent);

        await (await ben.Send(HttpMethod.Post, "/v/rooms", """{"kind":"shared"}""")).Refuses("invalid_agent_token");
        await (await ben.Send(HttpMethod.Post, "/v/agent/tokens", "{}")).Refuses("invalid_agent_token");
        await (await ben.Send(HttpMethod.Post, "/v/join", $$"""{"key":"parle_join_{{new string('a', 43)}}"}"""))
            .Refuses("invalid_agent_token");
        await (await ben.TryClaim("desk", 0)).Refuses("invalid_agent_token");
        await (await ben.Send(HttpMethod.Get, $"/v/rooms/{room.RoomID}/projection")).Refuses("room_not_found");
    }

    /// A room where Ben's agent is at node B, and how something of it ends at node A.
    private async Task<(OwnedRoom Room, TestAgent Ben, Func<Task<HttpResponseMessage>> End)> About(string what)
    {
        var room = await nodes.A.NewOwnedRoom(3);
        var (owner, ben) = (room.Owner, room.Agents[1]);
        var path = $"/v/rooms/{room.RoomID}";
        var seat = what is "principal's seat" ? await nodes.A.Admit(room.People[1], room.RoomID) : await owner.SeatOf(ben);
        var agentID = await nodes.A.IDOfAgent(ben);
        return (room, nodes.AtB(ben), what switch
        {
            "participant" => () => owner.Post($"{path}/participants/{ben.ParticipantID}/remove"),
            "agent" => () => room.People[1].Delete($"/v/agents/{agentID}"),
            "room" => () => owner.Delete(path),
            _ => () => owner.Post($"{path}/seats/{seat}/remove"),
        });
    }
}
