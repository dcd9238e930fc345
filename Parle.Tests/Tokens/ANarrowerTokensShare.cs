using System.Net;
using Parle.Tests.Asks;
using Parle.Tests.Contract;
using Parle.Tests.Service;

namespace Parle.Tests.Tokens;

/// A token below another one acts by the same seat, and is to be trusted with less: whatever it fills, the token above can go on.
public class ANarrowerTokensShare(TestCluster cluster)
{
    [Fact]
    public async Task of_what_a_room_keeps_leaves_half_to_the_token_above_also_for_a_node_that_comes_later()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase(), ("Parle:Limits:FactsPerRoomAndPrincipal", "8"));
        var parent = (await service.NewOwnedRoom(1)).Agents[0];
        var child = await parent.Narrowed(service, new { });
        Assert.Equal(4, await Times(() => child.Say("flood")));

        await using var later = await ParleService.Start(service.ConnectionString, ("Parle:Limits:FactsPerRoomAndPrincipal", "8"));
        var error = await (await child.At(later.Client()).Say("flood"))
            .IsRefused("resource_limit_exceeded", "cap", "used", "limit", "recovery");
        Assert.Equal("principal_room_facts", error.Text("cap"));
        Assert.Equal(4, await Times(() => parent.At(later.Client()).Say("mine")));
    }

    [Fact]
    public async Task of_open_asks_leaves_half_to_the_token_above()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase(), ("Parle:Limits:OpenAsksPerSeat", "6"));
        var parent = (await service.NewOwnedRoom(1)).Agents[0];
        var child = await parent.Narrowed(service, new { });
        Assert.Equal(3, await Times(() => child.Ask(Asking.Help())));

        Assert.Equal("open_asks",
            (await (await child.Ask(Asking.Help())).IsRefused("resource_limit_exceeded", "cap", "used", "limit", "recovery")).Text("cap"));
        Assert.False(Assert.Single(await Laws.Offer.All(child), offer => offer.Action.Id is "open_ask").Allowed);
        Assert.Contains(await Laws.Offer.All(parent), offer => offer.Action.Id is "open_ask" && offer.Allowed);
        Assert.Equal(3, await Times(() => parent.Ask(Asking.Help())));
    }

    [Fact]
    public async Task of_asks_that_are_remembered_leaves_half_to_the_token_above()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase(), ("Parle:Limits:RememberedAsksPerSeat", "4"));
        var parent = (await service.NewOwnedRoom(1)).Agents[0];
        var child = await parent.Narrowed(service, new { });
        foreach (var _ in (int[])[1, 2])
        {
            await child.Does(await child.Opens(Asking.Help()), "withdraw");
        }

        Assert.Equal("remembered_asks",
            (await (await child.Ask(Asking.Help())).IsRefused("resource_limit_exceeded", "cap", "used", "limit", "recovery")).Text("cap"));
        await parent.Opens(Asking.Help());
    }

    [Fact]
    public async Task of_one_ask_leaves_half_to_the_token_above()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase(), ("Parle:Limits:FactsPerAsk", "6"));
        var room = await service.NewOwnedRoom(2);
        var parent = room.Agents[0];
        var child = await parent.Narrowed(service, new { });
        var ask = await room.Agents[1].Opens(Asking.Help());
        await child.Does(ask, "claim", new { });
        Assert.Equal(2, await Times(() => child.Try(ask, "renew", new { })));

        Assert.Equal("ask_facts", (await (await child.Try(ask, "renew", new { }))
            .IsRefused("resource_limit_exceeded", "cap", "used", "limit", "recovery", "next")).Text("cap"));
        Assert.DoesNotContain("renew_claim", (await child.See(ask)).GetProperty("next").EnumerateArray().Select(act => act.GetString()));
        Assert.Equal("claimed", await parent.Does(ask, "renew", new { }));
        Assert.Equal("open", await child.Does(ask, "release"));
        Assert.Equal("claimed", await parent.Does(ask, "claim", new { }));
    }

    [Fact]
    public async Task of_rooms_leaves_half_to_the_person()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase(), ("Parle:Limits:RoomsPerPrincipal", "5"));
        var room = await service.NewOwnedRoom(1, "create_room"); // The first of five.
        var child = await room.Agents[0].Narrowed(service, new { });
        Assert.Equal(2, await Times(() => Open(child)));

        Assert.Equal("principal_rooms",
            (await (await Open(child)).IsRefused("resource_limit_exceeded", "cap", "used", "limit", "recovery")).Text("cap"));
        Assert.DoesNotContain(await Laws.Offer.All(child), offer => offer.Action.Id is "create_room" && offer.Allowed);
        await (await Open(room.Agents[0])).Json(HttpStatusCode.Created);
        await room.Owner.Opens();
        await (await Open(room.Agents[0])).IsRefused("resource_limit_exceeded", "cap", "used", "limit", "recovery");
    }

    private static Task<HttpResponseMessage> Open(TestAgent agent) =>
        agent.Send(HttpMethod.Post, "/v/rooms", """{"kind":"shared"}""", Guid.NewGuid().ToString());

    /// The number of successes in ten tries.
    private static async Task<int> Times(Func<Task<HttpResponseMessage>> act)
    {
        var done = 0;
        while (done < 10)
        {
            using var answer = await act();
            if (answer.StatusCode is not HttpStatusCode.Created)
            {
                break;
            }

            done++;
        }

        return done;
    }
}
