using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Parle.Api.Wakeups;
using Parle.Domain.Rooms;
using Parle.Tests.Crash;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

/// The common behaviour of both kinds of event streams: the time they stay open.
public class AnOpenStream(TestCluster cluster, AMovableClock time) : IClassFixture<AMovableClock>
{
    [Theory, InlineData("wake"), InlineData("room")]
    public async Task closes_when_the_session_ends(string kind)
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        await using var stream = await Open(kind, ana);
        await ana.End();
        Assert.Empty(await stream.ToEnd());
    }

    [Theory, InlineData("wake"), InlineData("room")]
    public async Task closes_when_another_session_takes_over_the_alias(string kind)
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var next = ana.Again();
        await next.StartSession();
        await ana.Claim("night-shift", 0);
        await using var stream = await Open(kind, ana);

        await next.Claim("night-shift", 1);

        Assert.Empty(await stream.ToEnd());
        await (await ana.Send(HttpMethod.Get, "/v/agent/wake")).Refuses("agent_session_superseded");
    }

    [Theory, InlineData("wake"), InlineData("room")]
    public async Task stays_when_its_token_starts_too_many_sessions(string kind)
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var ana = room.Agents[0];
        await using var stream = await Open(kind, ana);
        for (var i = 0; i < 26; i++)
        {
            await ana.Again().StartSession();
        }

        await (await room.Agents[1].Say("still there?", to: ana.Address)).Json(HttpStatusCode.Created);
        await stream.Next();
        await ana.Read();
    }

    [Theory, InlineData("wake"), InlineData("room")]
    public async Task closes_when_the_session_expires(string kind)
    {
        var ana = (await time.Service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var waits = time.Waits;
        await using var stream = await Open(kind, ana);
        await time.Pass(TimeSpan.FromHours(12), waits);
        Assert.Empty(await stream.ToEnd());
        await (await ana.Send(HttpMethod.Get, "/v/agent/wake")).IsRefused("agent_session_expired");
    }

    [Theory, InlineData("wake"), InlineData("room")]
    public async Task closes_soon_after_its_token_is_revoked_however_busy_it_is(string kind)
    {
        var room = await time.Service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        await using var stream = await Open(kind, ben);
        await time.Service.Revoke(ben);
        var sent = 0;
        for (var seconds = 0; seconds < 60; seconds += 5)
        {
            await ana.Say("hello", to: ben.Address);
            if (await stream.NextOrEnd() is null)
            {
                Assert.InRange(sent, 1, 6);
                return;
            }

            sent++;
            time.Clock.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Fail("It was never asked for its token again.");
    }

    [Theory, InlineData("/v/agent/wake"), InlineData("/v/rooms/{room}/stream")]
    public async Task shows_that_it_is_alive_by_lines_that_readers_ignore(string path)
    {
        var ana = (await time.Service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var waits = time.Waits;
        using var answer = await ana.Send(HttpMethod.Get, path.Replace("{room}", $"{ana.RoomID}"));
        if (path.EndsWith("wake"))
        {
            await EventReader.TextUntil(answer, "\n\n");
        }

        for (var i = 0; i < 3; i++)
        {
            waits = await time.Pass(TimeSpan.FromSeconds(25), waits);
            Assert.Equal(": keepalive\n\n", await EventReader.TextUntil(answer, "\n\n"));
        }
    }

    [Theory, InlineData("wake"), InlineData("room")]
    public async Task closes_when_the_service_stops(string kind)
    {
        var service = await cluster.Service;
        var ana = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        await using var process = await ParleProcess.Start(service.ConnectionString);
        await using var stream = await Open(kind, ana.At(process.Client()));

        Assert.Equal(0, await process.Terminate());

        await stream.ToEnd();
    }

    [Theory, InlineData("wake"), InlineData("room")]
    public async Task ends_as_others_do_when_the_database_is_away(string kind)
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        var ana = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        await using var stream = await Open(kind, ana);
        await cluster.Drop(service.ConnectionString);

        // So that it asks who is there.
        service.Host.Services.GetRequiredService<Notifier>().Announce(new Signal(SignalKind.Standing, ana.SessionID));

        Assert.Empty(await stream.ToEnd());
    }

    [Theory, InlineData("wake"), InlineData("room")]
    public async Task is_forgotten_when_its_reader_hangs_up(string kind)
    {
        var service = await cluster.Service;
        var listeners = service.Host.Services.GetRequiredService<Notifier>();
        var ana = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        await using (await Open(kind, ana))
        {
            Assert.True(listeners.HasListener(ana.SessionID));
        }

        await Until.Holds(() => Task.FromResult(!listeners.HasListener(ana.SessionID)));
    }

    /// A stream with nothing to say for now.
    private static async Task<EventReader> Open(string kind, TestAgent agent) =>
        kind is "wake"
            ? await EventReader.Wake(agent) : await EventReader.Room(agent, (await agent.Read()).GetProperty("watermark").GetInt64());
}
