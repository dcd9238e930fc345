using System.Net;
using Parle.Tests.Asks;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class SeatsOfARoom(TestCluster cluster)
{
    [Fact]
    public async Task are_given_to_ones_own_agents()
    {
        var service = await cluster.Service;
        var ana = await service.NewPerson();
        var (roomID, agentID) = (await ana.Opens("private", "diary"), await ana.Creates());

        var seated = await (await ana.Post($"/v/rooms/{roomID}/seats", new { agent_id = agentID })).Json(HttpStatusCode.Created);

        seated.HasExactly("seat_id", "agent_id", "admitted_at");
        seated.IsUuid("seat_id");
        seated.Timestamp("admitted_at");
        Assert.Equal(agentID, seated.GetProperty("agent_id").GetGuid());
        Assert.Equal(seated.GetProperty("seat_id").GetGuid(), (await ana.AgentSeats(roomID)).Single().Value);
        await (await ana.Post($"/v/rooms/{roomID}/seats", new { agent_id = agentID })).IsRefused("already_member");
    }

    [Fact]
    public async Task are_given_by_a_member_to_its_own_agents()
    {
        var service = await cluster.Service;
        var (ana, ben) = (await service.NewPerson(), await service.NewPerson());
        var (roomID, agentID) = (await ana.Opens(), await ben.Creates());
        await (await ben.Post($"/v/rooms/{roomID}/seats", new { agent_id = agentID })).IsRefusedAsNothing();
        await service.Admit(ben, roomID);
        await ben.Seats(roomID, agentID);
    }

    /// Unknown, somebody else's and deleted: one answer, byte for byte.
    [Fact]
    public async Task are_not_given_to_others()
    {
        var service = await cluster.Service;
        var (ana, ben) = (await service.NewPerson(), await service.NewPerson());
        var (roomID, foreign, deleted) = (await ana.Opens(), await ben.Creates(), await ana.Creates());
        await (await ana.Delete($"/v/agents/{deleted}")).IsEmptyWith(HttpStatusCode.NoContent);

        var answers = new List<(HttpStatusCode, string)>();
        foreach (var agent in (Guid[])[foreign, deleted, Guid.NewGuid()])
        {
            var answer = await ana.Post($"/v/rooms/{roomID}/seats", new { agent_id = agent });
            await answer.IsRefused("validation_failed");
            answers.Add(await answer.Bytes());
        }

        answers.Add(await (await ana.Post($"/v/rooms/{roomID}/seats", "{}")).Bytes());
        Assert.Single(answers.Distinct());
    }

    /// Law 3.
    [Fact]
    public async Task are_given_once_for_one_key()
    {
        var service = await cluster.Service;
        var ana = await service.NewPerson();
        var (roomID, agentID, other) = (await ana.Opens(), await ana.Creates("builder"), await ana.Creates("tester"));
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => ana.Post($"/v/rooms/{roomID}/seats", new { agent_id = agentID }, "one-key")));
        Assert.Single((await Task.WhenAll(answers.Select(answer => answer.Bytes()))).Distinct());
        Assert.Equal(HttpStatusCode.Created, answers[0].StatusCode);
        Assert.Equal(2, await service.Count(roomID, "seat_admitted"));
        await (await ana.Post($"/v/rooms/{roomID}/seats", new { agent_id = other }, "one-key")).IsRefused("idempotency_conflict");
    }

    [Fact]
    public async Task have_a_bound()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase(), ("Parle:Limits:SeatsPerRoom", "2"));
        var ana = await service.NewPerson();
        var (roomID, builder, tester) = (await ana.Opens(), await ana.Creates("builder"), await ana.Creates("tester"));
        var seat = await ana.Seats(roomID, builder);

        var error = await (await ana.Post($"/v/rooms/{roomID}/seats", new { agent_id = tester }))
            .IsRefused("resource_limit_exceeded", "cap", "used", "limit", "recovery");
        Assert.Equal(
            ("room_seats", 2, 2), (error.Text("cap"), error.GetProperty("used").GetInt32(), error.GetProperty("limit").GetInt32()));

        await (await ana.Post($"/v/rooms/{roomID}/seats/{seat}/remove")).IsEmptyWith(HttpStatusCode.NoContent);
        await ana.Seats(roomID, tester);
    }

    [Fact]
    public async Task are_taken_away_at_once()
    {
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(2);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        var ask = await ana.Opens(Asking.Help());
        await ben.Does(ask, "claim");
        var own = await ben.Opens(Asking.Help("And this?"));
        var cursor = (await ben.Read()).GetProperty("watermark").GetInt64();
        await using var stream = await EventReader.Room(ben, cursor);
        var poll = ben.Send(HttpMethod.Get, $"/v/rooms/{room.RoomID}/projection?since_seq={cursor}&wait=30");
        var inbound = ben.Send(HttpMethod.Get, $"/v/rooms/{room.RoomID}/inbound?since_seq={cursor}&wait=30");
        var work = ben.Send(HttpMethod.Get, $"/v/rooms/{room.RoomID}/responsive-delivery?wait=30");

        await (await room.Owner.Post($"/v/rooms/{room.RoomID}/seats/{await room.Owner.SeatOf(ben)}/remove"))
            .IsEmptyWith(HttpStatusCode.NoContent);

        Assert.Empty(await stream.ToEnd());
        foreach (var answer in (HttpResponseMessage[])[await poll, await inbound, await work, await ben.Say("anybody?"),
            await ben.Send(HttpMethod.Post, ben.Participants)])
        {
            await answer.IsRefused("room_not_found");
        }

        await (await ana.Say("anybody?", to: ben.Address)).IsRefused("address_not_deliverable");
        Assert.Equal(("open", "withdrawn"), (await ana.StateOf(ask), await ana.StateOf(own)));
        Assert.Equal(["ask_opened", "ask_claimed", "ask_claim_lapsed"], await ana.HistoryOf(ask));
        var row = (await ana.Read()).Messages().Single(one => one.Text("event_type") == "seat_removed");
        Assert.Equal(($"{ben.AgentAddress()} was removed from the room.", row.Body()), (row.Text("content"), row.Text("content")));
        Assert.Contains("Who claimed this ask has no seat here any more: others can take it.", (await ana.Read()).Bodies());
    }

    [Fact]
    public async Task begin_anew_for_who_is_admitted_again()
    {
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(2);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        await service.Admit(room.People[1], room.RoomID);
        await ana.Tell(ben.Address, "for the old seat");
        var agentID = await service.IDOfAgent(ben);
        await (await room.Owner.Post($"/v/rooms/{room.RoomID}/seats/{await room.Owner.SeatOf(ben)}/remove"))
            .IsEmptyWith(HttpStatusCode.NoContent);
        await room.People[1].Seats(room.RoomID, agentID);

        // The old token ended with the old seat; a new one opens the new seat, whose view begins at its first row.
        await (await ben.Send(HttpMethod.Post, ben.Participants)).IsRefused("room_not_found");
        var again = await service.WithNewToken(room, 1);
        await again.StartSession(); // The old session ended with the token that had started it.
        await again.Enter();
        await (await ana.Say("welcome")).Json(HttpStatusCode.Created);
        var rows = (await again.Read()).Messages();
        Assert.Equal([1L], rows.Select(row => row.Seq()));
        Assert.Equal(["welcome"], rows.Select(row => row.Body()));
        Assert.Empty(await again.Waiting());
    }

    [Fact]
    public async Task of_a_principal_take_those_of_its_agents_along()
    {
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(2);
        var (owner, ben) = (room.Owner, room.People[1]);
        var seat = await service.Admit(ben, room.RoomID);

        await (await owner.Post($"/v/rooms/{room.RoomID}/seats/{seat}/remove")).IsEmptyWith(HttpStatusCode.NoContent);

        Assert.Equal(2, await service.Count(room.RoomID, "seat_removed"));
        await (await room.Agents[1].Say("anybody?")).IsRefused("room_not_found");
        await (await ben.Get($"/v/rooms/{room.RoomID}")).IsRefusedAsNothing();
        Assert.Empty((await (await ben.Get("/v/rooms")).Json(HttpStatusCode.OK)).GetProperty("rooms").EnumerateArray());
    }

    [Fact]
    public async Task that_are_ones_own_or_the_owners_are_not_taken_away()
    {
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(2);
        var (owner, ben) = (room.Owner, room.People[1]);
        var seat = await service.Admit(ben, room.RoomID);
        await (await owner.Post($"/v/rooms/{room.RoomID}/seats/{seat}/rights", new { bundle = "admin" })).Json(HttpStatusCode.Created);
        var owners = (await owner.Details(room.RoomID)).GetProperty("caller").Text("seat_id");

        await (await ben.Post($"/v/rooms/{room.RoomID}/seats/{seat}/remove")).IsRefused("validation_failed");
        await (await ben.Post($"/v/rooms/{room.RoomID}/seats/{owners}/remove")).IsRefused("validation_failed");
        await (await owner.Post($"/v/rooms/{room.RoomID}/seats/{owners}/remove")).IsRefused("validation_failed");
        foreach (var other in (string[])[$"{Guid.NewGuid()}", "nonsense"])
        {
            await (await owner.Post($"/v/rooms/{room.RoomID}/seats/{other}/remove")).IsRefusedAsNothing();
        }
    }

    [Fact]
    public async Task are_managed_by_whom_the_owner_lets()
    {
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(3);
        var (owner, ben) = (room.Owner, room.People[1]);
        var seat = await service.Admit(ben, room.RoomID);
        var cleos = await owner.SeatOf(room.Agents[2]);
        var path = $"/v/rooms/{room.RoomID}/seats/{cleos}/remove";

        var error = await (await ben.Post(path)).IsRefused("forbidden", "reason", "unlock");
        Assert.Equal("missing_right", error.Text("reason"));
        Assert.Contains("remove_members", error.Text("unlock"), StringComparison.Ordinal);
        await (await owner.Post($"/v/rooms/{room.RoomID}/seats/{seat}/rights", new { right_name = "remove_members" }))
            .Json(HttpStatusCode.Created);
        await (await ben.Post(path)).IsEmptyWith(HttpStatusCode.NoContent);
        await (await ben.Post(path)).IsRefusedAsNothing();
    }

    [Fact]
    public async Task are_managed_by_an_agent_that_may()
    {
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(3, "room_manage");
        var cleos = await room.Owner.SeatOf(room.Agents[2]);
        var error = await (await room.Agents[1].Send(HttpMethod.Post, $"/v/rooms/{room.RoomID}/seats/{cleos}/remove"))
            .IsRefused("forbidden", "reason", "unlock");
        Assert.Equal("missing_right", error.Text("reason"));
        await (await room.Agents[0].Send(HttpMethod.Post, $"/v/rooms/{room.RoomID}/seats/{cleos}/remove"))
            .IsEmptyWith(HttpStatusCode.NoContent);
        var another = await room.Owner.Creates("tester");
        await (await room.Agents[0].Send(HttpMethod.Post, $"/v/rooms/{room.RoomID}/seats", $$"""{"agent_id":"{{another}}"}"""))
            .Json(HttpStatusCode.Created);
    }

    [Fact]
    public async Task are_not_managed_by_an_agent_without_the_scope()
    {
        var room = await (await cluster.Service).NewOwnedRoom(2);
        var seat = await room.Owner.SeatOf(room.Agents[1]);
        Assert.Equal("missing_scope", (await (await room.Agents[0].Send(HttpMethod.Post, $"/v/rooms/{room.RoomID}/seats/{seat}/remove"))
            .IsRefused("forbidden", "reason", "unlock")).Text("reason"));
    }

    [Fact]
    public async Task may_do_more_when_the_owner_says_so()
    {
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(2);
        var (owner, seat) = (room.Owner, await room.Owner.SeatOf(room.Agents[1]));
        var path = $"/v/rooms/{room.RoomID}/seats/{seat}/rights";

        var first = await (await owner.Post(path, new { right_name = "invite_members" })).Json(HttpStatusCode.Created);
        Assert.Equal("""{"granted":["invite_members"],"already_held":[],"rights":["invite_members"]}""", first.GetRawText());
        var again = await (await owner.Post(path, new { right_name = "invite_members" })).Json(HttpStatusCode.OK);
        Assert.Equal("""{"granted":[],"already_held":["invite_members"],"rights":["invite_members"]}""", again.GetRawText());
        var all = await (await owner.Post(path, new { bundle = "admin" }, "key")).Json(HttpStatusCode.OK);
        Assert.Equal(
            """{"granted":["remove_members","revoke_invites"],"already_held":["invite_members"],"rights":["invite_members","remove_members","revoke_invites"]}""",
            all.GetRawText());
        Assert.Equal(
            all.GetRawText(), (await (await owner.Post(path, new { bundle = "admin" }, "key")).Json(HttpStatusCode.OK)).GetRawText());

        foreach (var wrong in (string[])["{}", """{"right_name":"invite_members","bundle":"admin"}""", """{"right_name":"archive_room"}""",
            """{"right_name":"fly"}""", """{"bundle":"all"}"""])
        {
            await (await owner.Post(path, wrong)).IsRefused("validation_failed");
        }

        foreach (var _ in (int[])[1, 2])
        {
            await (await owner.Delete($"{path}/invite_members")).IsEmptyWith(HttpStatusCode.NoContent);
        }

        await (await owner.Delete($"{path}/fly")).IsRefused("validation_failed");
        Assert.Equal(["remove_members", "revoke_invites"], Assert.Single(
            await service.Rows("select rights from parle.seats where seat_id = $1", row => row.GetFieldValue<string[]>(0), seat)));
        Assert.Equal((3, 1), (await service.Count(room.RoomID, "right_granted"), await service.Count(room.RoomID, "right_revoked")));
    }

    [Fact]
    public async Task get_rights_from_the_owner_alone()
    {
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(3);
        var ben = room.People[1];
        var (seat, cleos) = (await service.Admit(ben, room.RoomID), await room.Owner.SeatOf(room.Agents[2]));
        await (await room.Owner.Post($"/v/rooms/{room.RoomID}/seats/{seat}/rights", new { bundle = "admin" })).Json(HttpStatusCode.Created);
        var path = $"/v/rooms/{room.RoomID}/seats/{cleos}/rights";
        Assert.Equal("not_owner", (await (await ben.Post(path, new { right_name = "invite_members" }))
            .IsRefused("forbidden", "reason", "unlock")).Text("reason"));
        Assert.Equal(
            "not_owner", (await (await ben.Delete($"{path}/invite_members")).IsRefused("forbidden", "reason", "unlock")).Text("reason"));
        foreach (var other in (string[])[$"{Guid.NewGuid()}", "nonsense"])
        {
            await (await room.Owner.Post($"/v/rooms/{room.RoomID}/seats/{other}/rights", new { right_name = "invite_members" }))
                .IsRefusedAsNothing();
            await (await room.Owner.Delete($"/v/rooms/{room.RoomID}/seats/{other}/rights/invite_members")).IsRefusedAsNothing();
        }
    }
}
