using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Parle.Tests.Asks;
using Parle.Tests.Laws;
using Parle.Tests.Service;
using Parle.Tests.Tokens;

namespace Parle.Tests.Contract;

/// The loop guard, and how many asks can be open.
public class AnEndlessExchange(TestCluster cluster)
{
    private readonly FakeTimeProvider clock = new(DateTimeOffset.UtcNow);

    [Fact]
    public async Task is_put_off_and_nothing_of_it_is_lost()
    {
        await using var service = await Guarded(cluster);
        var (ana, ben) = await Two(service);
        await ana.Tell(ben.Address, "1");
        await ben.Tell(ana.Address, "2");
        await (await ana.Reply((await ana.Drain()).Messages()[0], "3")).Json(HttpStatusCode.Created);
        await ben.Tell(ana.Address, "4");
        var before = await service.RecordOf(ana.RoomID);

        var error = await (await ana.Say("5", "five", to: ben.Address)).IsRefused("rate_limited", "reason", "unlock");
        Assert.Equal(("loop_guard", 30_000), (error.Text("reason"), error.GetProperty("retry_after_ms").GetInt32()));
        Assert.Equal(before, await service.RecordOf(ana.RoomID));

        clock.Advance(TimeSpan.FromSeconds(30));
        await (await ana.Say("5", "five", to: ben.Address)).Json(HttpStatusCode.Created);
        await (await ben.Reply((await ben.Drain()).Messages()[^2], "6", "six")).Json(HttpStatusCode.Created);
        await (await ana.Say("5", "five", to: ben.Address)).Json(HttpStatusCode.OK);
    }

    [Fact]
    public async Task of_words_to_all_is_put_off_and_not_offered()
    {
        await using var service = await Guarded(cluster);
        var (ana, ben) = await Two(service);
        foreach (var who in (TestAgent[])[ana, ben, ana, ben, ana])
        {
            await (await who.Say("Yes.")).Json(HttpStatusCode.Created);
        }

        var withheld = Assert.Single(await Offer.All(ben), offer => offer.Action.Id is "post_message");
        Assert.Equal((false, "loop_guard"), (withheld.Allowed, withheld.Reason));
        await withheld.IsRefused(ben);
        Assert.True(Assert.Single(await Offer.All(ana), offer => offer.Action.Id is "post_message").Allowed);

        await ana.Opens(Asking.Help());
        Assert.True(Assert.Single(await Offer.All(ben), offer => offer.Action.Id is "post_message").Allowed);
        await (await ben.Say("Yes.")).Json(HttpStatusCode.Created);
    }

    [Fact]
    public async Task of_replies_is_not_offered_either()
    {
        await using var service = await Guarded(cluster);
        var (ana, ben) = await Two(service);
        foreach (var (from, to) in ((TestAgent, TestAgent)[])[(ben, ana), (ana, ben), (ben, ana), (ana, ben)])
        {
            await from.Tell(to.Address, "Your turn.");
        }

        var withheld = Assert.Single(await Offer.All(ben), offer => offer.Action.Id is "post_reply");
        Assert.Equal((false, "loop_guard"), (withheld.Allowed, withheld.Reason));
        await (await ben.Reply((await ben.Drain()).Messages()[^1], "So?")).IsRefused("rate_limited", "reason", "unlock");
        clock.Advance(TimeSpan.FromSeconds(30));
        await Assert.Single(await Offer.All(ben), offer => offer.Action.Id is "post_reply").Succeeds(ben);
    }

    [Fact]
    public async Task is_remembered_by_a_node_that_comes_later()
    {
        await using var service = await Guarded(cluster);
        var (ana, ben) = await Two(service);
        foreach (var (from, to) in ((TestAgent, TestAgent)[])[(ben, ana), (ana, ben), (ben, ana), (ana, ben)])
        {
            await from.Tell(to.Address, "Your turn.");
        }

        await using var later = await Guarded(cluster, service.ConnectionString);
        await (await ben.At(later.Client()).Say("5", to: ana.Address)).IsRefused("rate_limited", "reason", "unlock");
    }

    [Fact]
    public async Task of_asks_ends_when_as_many_are_open_as_can_be()
    {
        await using var service = await Guarded(cluster);
        var (ana, ben) = await Two(service);
        var asks = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            asks.Add(await ana.Opens(Asking.Help().With("addressing", new { audience = "direct", to = ben.Address })));
        }

        var error = await (await ana.Ask(Asking.Help())).IsRefused("resource_limit_exceeded", "cap", "used", "limit", "recovery");
        Assert.Equal(("open_asks", 3, 3), (error.Text("cap"), error.GetProperty("used").GetInt32(), error.GetProperty("limit").GetInt32()));
        var withheld = Assert.Single(await Offer.All(ana), offer => offer.Action.Id is "open_ask");
        Assert.Equal((false, "resource_limit_exceeded"), (withheld.Allowed, withheld.Reason));
        await withheld.IsRefused(ana);
        await ben.Opens(Asking.Help()); // Each seat has its own number.

        await ana.Does(asks[0], "withdraw");
        await ana.Opens(Asking.Help());
    }

    private static async Task<(TestAgent Ana, TestAgent Ben)> Two(ParleService service) =>
        await TokenOwner.At(service) is var owner ? (owner.Agent, owner.Ben) : default;

    private async Task<ParleService> Guarded(TestCluster cluster, string? database = null) => await ParleService.Start(
        database ?? await cluster.NewDatabase(), services => services.AddSingleton<TimeProvider>(clock),
        ("Parle:Limits:TurnsPerPair", "4"), ("Parle:Limits:LoopPauseSeconds", "30"), ("Parle:Limits:OpenAsksPerSeat", "3"));
}
