using System.Net;
using System.Text;
using System.Text.Json;
using Parle.Tests.Contract;
using Parle.Tests.Service;

namespace Parle.Tests.Invitations;

/// A caller that lost the answer can have it again, for a day and as long as it opens anything.
public class AUsedJoinKey(AMovableClock time) : IClassFixture<AMovableClock>
{
    [Fact]
    public async Task is_answered_again_for_a_day()
    {
        var (_, body, token) = await Joined();
        time.Clock.Advance(TimeSpan.FromHours(23));
        Assert.Equal(token, (await (await Join(body)).Json(HttpStatusCode.OK)).Text("token"));

        time.Clock.Advance(TimeSpan.FromHours(2));

        await (await Join(body)).Refuses("invalid_join_key");
    }

    [Theory, InlineData("token"), InlineData("seat")]
    public async Task is_answered_no_more_when_what_it_brought_is_over(string what)
    {
        var (host, body, _) = await Joined();
        var joined = await (await Join(body)).Json(HttpStatusCode.OK);
        await (await host.Owner.Post(what is "token" ? $"/v/agent-tokens/{joined.Text("agent_token_id")}/revoke"
            : $"/v/rooms/{host.RoomID}/seats/{joined.Text("seat_id")}/remove")).IsEmptyWith(HttpStatusCode.NoContent);

        await (await Join(body)).Refuses("invalid_join_key");
    }

    private async Task<(OwnedRoom Host, object Body, string Token)> Joined()
    {
        var host = await time.Service.NewOwnedRoom(1);
        var key = await (await host.Owner.Post($"/v/rooms/{host.RoomID}/join-keys", new { })).Json(HttpStatusCode.Created);
        var body = new { key = key.Text("key"), agent_handle = "tester" };
        return (host, body, (await (await Join(body)).Json(HttpStatusCode.Created)).Text("token"));
    }

    private async Task<HttpResponseMessage> Join(object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v/join")
        { Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", "mine");
        return await time.Service.Client().SendAsync(request, TestContext.Current.CancellationToken);
    }
}
