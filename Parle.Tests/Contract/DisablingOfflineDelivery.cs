using System.Net;
using System.Text.Json;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class DisablingOfflineDelivery(TestCluster cluster)
{
    private const string Everywhere = "/v/agent/session-aliases/night-shift/offline-delivery";

    [Fact]
    public async Task everywhere_answers_the_setting_and_whether_it_changed()
    {
        var (_, _, ben) = await AnaAndNightShift();

        var before = await Read(ben, Everywhere);
        before.HasExactly("alias", "alias_generation", "offline_delivery");
        Assert.Equal(("night-shift", 1, true),
            (before.Text("alias"), before.GetProperty("alias_generation").GetInt64(), before.GetProperty("offline_delivery").GetBoolean()));

        foreach (var changed in (bool[])[true, false])
        {
            var disabled = await Disable(ben, Everywhere);
            disabled.HasExactly("alias", "alias_generation", "offline_delivery", "changed");
            Assert.Equal(
                ("night-shift", 1, false, changed),
                (disabled.Text("alias"), disabled.GetProperty("alias_generation").GetInt64(),
                    disabled.GetProperty("offline_delivery").GetBoolean(), disabled.GetProperty("changed").GetBoolean()));
        }

        Assert.False((await Read(ben, Everywhere)).GetProperty("offline_delivery").GetBoolean());
    }

    [Theory, InlineData(false, false), InlineData(false, true), InlineData(true, false), InlineData(true, true)]
    public async Task in_one_room_leaves_what_both_settings_allow(bool everywhereToo, bool inTheRoom)
    {
        var (_, _, ben) = await AnaAndNightShift();
        if (everywhereToo)
        {
            await Disable(ben, Everywhere);
        }

        if (inTheRoom)
        {
            var disabled = await Disable(ben, InRoom(ben));
            disabled.HasExactly("alias", "alias_generation", "offline_delivery", "room_id", "room_offline_delivery",
                "effective_offline_delivery", "changed");
            Assert.True(disabled.GetProperty("changed").GetBoolean());
            Assert.False((await Disable(ben, InRoom(ben))).GetProperty("changed").GetBoolean());
        }

        var setting = await Read(ben, InRoom(ben));

        setting.HasExactly(
            "alias", "alias_generation", "offline_delivery", "room_id", "room_offline_delivery", "effective_offline_delivery");
        Assert.Equal(("night-shift", 1, $"{ben.RoomID}"),
            (setting.Text("alias"), setting.GetProperty("alias_generation").GetInt64(), setting.Text("room_id")));
        Assert.Equal(
            (!everywhereToo, !inTheRoom, !everywhereToo && !inTheRoom),
            (setting.GetProperty("offline_delivery").GetBoolean(), setting.GetProperty("room_offline_delivery").GetBoolean(),
                setting.GetProperty("effective_offline_delivery").GetBoolean()));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task takes_nothing_more_while_nobody_has_the_alias(bool inRoom)
    {
        var (service, ana, ben) = await AnaAndNightShift();
        await Disable(ben, inRoom ? InRoom(ben) : Everywhere);
        await ben.End();

        await (await ana.Say("too late", to: ben.Address)).IsRefused("address_not_deliverable");

        Assert.Empty(await (await service.Successor(ben, "night-shift")).Waiting());
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task keeps_what_was_taken_before(bool inRoom)
    {
        var (service, ana, ben) = await AnaAndNightShift();
        await ben.End();
        await ana.Tell(ben.Address, "in time");
        await Disable(await service.SessionOutsideOf(ben), inRoom ? InRoom(ben) : Everywhere); // Any session of the agent may.
        Assert.Equal(["in time"], await (await service.Successor(ben, "night-shift")).Waiting());
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task hinders_nobody_while_somebody_has_the_alias(bool inRoom)
    {
        var (service, ana, ben) = await AnaAndNightShift();
        await Disable(ben, inRoom ? InRoom(ben) : Everywhere);
        await ana.Tell(ben.Address, "live");
        Assert.Equal(["live"], await ben.Waiting());

        var next = await service.Successor(ben, "night-shift");
        await ana.Tell(ben.Address, "still live");
        Assert.Equal(["live", "still live"], await next.Waiting());
        Assert.False((await Read(next, inRoom ? InRoom(next) : Everywhere))
            .GetProperty(inRoom ? "effective_offline_delivery" : "offline_delivery").GetBoolean());
    }

    [Fact]
    public async Task in_one_room_hinders_nobody_in_another_agents_room()
    {
        var (_, _, ben) = await AnaAndNightShift();
        var (_, cleo, dan) = await AnaAndNightShift();
        await Disable(ben, InRoom(ben));
        await Disable(ben, Everywhere);
        await dan.End();
        await cleo.Tell(dan.Address, "another night shift");
    }

    [Fact]
    public async Task of_an_alias_that_nobody_ever_claimed_is_not_found()
    {
        var (_, ana, _) = await AnaAndNightShift(); // It is Ben's alias, not Ana's.
        foreach (var path in (string[])[Everywhere, InRoom(ana)])
        {
            await (await ana.Send(HttpMethod.Get, path)).IsRefused("not_found");
            await (await ana.Send(HttpMethod.Post, $"{path}/disable")).IsRefused("not_found");
        }
    }

    [Fact]
    public async Task of_what_is_no_alias_is_invalid()
    {
        var (_, ana, _) = await AnaAndNightShift();
        foreach (var path in (string[])[Everywhere.Replace("night-shift", "Night"), InRoom(ana).Replace("night-shift", "c7w2k5n4q3zx6m7a")])
        {
            await (await ana.Send(HttpMethod.Get, path)).IsRefused("validation_failed");
            await (await ana.Send(HttpMethod.Post, $"{path}/disable")).IsRefused("validation_failed");
        }
    }

    [Fact]
    public async Task in_a_room_of_others_is_as_if_there_were_none()
    {
        var (_, _, ben) = await AnaAndNightShift();
        var (_, _, stranger) = await AnaAndNightShift();
        await (await ben.Send(HttpMethod.Get, InRoom(stranger))).IsRefused("room_not_found");
        await (await ben.Send(HttpMethod.Post, $"{InRoom(stranger)}/disable")).IsRefused("room_not_found");
    }

    private static string InRoom(TestAgent agent) => $"/v/rooms/{agent.RoomID}/my-session-aliases/night-shift/offline-delivery";

    private static async Task<JsonElement> Read(TestAgent agent, string path) =>
        await (await agent.Send(HttpMethod.Get, path)).Json(HttpStatusCode.OK);

    private static async Task<JsonElement> Disable(TestAgent agent, string path) =>
        await (await agent.Send(HttpMethod.Post, $"{path}/disable")).Json(HttpStatusCode.OK);

    private async Task<(ParleService Service, TestAgent Ana, TestAgent Ben)> AnaAndNightShift()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        await room.Agents[1].Claim("night-shift", 0);
        return (service, room.Agents[0], room.Agents[1]);
    }
}
