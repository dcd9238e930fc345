using System.Net;
using System.Text.Json;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class AliasesOfAPersonsAgent(TestCluster cluster)
{
    [Fact]
    public async Task take_messages_or_not_as_the_person_says()
    {
        var (_, room, agentID, path) = await NightShift();
        var (ana, ben, person) = (room.Agents[0], room.Agents[1], room.People[1]);
        var inRoom = $"/v/rooms/{room.RoomID}{path["/v".Length..]}";
        Assert.Equal("""{"alias":"night-shift","alias_generation":1,"offline_delivery":true}""",
            (await (await person.Get($"{path}/offline-delivery")).Json(HttpStatusCode.OK)).GetRawText());
        await ben.End();

        Assert.True(await Set(person, path, false));
        await (await ana.Say("anybody?", to: ben.Address)).IsRefused("address_not_deliverable");
        Assert.False(await Set(person, path, false));
        Assert.True(await Set(person, path, true));
        await (await ana.Say("later", to: ben.Address)).Json(HttpStatusCode.Created);

        Assert.True(await Set(person, inRoom, false));
        await (await ana.Say("anybody?", to: ben.Address)).IsRefused("address_not_deliverable");
        var setting = await (await person.Get($"{inRoom}/offline-delivery")).Json(HttpStatusCode.OK);
        setting.HasExactly(
            "alias", "alias_generation", "offline_delivery", "room_id", "room_offline_delivery", "effective_offline_delivery");
        Assert.Equal((true, false, false), (
            setting.GetProperty("offline_delivery").GetBoolean(), setting.GetProperty("room_offline_delivery").GetBoolean(),
            setting.GetProperty("effective_offline_delivery").GetBoolean()));

        await Set(person, path, false);
        var restored = await (await person.Post($"{path}/offline-delivery/restore-everywhere")).Json(HttpStatusCode.OK);
        Assert.Equal((true, true), (restored.GetProperty("offline_delivery").GetBoolean(), restored.GetProperty("changed").GetBoolean()));
        await (await ana.Say("later still", to: ben.Address)).Json(HttpStatusCode.Created);
        Assert.NotEqual(Guid.Empty, agentID);
    }

    [Fact]
    public async Task are_released_and_leave_their_session_where_it_is()
    {
        var (service, room, _, path) = await NightShift();
        var (ana, ben, person) = (room.Agents[0], room.Agents[1], room.People[1]);
        var preview = await (await person.Post($"{path}/release/preview")).Json(HttpStatusCode.OK);
        preview.HasExactly("alias", "alias_generation", "terminal", "effects");
        Assert.Equal(("night-shift", 1, true),
            (preview.Text("alias"), preview.GetProperty("alias_generation").GetInt64(), preview.GetProperty("terminal").GetBoolean()));
        Assert.NotEmpty(preview.GetProperty("effects").EnumerateArray());

        foreach (var _ in (int[])[1, 2])
        {
            Assert.Equal("""{"alias":"night-shift","released_alias_generation":1,"released":true}""",
                (await Release(person, path, 1, "key").Json(HttpStatusCode.OK)).GetRawText());
        }

        await Release(person, path, 2, "key").IsRefused("idempotency_conflict");
        await Release(person, path, 2).IsRefused("agent_session_alias_conflict");
        Assert.Equal("""{"alias":"night-shift","released_alias_generation":1,"released":true}""",
            (await Release(person, path, 1).Json(HttpStatusCode.OK)).GetRawText());
        await (await ana.Say("anybody?", to: ben.Address)).IsRefused("address_not_deliverable");

        // The session goes on under its own handle, and can take another alias.
        await (await ben.Say("still here")).Json(HttpStatusCode.Created);
        var own = (await (await ben.Send(HttpMethod.Get, "/v/agent/sessions")).Json(HttpStatusCode.OK)).GetProperty("sessions")
            .EnumerateArray().Single();
        own.IsNull("alias");
        await (await ana.Say("there you are", to: own.Text("address"))).Json(HttpStatusCode.Created);
        var found = await ben.LookUp("night-shift");
        Assert.Equal(
            (1, JsonValueKind.Null), (found.GetProperty("generation").GetInt64(), found.GetProperty("current_agent_session_id").ValueKind));
        await ben.Claim("day-shift", 0);
        await ben.Send(HttpMethod.Get, "/v/agent/sessions");
        await service.Successor(ben, "night-shift");
    }

    [Fact]
    public async Task tell_an_open_wake_stream_that_they_are_released()
    {
        var (_, room, _, path) = await NightShift();
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        await using var wake = await EventReader.Wake(ben);
        await Release(room.People[1], path, 1).Json(HttpStatusCode.OK);
        var own = (await (await ben.Send(HttpMethod.Get, "/v/agent/sessions")).Json(HttpStatusCode.OK)).GetProperty("sessions")
            .EnumerateArray().Single();
        await ana.Tell(own.Text("address"), "hello");
        Assert.Equal("wake", (await wake.Next()).EventType);
        Assert.Equal(["hello"], await ben.Waiting());
    }

    [Fact]
    public async Task of_others_are_as_if_there_were_none()
    {
        var (service, room, agentID, path) = await NightShift();
        var stranger = await service.NewPerson();
        var inRoom = $"/v/rooms/{room.RoomID}{path["/v".Length..]}";
        foreach (var (person, of) in new[]
        {
            (stranger, path), (room.Owner, path), (room.Owner, inRoom), (stranger, inRoom),
            (room.People[1], $"/v/agents/{agentID}/session-aliases/day-shift"),
            (room.People[1], $"/v/agents/nonsense/session-aliases/night-shift"),
            (room.People[1], $"/v/rooms/{Guid.NewGuid()}/agents/{agentID}/session-aliases/night-shift"),
        })
        {
            await (await person.Get($"{of}/offline-delivery")).IsRefusedAsNothing();
            await (await person.Send(HttpMethod.Put, $"{of}/offline-delivery", new { offline_delivery = false })).IsRefusedAsNothing();
            if (!of.StartsWith("/v/rooms", StringComparison.Ordinal))
            {
                await (await person.Post($"{of}/offline-delivery/restore-everywhere")).IsRefusedAsNothing();
                await (await person.Post($"{of}/release/preview")).IsRefusedAsNothing();
                await Release(person, of, 1).IsRefusedAsNothing();
            }
        }

        await (await room.People[1].Get($"/v/agents/{agentID}/session-aliases/Night/offline-delivery")).IsRefused("validation_failed");
        await (await room.People[1].Send(HttpMethod.Put, $"{path}/offline-delivery", "{}")).IsRefused("validation_failed");
        await (await room.People[1].Post($"{path}/release/complete", "{}", "k")).IsRefused("validation_failed");
        await (await room.People[1].Post($"{path}/release/complete", new { expected_alias_generation = 1 })).IsRefused("malformed_request");
        Assert.Equal(0, await service.Count(agentID, "alias_released"));
    }

    private static async Task<bool> Set(TestPrincipal person, string path, bool on)
    {
        var setting = await (await person.Send(HttpMethod.Put, $"{path}/offline-delivery", new { offline_delivery = on }))
            .Json(HttpStatusCode.OK);
        return setting.GetProperty("changed").GetBoolean();
    }

    private static Pending Release(TestPrincipal person, string path, long generation, string? key = null) =>
        new(person.Post($"{path}/release/complete", new { expected_alias_generation = generation }, key ?? $"{Guid.NewGuid()}"));

    private async Task<(ParleService Service, OwnedRoom Room, Guid AgentID, string Path)> NightShift()
    {
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(2);
        await room.Agents[1].Claim("night-shift", 0);
        var agentID = await service.IDOfAgent(room.Agents[1]);
        return (service, room, agentID, $"/v/agents/{agentID}/session-aliases/night-shift");
    }

    private sealed record Pending(Task<HttpResponseMessage> Answer)
    {
        public async Task<JsonElement> Json(HttpStatusCode status) => await (await Answer).Json(status);

        public async Task IsRefused(string code) => await (await Answer).IsRefused(code);

        public async Task IsRefusedAsNothing() => await (await Answer).IsRefusedAsNothing();
    }
}
