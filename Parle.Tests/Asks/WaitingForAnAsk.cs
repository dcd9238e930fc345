using System.Net;
using System.Text.Json;
using Parle.Domain.Rooms;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Asks;

public class WaitingForAnAsk(TestCluster cluster)
{
    [Fact]
    public async Task ends_when_something_happens_to_it()
    {
        var (asker, other) = await Two();
        var ask = await asker.Opens(Asking.Help());
        var seen = await asker.See(ask);

        var waiting = Wait(asker, ask, seen.GetProperty("watermark").GetInt64(), seconds: 30);
        await Crash.Until.Holds(() => HasWaited(asker));
        await other.Does(ask, "claim");
        var after = await waiting;

        Assert.Equal("claimed", after.GetProperty("state").GetString());
        Assert.True(after.GetProperty("watermark").GetInt64() > seen.GetProperty("watermark").GetInt64());
    }

    [Fact]
    public async Task is_not_ended_by_what_happens_to_another_one()
    {
        var (asker, other) = await Two();
        var (ask, another) = (await asker.Opens(Asking.Help()), await asker.Opens(Asking.Help()));
        var watermark = (await asker.See(ask)).GetProperty("watermark").GetInt64();

        await other.Does(another, "claim");
        var after = await Wait(asker, ask, watermark, seconds: 1);

        Assert.Equal((watermark, "open"), (after.GetProperty("watermark").GetInt64(), after.GetProperty("state").GetString()));
        Assert.True(await HasWaited(asker));
    }

    [Fact]
    public async Task answers_at_once_when_it_happened_already()
    {
        var (asker, other) = await Two();
        var ask = await asker.Opens(Asking.Help());
        var watermark = (await asker.See(ask)).GetProperty("watermark").GetInt64();
        await other.Does(ask, "claim");

        var after = await Wait(asker, ask, watermark, seconds: 30);

        Assert.Equal("claimed", after.GetProperty("state").GetString());
        Assert.False(await HasWaited(asker));
    }

    /// A stranger to an ask is answered at once, and the same whether there is one.
    [Fact]
    public async Task is_not_for_who_does_not_see_it()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.All, History.All, History.All);
        var ask = await room.Agents[0].Opens(Asking.Help().To(room.Agents[1]));

        var (hidden, missing) = (await Try(ask), await Try(Guid.NewGuid()));

        Assert.Equal(HttpStatusCode.NotFound, hidden.Status);
        Assert.Equal(missing, hidden);
        Assert.False(await HasWaited(room.Agents[2]));

        async Task<(HttpStatusCode Status, string Text)> Try(Guid id)
        {
            using var answer = await room.Agents[2].Send(HttpMethod.Get, $"{room.Agents[2].AsksOf()}/{id}?wait=30&since_seq=0");
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    // A session that waits is held open, which is written down before the wait begins.
    private async Task<bool> HasWaited(TestAgent agent) => await (await cluster.Service).Scalar<bool>(
        "select exists (select from parle.session_activity where session_id = $1 and held_until is not null)", agent.SessionID);

    private async Task<(TestAgent Asker, TestAgent Other)> Two()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.All, History.All);
        return (room.Agents[0], room.Agents[1]);
    }

    private static async Task<JsonElement> Wait(TestAgent agent, Guid ask, long since, int seconds) => await (await agent.Send(
        HttpMethod.Get, $"{agent.AsksOf()}/{ask}?wait={seconds}&since_seq={since}")).Json(HttpStatusCode.OK);
}
