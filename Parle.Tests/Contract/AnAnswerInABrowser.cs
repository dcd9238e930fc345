using System.Net.Http.Headers;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class AnAnswerInABrowser(TestCluster cluster)
{
    [Theory]
    [InlineData("/")]
    [InlineData("/health/ready")]
    [InlineData("/llms.txt")]
    [InlineData("/openapi.json")]
    [InlineData("/nowhere")]
    [InlineData("/v/agent/self")]
    [InlineData("/v/agent/self?token=parle_agt_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task loads_nothing_and_is_framed_by_nobody(string address)
    {
        using var client = (await cluster.Service).Client();
        using var answer = await client.GetAsync(address, TestContext.Current.CancellationToken);
        IsHarmless(answer);
    }

    [Fact]
    public async Task is_as_harmless_when_it_shows_what_others_said()
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        using var answer = await ana.Send(HttpMethod.Get, ana.Projection);
        using var stream = await ana.Send(HttpMethod.Get, $"/v/rooms/{ana.RoomID}/stream");
        IsHarmless(answer);
        IsHarmless(stream);
    }

    private static void IsHarmless(HttpResponseMessage answer)
    {
        Assert.Equal("default-src 'none'; frame-ancestors 'none'", One(answer.Headers, "Content-Security-Policy"));
        Assert.Equal("nosniff", One(answer.Headers, "X-Content-Type-Options"));
        Assert.Equal("DENY", One(answer.Headers, "X-Frame-Options"));
        Assert.Equal("no-referrer", One(answer.Headers, "Referrer-Policy"));
        Assert.NotEqual("text/html", answer.Content.Headers.ContentType?.MediaType);
    }

    private static string One(HttpResponseHeaders headers, string name) => Assert.Single(headers.GetValues(name));
}
