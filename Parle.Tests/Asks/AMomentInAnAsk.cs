using System.Net;
using System.Text.Json;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Asks;

public class AMomentInAnAsk(TestCluster cluster)
{
    [Fact]
    public async Task is_the_same_in_every_zone()
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var first = await (await Open(ana, "2127-01-01T00:00:00+02:00")).Json(HttpStatusCode.Created);
        foreach (var same in (string[])["2126-12-31T22:00:00Z", "2126-12-31t22:00:00.0000009z", "2126-12-31T16:30:00.0-05:30"])
        {
            var again = await (await Open(ana, same)).Json(HttpStatusCode.OK);
            Assert.Equal(first.GetProperty("ask_id").GetGuid(), again.GetProperty("ask_id").GetGuid());
        }

        Assert.Equal(
            "2126-12-31T22:00:00.000000Z", (await ana.See(first.GetProperty("ask_id").GetGuid())).GetProperty("due_at").GetString());
    }

    [Fact]
    public async Task without_an_offset_is_none_here_and_in_tokens()
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        await (await Open(ana, "2127-01-01T00:00:00")).Refuses("malformed_request");
        await (await ana.Send(HttpMethod.Post, "/v/agent/tokens", """{"expires_at":"2127-01-01"}""", "a")).Refuses("malformed_request");
        await (await ana.Send(HttpMethod.Post, "/v/agent/tokens", """{"expires_at":"2127-01-01T00:00:00+02:00"}""", "b"))
            .Json(HttpStatusCode.Created);
    }

    private static Task<HttpResponseMessage> Open(TestAgent agent, string due) => agent.Send(
        HttpMethod.Post, agent.AsksOf(),
        JsonSerializer.Serialize(new { kind = "help", title = "t", request = new { question = "q" }, due_at = due }), "key");
}
