using System.Net;
using System.Text;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class DetailsOfARoom(TestCluster cluster)
{
    [Theory, InlineData(RoomKind.Private), InlineData(RoomKind.Shared)]
    public async Task name_its_seats_and_the_callers_own(RoomKind kind)
    {
        var room = await (await cluster.Service).NewOwnedRoom(1, kind);
        var details = await room.Owner.Details(room.RoomID);

        details.HasExactly(
            "room_id", "kind", "created_at", "archived", "version", "owner", "caller", "roster", "moderation", "retention", "invitations");
        Assert.Equal((room.RoomID, kind is RoomKind.Private ? "private" : "shared", false),
            (details.GetProperty("room_id").GetGuid(), details.Text("kind"), details.GetProperty("archived").GetBoolean()));
        details.Timestamp("created_at");
        details.GetProperty("version").HasExactly("generation", "watermark");
        Assert.Equal(("g0", 2),
            (details.GetProperty("version").Text("generation"), details.GetProperty("version").GetProperty("watermark").GetInt64()));
        details.GetProperty("owner").HasExactly("principal_id", "handle", "display_name", "safety_facts");
        Assert.Equal(room.Owner.Handle, details.GetProperty("owner").Text("handle"));

        var caller = details.GetProperty("caller");
        caller.HasExactly("seat_id", "seat_type", "is_owner", "rights", "seat_class");
        Assert.Equal(("principal", true, "owner"),
            (caller.Text("seat_type"), caller.GetProperty("is_owner").GetBoolean(), caller.Text("seat_class")));
        Assert.Equal(["invite_members", "revoke_invites", "remove_members"],
            caller.GetProperty("rights").EnumerateArray().Select(right => right.GetString()));

        var roster = details.GetProperty("roster");
        roster.HasExactly("principal_seats", "agent_seats");
        var own = Assert.Single(roster.GetProperty("principal_seats").EnumerateArray());
        own.HasExactly("seat_id", "principal_id", "handle", "display_name", "admitted_at", "safety_facts", "address");
        Assert.Equal($"@{room.Owner.Handle}", own.Text("address"));
        Assert.Equal(caller.Text("seat_id"), own.Text("seat_id"));
        var agent = Assert.Single(roster.GetProperty("agent_seats").EnumerateArray());
        agent.HasExactly("seat_id", "agent_id", "display_name", "agent_handle", "controller", "admitted_at", "safety_facts", "address",
            "live_sessions", "last_seen_at");
        agent.IsUuid("seat_id", "agent_id");
        agent.GetProperty("controller").HasExactly("principal_id", "handle", "display_name", "safety_facts");
        Assert.Equal(("helper", room.Owner.Handle), (agent.Text("agent_handle"), agent.GetProperty("controller").Text("handle")));

        Assert.Equal($"@{room.Owner.Handle}.helper", agent.Text("address"));
        details.GetProperty("moderation").HasExactly("scanned", "policy_version");
        details.GetProperty("retention").HasExactly("posture", "direct_rows");
        details.GetProperty("invitations").HasExactly("supported");
    }

    [Fact]
    public async Task say_what_to_know_before_trusting_the_looks_of_a_name()
    {
        var service = await cluster.Service;
        var (ana, host) = ($"p{Guid.NewGuid():N}"[..16], await service.NewPerson());
        // A Cyrillic capital, and a fullwidth one.
        await service.Provision(new([new(ana, DisplayName: "\u0410nna")], [new(ana, "helper", DisplayName: "\uFF21na")]));
        var roomID = await host.Opens();
        await service.Admit([ana], roomID);
        var roster = (await host.Details(roomID)).GetProperty("roster");
        var agent = roster.GetProperty("agent_seats")[0];
        Assert.All((System.Text.Json.JsonElement[])[agent, agent.GetProperty("controller")],
            shown => Assert.True(shown.GetProperty("safety_facts").GetProperty("has_confusable").GetBoolean()));
        Assert.All(
            (System.Text.Json.JsonElement[])[roster.GetProperty("principal_seats")[0], (await host.Details(roomID)).GetProperty("owner")],
            shown => Assert.False(shown.GetProperty("safety_facts").GetProperty("has_confusable").GetBoolean()));
    }

    [Fact]
    public async Task hold_nothing_of_what_was_said()
    {
        var room = await (await cluster.Service).NewOwnedRoom(1);
        await room.Agents[0].Say("open sesame");
        Assert.DoesNotContain("sesame", (await room.Owner.Details(room.RoomID)).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task are_for_agents_that_entered()
    {
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(2);
        var ben = room.Agents[1];
        var details = await (await ben.Send(HttpMethod.Get, $"/v/rooms/{room.RoomID}")).Json(HttpStatusCode.OK);

        var caller = details.GetProperty("caller");
        Assert.Equal(("agent", false, "ordinary", 0), (caller.Text("seat_type"), caller.GetProperty("is_owner").GetBoolean(),
            caller.Text("seat_class"), caller.GetProperty("rights").GetArrayLength()));
        Assert.Equal(
            (await ben.Read()).GetProperty("watermark").GetInt64(), details.GetProperty("version").GetProperty("watermark").GetInt64());
        await (await (await service.SessionOutsideOf(ben)).Send(HttpMethod.Get, $"/v/rooms/{room.RoomID}")).IsRefused("room_not_found");
    }

    /// Law 2.
    [Fact]
    public async Task do_not_tell_that_others_whisper()
    {
        var room = await (await cluster.Service).NewOwnedRoom(3);
        var path = $"/v/rooms/{room.RoomID}";
        var before = await (await room.Agents[2].Send(HttpMethod.Get, path)).Bytes();
        await room.Agents[0].Tell(room.Agents[1].Address, "not for you");
        Assert.Equal(before, await (await room.Agents[2].Send(HttpMethod.Get, path)).Bytes());
    }

    [Fact]
    public async Task say_who_may_manage_it()
    {
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(2);
        var (ana, ben) = (room.Owner, room.People[1]);
        var seat = await service.Admit(ben, room.RoomID);
        await (await ana.Post($"/v/rooms/{room.RoomID}/seats/{seat}/rights", new { right_name = "invite_members" }))
            .Json(HttpStatusCode.Created);
        var caller = (await ben.Details(room.RoomID)).GetProperty("caller");
        Assert.Equal(("ordinary", """["invite_members"]"""), (caller.Text("seat_class"), caller.GetProperty("rights").GetRawText()));

        await (await ana.Post($"/v/rooms/{room.RoomID}/seats/{seat}/rights", new { bundle = "admin" })).Json(HttpStatusCode.OK);
        Assert.Equal("admin", (await ben.Details(room.RoomID)).GetProperty("caller").Text("seat_class"));
    }

    [Fact]
    public async Task stay_small_enough_for_a_client_and_name_its_own_seats_first()
    {
        var service = await cluster.Service;
        var ana = await service.NewPerson();
        var roomID = await ana.Opens();
        var handles = Enumerable.Range(0, 300).Select(_ => $"q{Guid.NewGuid():N}"[..20]).ToList();
        await service.Provision(new([.. handles.Select(handle => new Api.Provisioning.ProvisionPrincipal(handle, new string('é', 100)))],
            [.. handles.Select(handle => new Api.Provisioning.ProvisionAgent(handle, "helper"))]));
        await service.Admit(handles, roomID);
        var own = await ana.Creates();
        var seat = await ana.Seats(roomID, own);

        var answer = await ana.Get($"/v/rooms/{roomID}");
        var text = await answer.Content.ReadAsStringAsync();
        var roster = System.Text.Json.JsonElement.Parse(text).GetProperty("roster");

        Assert.InRange(Encoding.UTF8.GetByteCount(text), 1, 64 * 1024);
        Assert.Contains(seat, roster.GetProperty("agent_seats").EnumerateArray().Select(row => row.GetProperty("seat_id").GetGuid()));
        Assert.Equal(302, roster.GetProperty("agent_seats").GetArrayLength() + roster.GetProperty("principal_seats").GetArrayLength()
            + roster.GetProperty("omitted").GetInt32());
    }
}
