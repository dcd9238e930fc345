using System.Net;
using Parle.Api;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class AHeadRequest(TestCluster cluster)
{
    [Theory]
    [InlineData("/")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/llms.txt")]
    [InlineData("/openapi.json")]
    [InlineData("/docs")]
    [InlineData("/docs/swagger-ui.css")]
    [InlineData("/.well-known/parle-keys.json")]
    public async Task gets_what_get_gets_without_its_content(string address)
    {
        using var client = (await cluster.Service).Host.Server.CreateClient();
        using var get = await client.GetAsync(address, TestContext.Current.CancellationToken);
        using var head = await client.SendAsync(new(HttpMethod.Head, address), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal((get.Content.Headers.ContentType, get.Headers.ETag), (head.Content.Headers.ContentType, head.Headers.ETag));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    public static TheoryData<string> Reads => [.. Actions.All.Where(action => action.IsSafe).Select(action => action.Path).Distinct()];

    [Theory, MemberData(nameof(Reads))]
    public async Task lets_in_nobody_whom_get_does_not(string path)
    {
        using var client = (await cluster.Service).Client();
        using var get = await client.GetAsync(path, TestContext.Current.CancellationToken);
        using var head = await client.SendAsync(new(HttpMethod.Head, path), TestContext.Current.CancellationToken);

        Assert.Equal(get.StatusCode, head.StatusCode);
        Assert.NotEqual(HttpStatusCode.MethodNotAllowed, head.StatusCode);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task is_answered_at_once_and_counts_as_nothing_shown()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        await (await ana.Say("hello")).Json(HttpStatusCode.Created);
        var before = await Ledger(ben);

        foreach (var address in (string[])[ben.Projection, $"{ben.Projection}?since_seq=100&wait=30", $"/v/rooms/{ben.RoomID}/stream", "/v/agent/wake", $"/v/rooms/{ben.RoomID}/inbound", $"/v/rooms/{ben.RoomID}/responsive-delivery?wait=30"])
        {
            using var head = await ben.Send(HttpMethod.Head, address);
            await head.Content.LoadIntoBufferAsync(TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        }

        Assert.Equal(before, await Ledger(ben));
    }

    [Fact]
    public async Task is_named_among_the_methods_of_an_address_that_takes_get()
    {
        using var client = (await cluster.Service).Client();
        using var reads = await client.DeleteAsync("/v/agent/self", TestContext.Current.CancellationToken);
        using var writes = await client.SendAsync(new(HttpMethod.Head, "/v/agent/tokens/x/revoke"), TestContext.Current.CancellationToken);

        Assert.Equal(["GET", "HEAD"], reads.Content.Headers.Allow);
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "POST"), (writes.StatusCode, Assert.Single(writes.Content.Headers.Allow)));
    }

    private static async Task<string> Ledger(TestAgent agent) => (await (await agent.Send(HttpMethod.Get, $"/v/rooms/{agent.RoomID}/ledger")).Json(HttpStatusCode.OK)).GetProperty("shown").GetRawText();
}
