using Microsoft.Extensions.DependencyInjection;
using Parle.Api.Wakeups;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class AReaderThatWaits(TestCluster cluster)
{
    [Theory, InlineData("projection"), InlineData("inbound"), InlineData("responsive-delivery")]
    public async Task is_shown_nothing_once_its_session_is_superseded(string what)
    {
        var (service, ana, ben) = await AnaAndNightShift();
        var call = await Begin(service, ben, what);

        var next = await service.Successor(ben, "night-shift");
        await ana.Tell(ben.Address, "for the successor");
        await ana.Say("for all");

        await (await call.Answer).IsRefused("agent_session_superseded");
        Assert.Equal(["for the successor"], await next.Waiting());
    }

    [Theory, InlineData("projection"), InlineData("inbound")]
    public async Task is_shown_nothing_once_its_session_has_ended(string what)
    {
        var (service, ana, ben) = await AnaAndNightShift();
        var call = await Begin(service, ben, what);

        await ben.End();
        await ana.Say("for all");

        await (await call.Answer).IsRefused("agent_session_ended");
    }

    [Theory, InlineData("projection"), InlineData("inbound")]
    public async Task is_shown_nothing_once_its_token_is_revoked(string what)
    {
        var (service, ana, ben) = await AnaAndNightShift();
        var call = await Begin(service, ben, what);

        await service.Revoke(ben);
        await ana.Say("for all");

        await (await call.Answer).IsRefused("invalid_agent_token");
    }

    // The answer to come, once the call waits for it.
    private static async Task<Call> Begin(ParleService service, TestAgent agent, string what)
    {
        var since = (await agent.Read()).GetProperty("watermark").GetInt64();
        var answer = agent.Send(HttpMethod.Get, $"/v/rooms/{agent.RoomID}/{what}?since_seq={since}&wait=30");
        var signals = service.Host.Services.GetRequiredService<Notifier>();
        await Crash.Until.Holds(() => Task.FromResult(signals.HasListener(what is "responsive-delivery" ? agent.SessionID : agent.RoomID)));

        return new(answer);
    }

    private async Task<(ParleService Service, TestAgent Ana, TestAgent Ben)> AnaAndNightShift()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        await room.Agents[1].Claim("night-shift", 0);
        return (service, room.Agents[0], room.Agents[1]);
    }

    private sealed record Call(Task<HttpResponseMessage> Answer);
}
