using System.Net;
using System.Text.Json;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class OpeningAWakeStream(TestCluster cluster)
{
    private const string Path = "/v/agent/wake";

    [Fact]
    public async Task is_answered_at_once_with_the_config()
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];

        using var answer = await ana.Send(HttpMethod.Get, Path);

        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (answer.StatusCode, answer.Content.Headers.ContentType?.ToString()));
        Assert.True(answer.Headers.CacheControl?.NoStore);
        var frame = await EventReader.TextUntil(answer, "\n\n");
        Assert.StartsWith("event: config\ndata: {", frame);
        var config = JsonElement.Parse(frame["event: config\ndata: ".Length..]);
        config.HasExactly("fallback_ms", "fallback_jitter_ms", "reconnect_jitter_ms", "keepalive_ms");
        Assert.Equal(
            (120_000, 30_000, 30_000, 25_000),
            (config.GetProperty("fallback_ms").GetInt32(), config.GetProperty("fallback_jitter_ms").GetInt32(),
                config.GetProperty("reconnect_jitter_ms").GetInt32(), config.GetProperty("keepalive_ms").GetInt32()));
    }

    [Fact]
    public async Task needs_no_room()
    {
        var ana = (await (await cluster.Service).NewRoom(History.FromAdmission)).Agents[0];
        await ana.StartSession();
        await using var stream = await EventReader.Wake(ana);
    }

    [Fact]
    public async Task is_refused_in_the_envelope_to_those_who_have_no_live_session()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        await (await ana.Again().Send(HttpMethod.Get, Path)).IsRefused("invalid_agent_session");
        await (await ana.In(ana.RoomID, ben.Token).Send(HttpMethod.Get, Path)).IsRefused("invalid_agent_session");
        await (await ana.In(ana.RoomID, ana.Token[..^1] + "~").Send(HttpMethod.Get, Path)).IsRefused("invalid_agent_token");

        await ana.End();
        await (await ana.Send(HttpMethod.Get, Path)).IsRefused("agent_session_ended");
    }

    [Fact]
    public async Task closes_the_older_ones_of_the_session_and_no_others()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        var anaElsewhere = ana.Again();
        await anaElsewhere.StartSession();
        await anaElsewhere.Enter();
        await using var elsewhere = await EventReader.Wake(anaElsewhere);
        await using var oldest = await EventReader.Wake(ana);
        await using var older = await EventReader.Wake(ana);
        Assert.Empty(await oldest.ToEnd());

        await using var newest = await EventReader.Wake(ana);
        Assert.Empty(await older.ToEnd());

        await ben.Say("for you", to: ana.Address);
        await ben.Say("and for you", to: anaElsewhere.Address);
        Assert.Equal("wake", (await newest.Next()).EventType);
        Assert.Equal("wake", (await elsewhere.Next()).EventType);
    }
}
