using System.Net;
using Parle.Api;
using Parle.Domain.Rooms;
using Parle.Tests.Asks;
using Parle.Tests.Laws;
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

        foreach (var address in (string[])[ben.Projection, $"{ben.Projection}?since_seq=100&wait=30", $"/v/rooms/{ben.RoomID}/stream",
            "/v/agent/wake", $"/v/rooms/{ben.RoomID}/inbound", $"/v/rooms/{ben.RoomID}/responsive-delivery?wait=30"])
        {
            using var head = await ben.Send(HttpMethod.Head, address);
            await head.Content.LoadIntoBufferAsync(TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        }

        Assert.Equal(before, await Ledger(ben));
    }

    /// Whether there is such a thing is what HEAD is for. Nothing of it was shown, so nobody has seen it.
    [Fact]
    public async Task finds_what_get_finds_and_leaves_no_trace()
    {
        var service = await cluster.Service;
        var host = await service.NewOwnedRoom(2);
        var (ana, ben, stranger) = (host.Agents[0], host.Agents[1], await service.NewPerson());
        await (await ana.Say("hello")).Json(HttpStatusCode.Created);
        var ask = await ana.Opens(Asking.Help().With("context", Asking.Packet("a")));
        var item = (await ana.ItemsOf(ask))[0];
        var fact = (await ana.Read()).Messages()[^1].Text("event_id");
        var seat = await service.Scalar<Guid>("select seat_id from parle.seats where room_id = $1 order by seat_id limit 1", host.RoomID);
        await (await ben.Send(HttpMethod.Get, $"{ben.AsksOf()}/{ask}")).Json(HttpStatusCode.OK);
        var (shown, looks) = (await Shown(), await Looks());

        string room = $"/v/rooms/{host.RoomID}", none = $"{Guid.NewGuid()}";
        foreach (var (address, isThere) in ((string, bool)[])
            [
                ($"{room}/asks/{ask}", true), ($"{room}/asks/{none}", false), ($"{room}/asks/{ask}?history_before=x", false),
                ($"{room}/asks/{ask}/context/{item}", true), ($"{room}/asks/{ask}/context/{none}", false),
                ($"{room}/receipts/{fact}", true), ($"{room}/receipts/{none}", false), ($"{ben.Projection}?since_seq=-1", false),
                ($"{ben.Projection}?wait=30&since_seq=9999", true), (ben.Projection, true), ($"{room}/inbound", true),
                ($"{room}/asks", true), ($"{room}/stream", true), ($"{room}/stream?since_seq=x", false), ("/v/agent/wake", true),
                ($"{room}/responsive-delivery?wait=30", true),
            ])
        {
            await Finds(isThere, address, HttpMethod.Head, (method, path) => ben.Send(method, path));
        }

        foreach (var (address, isThere) in ((string, bool)[])
            [
                ($"{room}/record", true), ($"{room}/record?limit=0", false), ($"{room}/record/witnesses/{fact}", true),
                ($"{room}/record/witnesses/{none}", false), ($"{room}/seats/{seat}/ledger", true), ($"{room}/seats/{none}/ledger", false),
                ($"{room}/record/receipts/{fact}", true), ($"{room}/record/receipts/{none}", false),
            ])
        {
            await Finds(isThere, address, HttpMethod.Head, (method, path) => host.Owner.Send(method, path));
            await Finds(false, address, HttpMethod.Head, (method, path) => stranger.Send(method, path));
        }

        Assert.Equal((shown, looks), (await Shown(), await Looks()));

        // And the same of GET, where it does not stay open.
        await Finds(false, $"{room}/asks/{none}", HttpMethod.Get, (method, path) => ben.Send(method, path));
        await Finds(false, $"{room}/record/witnesses/{none}", HttpMethod.Get, (method, path) => host.Owner.Send(method, path));
        await Finds(true, $"{room}/record/witnesses/{fact}", HttpMethod.Get, (method, path) => host.Owner.Send(method, path));
        Assert.Equal(looks + 1, await Looks());

        async Task Finds(bool isThere, string address, HttpMethod method, Func<HttpMethod, string, Task<HttpResponseMessage>> send)
        {
            using var answer = await send(method, address);
            Assert.True(isThere == answer.IsSuccessStatusCode && (isThere || (int)answer.StatusCode is 400 or 404),
                $"{method} {address}: {answer.StatusCode}");
            Assert.True(
                method == HttpMethod.Get || (await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length == 0,
                address);
        }

        Task<string> Shown() => service.Scalar<string>("select coalesce(string_agg(d::text, ',' order by d::text), '') from "
            + "parle.disclosures d join parle.seats s using (seat_id) where s.room_id = $1", host.RoomID);
        Task<long> Looks() => service.Scalar<long>("select count(*) from parle.record_reads where room_id = $1", host.RoomID);
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

    private static async Task<string> Ledger(TestAgent agent) => (await (await agent.Send(
        HttpMethod.Get, $"/v/rooms/{agent.RoomID}/ledger")).Json(HttpStatusCode.OK)).GetProperty("shown").GetRawText();
}
