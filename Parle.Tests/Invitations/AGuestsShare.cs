using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Parle.Tests.Asks;
using Parle.Tests.Contract;
using Parle.Tests.Service;
using Parle.Tests.Tokens;

namespace Parle.Tests.Invitations;

/// A guest acts for its host, and is a stranger to it all the same: what it has is a share of its own.
public class AGuestsShare(TestCluster cluster)
{
    private readonly FakeTimeProvider clock = new(DateTimeOffset.UtcNow);

    [Fact]
    public async Task of_tokens_leaves_its_host_room_to_mint_and_others_room_to_join()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase(), ("Parle:Limits:TokensPerPrincipal", "20"));
        var host = await service.NewOwnedRoom(1);
        var guest = await Join(service, host);
        var minted = 0;
        for (; minted < 20 && (await guest.TryNarrow(new { })).StatusCode is HttpStatusCode.Created; minted++)
        {
        }

        Assert.Equal(4, minted); // With its own it has a quarter: half of all is for guests, and it leaves half of that to others.
        await (await guest.TryNarrow(new { })).IsRefused("token_quota_exceeded", "cap", "used", "limit", "recovery");
        Assert.False(Assert.Single(await Laws.Offer.All(await Present(guest)), offer => offer.Action.Id is "mint_token").Allowed);
        await host.Agents[0].Narrows(new { });
        var other = await Join(service, host);
        await other.Narrows(new { });
    }

    [Fact]
    public async Task of_agents_leaves_its_host_half()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase(), ("Parle:Limits:AgentsPerPrincipal", "5"));
        var host = await service.NewOwnedRoom(1);
        await Join(service, host);
        await Join(service, host);
        var error = await (await Send(service, host)).IsRefused("resource_limit_exceeded", "cap", "used", "limit", "recovery");
        Assert.Equal(("principal_guests", 2), (error.Text("cap"), error.GetProperty("limit").GetInt32()));
        await host.Owner.Creates("another");
    }

    [Fact]
    public async Task of_what_a_room_keeps_leaves_its_host_half_and_its_decision()
    {
        var database = await cluster.NewDatabase();
        await using var service = await ParleService.Start(database, ("Parle:Limits:FactsPerRoomAndPrincipal", "8"));
        var room = await service.NewOwnedRoom(2);
        var (host, asker, guest) = (room.Agents[0], room.Agents[1], await Present(await Join(service, room)));
        var ask = await asker.Opens(Asking.Approval());
        await host.Does(ask, "decide", new { decision = "approve", sha256 = Asking.Digest });
        var said = 0;
        for (; said < 8 && (await guest.Say("flood")).StatusCode is HttpStatusCode.Created; said++)
        {
        }

        Assert.Equal(3, said);
        await using var later = await ParleService.Start(service.ConnectionString, ("Parle:Limits:FactsPerRoomAndPrincipal", "8"));
        await (await guest.At(later.Client()).Say("flood")).IsRefused("resource_limit_exceeded", "cap", "used", "limit", "recovery");
        for (var i = 0; i < 4; i++)
        {
            await (await host.Say($"{i}")).Json(HttpStatusCode.Created);
        }

        await (await host.Say("one too many")).IsRefused("resource_limit_exceeded", "cap", "used", "limit", "recovery");
        Assert.Equal("open", await host.Does(ask, "decision/withdraw", new { }));
        Assert.Equal("denied", await host.Does(ask, "decide", new { decision = "deny", sha256 = Asking.Digest }));
        Assert.Equal(HttpStatusCode.Conflict, (await asker.Try(ask, "consume", new { sha256 = Asking.Digest })).StatusCode);
        await (await host.Try(ask, "decide", new { decision = "approve", sha256 = Asking.Digest }))
            .IsRefused("resource_limit_exceeded", "cap", "used", "limit", "recovery");
    }

    [Fact]
    public async Task of_a_day_leaves_its_host_half()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase(),
            services => services.AddSingleton<TimeProvider>(clock), ("Parle:Limits:WritesPerDayAndPrincipal", "10"));
        var host = await service.NewOwnedRoom(1); // Two writes.
        var guest = await Present(await Join(service, host)); // Two more.
        for (var i = 0; i < 3; i++)
        {
            await (await guest.Say($"{i}")).Json(HttpStatusCode.Created);
        }

        Assert.Equal("writes_per_day_of_guests",
            (await (await guest.Say("flood")).IsRefused("rate_limited", "cap", "used", "limit", "recovery")).Text("cap"));
        await (await host.Agents[0].Say("hello")).Json(HttpStatusCode.Created);
    }

    [Fact]
    public async Task of_a_rooms_rate_leaves_its_host_half()
    {
        await using var service = await ParleService.Start(
            await cluster.NewDatabase(), services => services.AddSingleton<TimeProvider>(clock),
            ("Parle:Limits:RoomRequestsPerSecond", "40"), ("Parle:Limits:RoomBurst", "80"));
        var host = await service.NewOwnedRoom(1);
        var guest = await Present(await Join(service, host));
        for (var i = 0; i < 20; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => guest.Send(HttpMethod.Get, guest.Projection)));
            await (await host.Agents[0].Say($"{i}")).Json(HttpStatusCode.Created);
            clock.Advance(TimeSpan.FromMilliseconds(50));
        }
    }

    private static async Task<TestAgent> Present(TestAgent agent)
    {
        await agent.StartSession();
        await agent.Enter();
        return agent;
    }

    private static async Task<TestAgent> Join(ParleService service, OwnedRoom host) =>
        new(service.Client(), host.RoomID, (await (await Send(service, host)).Json(HttpStatusCode.Created)).Text("token"));

    private static async Task<HttpResponseMessage> Send(ParleService service, OwnedRoom host)
    {
        var key = (await (await host.Owner.Post($"/v/rooms/{host.RoomID}/join-keys", new { })).Json(HttpStatusCode.Created)).Text("key");
        return await service.Client().PostAsync("/v/join", new StringContent($$"""{"key":"{{key}}"}""", Encoding.UTF8, "application/json"),
            TestContext.Current.CancellationToken);
    }
}
