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
            await (await Join(service, (await (await host.Owner.Post($"/v/rooms/{host.RoomID}/join-keys", new { }))
                .Json(HttpStatusCode.Created)).Text("key"))).Json(HttpStatusCode.Created);
        }

        for (var i = 0; i < 3; i++)
        {
            await (await Join(service, $"parle_join_{new string('a', 43)}")).Refuses("invalid_join_key");
        }

        var slowed = await Join(service, $"parle_join_{new string('a', 43)}");
        Assert.Equal(HttpStatusCode.TooManyRequests, slowed.StatusCode);
        Assert.InRange((await slowed.Refuses("rate_limited")).GetProperty("retry_after_ms").GetInt32(), 1, 60_000);
        // A neighbour with a good one.
        await (await Join(service,
            (await (await host.Owner.Post($"/v/rooms/{host.RoomID}/join-keys", new { })).Json(HttpStatusCode.Created)).Text("key")))
            .Json(HttpStatusCode.Created);
    }

    /// With a key that was used, the name of the request that used it is what could be guessed.
    [Fact]
    public async Task is_not_opened_by_a_key_that_was_used()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase(), ("Parle:Limits:JoinGuessesPerMinute", "3"));
        var host = await service.NewOwnedRoom(1);
        var key = (await (await host.Owner.Post($"/v/rooms/{host.RoomID}/join-keys", new { })).Json(HttpStatusCode.Created)).Text("key");
        await (await Join(service, key, "the name")).Json(HttpStatusCode.Created);
        for (var i = 0; i < 3; i++)
        {
            await (await Join(service, key, $"guess-{i}")).Refuses("invalid_join_key");
        }

        await (await Join(service, key, "the name")).Refuses("rate_limited");
    }

    private static Task<HttpResponseMessage> Join(ParleService service, string key, string? name = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v/join")
        { Content = new StringContent($$"""{"key":"{{key}}"}""", Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", name?.Replace(' ', '-') ?? Guid.NewGuid().ToString());
        return service.Client().SendAsync(request, TestContext.Current.CancellationToken);
    }
}
