using System.Net;
using Parle.Tests.Asks;
using Parle.Tests.Crash;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class AnArchivedRoom(TestCluster cluster)
{
    [Fact]
    public async Task lets_nobody_in_and_keeps_its_history()
    {
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(2);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        await service.Admit(room.People[1], room.RoomID);
        await (await ana.Say("for the record")).Json(HttpStatusCode.Created);
        var cursor = (await ben.Read()).GetProperty("watermark").GetInt64();
        await using var stream = await EventReader.Room(ben, cursor);
        var poll = ben.Send(HttpMethod.Get, $"/v/rooms/{room.RoomID}/projection?since_seq={cursor}&wait=30");
        var before = await service.RecordOf(room.RoomID);

        await (await room.Owner.Delete($"/v/rooms/{room.RoomID}")).IsEmptyWith(HttpStatusCode.NoContent);

        Assert.Empty(await stream.ToEnd());
        Assert.Contains((await poll).StatusCode, (HttpStatusCode[])[HttpStatusCode.NotFound, HttpStatusCode.Unauthorized]);
        foreach (var agent in room.Agents)
        {
            await Until.Holds(async () => await service.Scalar<long>(
                "select count(*) from parle.agent_tokens where room_id = $1 and revoked_at is null", room.RoomID) == 0);
            await (await agent.Say("anybody?")).Refuses("invalid_agent_token");
        }

        foreach (var person in room.People)
        {
            Assert.Empty((await (await person.Get("/v/rooms")).Json(HttpStatusCode.OK)).GetProperty("rooms").EnumerateArray());
            await (await person.Get($"/v/rooms/{room.RoomID}")).IsRefusedAsNothing();
            await (await person.Get($"/v/rooms/{room.RoomID}/affordances")).IsRefusedAsNothing();
            await (await person.Post($"/v/rooms/{room.RoomID}/seats", new { agent_id = Guid.NewGuid() })).IsRefusedAsNothing();
            await (await person.Delete($"/v/rooms/{room.RoomID}")).IsRefusedAsNothing();
        }

        Assert.Equal((1, 2, 2), (
            await service.Count(room.RoomID, "room_archived"), await service.Count(room.RoomID, "participant_left"),
            await service.Scalar<long>("select count(*) from parle.mt_events where type = 'agent_token_revoked' and stream_id in (select "
                + "token_id from parle.agent_tokens where room_id = $1)", room.RoomID)));
        Assert.True((await service.RecordOf(room.RoomID)).Facts > before.Facts);
        Assert.Equal("""{"body": "for the record"}""".Replace(" ", "", StringComparison.Ordinal),
            (await service.Scalar<string>("select body from parle.contents where room_id = $1", room.RoomID))
                .Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task is_archived_by_its_owner_alone()
    {
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(2, "room_manage");
        var ben = room.People[1];
        await (await ben.Delete($"/v/rooms/{room.RoomID}")).IsRefusedAsNothing();
        await service.Admit(ben, room.RoomID);
        Assert.Equal(
            "not_owner", (await (await ben.Delete($"/v/rooms/{room.RoomID}")).IsRefused("forbidden", "reason", "unlock")).Text("reason"));
        await (await room.Agents[0].Send(HttpMethod.Delete, $"/v/rooms/{room.RoomID}")).Refuses("unauthenticated");
        await room.Agents[0].Read();
    }

    /// Law 3.
    [Fact]
    public async Task is_archived_once_for_one_key()
    {
        var service = await cluster.Service;
        var ana = await service.NewPerson();
        var roomID = await ana.Opens();
        foreach (var _ in (int[])[1, 2])
        {
            await (await ana.Delete($"/v/rooms/{roomID}", "key")).IsEmptyWith(HttpStatusCode.NoContent);
        }

        Assert.Equal(1, await service.Count(roomID, "room_archived"));
        await (await ana.Delete($"/v/rooms/{roomID}")).IsRefusedAsNothing();
    }

    [Fact]
    public async Task keeps_its_asks_as_they_were()
    {
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(2);
        var ask = await room.Agents[0].Opens(Asking.Help());
        await room.Agents[1].Does(ask, "claim", new { lease_seconds = 1 });
        await (await room.Owner.Delete($"/v/rooms/{room.RoomID}")).IsEmptyWith(HttpStatusCode.NoContent);
        Assert.Equal(0, await service.Count(room.RoomID, "ask_claim_lapsed"));
    }
}
