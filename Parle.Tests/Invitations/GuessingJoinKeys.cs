using System.Net;
using System.Text;
using Parle.Tests.Contract;
using Parle.Tests.Service;

namespace Parle.Tests.Invitations;

public class GuessingJoinKeys(TestCluster cluster)
{
    [Fact]
    public async Task is_slowed_down_and_holds_up_nobody_who_has_one()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase(), ("Parle:Limits:JoinGuessesPerMinute", "3"));
        var host = await service.NewOwnedRoom(1);
        for (var i = 0; i < 5; i++)
        {
            await (await Join(service, (await (await host.Owner.Post($"/v/rooms/{host.RoomID}/join-keys", new { })).Json(HttpStatusCode.Created)).Text("key"))).Json(HttpStatusCode.Created);
        }

        for (var i = 0; i < 3; i++)
        {
            await (await Join(service, $"parle_join_{new string('a', 43)}")).Refuses("invalid_join_key");
        }

        var slowed = await Join(service, $"parle_join_{new string('a', 43)}");
        Assert.Equal(HttpStatusCode.TooManyRequests, slowed.StatusCode);
        Assert.InRange((await slowed.Refuses("rate_limited")).GetProperty("retry_after_ms").GetInt32(), 1, 60_000);
    }

    private static Task<HttpResponseMessage> Join(ParleService service, string key) =>
        service.Client().PostAsync("/v/join", new StringContent($$"""{"key":"{{key}}"}""", Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
}
