using System.Net;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class ParticipantsOfARoom(TestCluster cluster)
{
    [Fact]
    public async Task are_listed_oldest_first_with_every_field()
    {
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(2);
        var third = await service.AnotherSessionOf(room.Agents[0]);
        var gone = await service.AnotherSessionOf(room.Agents[1]);
        await Calls.End(gone);

        var list = await (await room.Owner.Get($"/v/rooms/{room.RoomID}/participants")).Json(HttpStatusCode.OK);

        list.HasExactly("participants");
        var rows = list.GetProperty("participants").EnumerateArray().ToList();
        Assert.Equal([room.Agents[0].ParticipantID, room.Agents[1].ParticipantID, third.ParticipantID],
            rows.Select(row => row.GetProperty("participant_id").GetGuid()));
        Assert.All(rows, row =>
        {
            row.HasExactly("participant_id", "room_id", "principal_id", "agent_session_id", "agent_id", "session_handle", "last_seen_at",
                "expires_at", "address");
            row.IsUuid("participant_id", "room_id", "principal_id", "agent_session_id", "agent_id");
            Assert.Equal(room.RoomID, row.GetProperty("room_id").GetGuid());
            Assert.Matches("^[a-z2-7]{16}$", row.Text("session_handle"));
            Assert.True(row.Timestamp("last_seen_at") < row.Timestamp("expires_at"));
        });
    }

    [Fact]
    public async Task are_listed_for_members_and_for_all_agents_that_take_part()
    {
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(2, "room_manage");
        var path = $"/v/rooms/{room.RoomID}/participants";
        await (await room.People[1].Get(path)).IsRefusedAsNothing();
        await (await room.Agents[1].Send(HttpMethod.Get, path)).Json(HttpStatusCode.OK);
        await service.Admit(room.People[1], room.RoomID);
        await (await room.People[1].Get(path)).Json(HttpStatusCode.OK);

        var narrow = (await service.NewOwnedRoom(1)).Agents[0];
        await (await narrow.Send(HttpMethod.Get, narrow.Participants)).Json(HttpStatusCode.OK);
    }

    [Fact]
    public async Task that_are_sent_out_are_out_for_good()
    {
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(2);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        var cursor = (await ben.Read()).GetProperty("watermark").GetInt64();
        await using var stream = await EventReader.Room(ben, cursor);
        var poll = ben.Send(HttpMethod.Get, $"/v/rooms/{room.RoomID}/projection?since_seq={cursor}&wait=30");

        await (await room.Owner.Post($"/v/rooms/{room.RoomID}/participants/{ben.ParticipantID}/remove"))
            .IsEmptyWith(HttpStatusCode.NoContent);

        Assert.Empty(await stream.ToEnd());
        foreach (var answer in (HttpResponseMessage[])[await poll, await ben.Say("anybody?"),
            await ben.Send(HttpMethod.Get, ben.Projection), await ben.Send(HttpMethod.Post, ben.Participants),
            await ben.Send(HttpMethod.Get, $"/v/rooms/{room.RoomID}")])
        {
            await answer.IsRefused("participant_revoked");
        }

        await (await ana.Say("anybody?", to: ben.Address)).IsRefused("address_not_deliverable");
        await (await room.Owner.Post($"/v/rooms/{room.RoomID}/participants/{ben.ParticipantID}/remove")).IsRefusedAsNothing();
        Assert.Equal(1, await service.Count(room.RoomID, "participant_removed"));

        // Its agent is as welcome as before, and the session is in other rooms.
        await (await ben.Send(HttpMethod.Get, "/v/agent/session-aliases/desk")).Json(HttpStatusCode.OK);
        var again = await service.AnotherSessionOf(ben);
        await (await again.Say("hello")).Json(HttpStatusCode.Created);
    }

    [Fact]
    public async Task are_sent_out_by_whom_the_owner_lets()
    {
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(3);
        var (owner, ben) = (room.Owner, room.People[1]);
        var seat = await service.Admit(ben, room.RoomID);
        var path = $"/v/rooms/{room.RoomID}/participants/{room.Agents[2].ParticipantID}/remove";
        Assert.Equal("missing_right", (await (await ben.Post(path)).IsRefused("forbidden", "reason", "unlock")).Text("reason"));
        await (await owner.Post($"/v/rooms/{room.RoomID}/seats/{seat}/rights", new { right_name = "remove_members" }))
            .Json(HttpStatusCode.Created);
        await (await ben.Post(path)).IsEmptyWith(HttpStatusCode.NoContent);
        foreach (var other in (string[])[$"{Guid.NewGuid()}", "nonsense"])
        {
            await (await owner.Post($"/v/rooms/{room.RoomID}/participants/{other}/remove")).IsRefusedAsNothing();
        }
    }
}
