using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
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
    public async Task of_a_rooms_rate_leaves_its_host_half()
    {
        await using var service = await ParleService.Start(
            await cluster.NewDatabase(), services => services.AddSingleton<TimeProvider>(clock), ("Parle:Limits:RoomRequestsPerSecond", "40"), ("Parle:Limits:RoomBurst", "80"));
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
        return await service.Client().PostAsync("/v/join", new StringContent($$"""{"key":"{{key}}"}""", Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
    }
}
