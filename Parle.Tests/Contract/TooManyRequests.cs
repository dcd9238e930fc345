using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Parle.Tests.Service;
using Parle.Tests.Tokens;

namespace Parle.Tests.Contract;

public class TooManyRequests(TestCluster cluster)
{
    private readonly FakeTimeProvider clock = new(DateTimeOffset.UtcNow);

    [Fact]
    public async Task with_one_token_have_to_wait_exactly_as_long_as_they_are_told()
    {
        await using var service = await Limited(("TokenRequestsPerSecond", "4"), ("TokenBurst", "6"));
        var ana = (await TokenOwner.At(service, present: false)).Agent;
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ana.Send(HttpMethod.Get, "/v/agent/self")));

        Assert.Equal(6, answers.Count(answer => answer.StatusCode is HttpStatusCode.OK));
        var error = await answers.First(answer => answer.StatusCode is not HttpStatusCode.OK).IsRefused("rate_limited", "cap", "limit");
        Assert.Equal((250, "token_requests_per_second", 4),
            (error.GetProperty("retry_after_ms").GetInt32(), error.Text("cap"), error.GetProperty("limit").GetInt32()));

        clock.Advance(TimeSpan.FromMilliseconds(249));
        Assert.Equal(1, (await (await ana.Send(HttpMethod.Get, "/v/agent/self")).IsRefused("rate_limited", "cap", "limit"))
            .GetProperty("retry_after_ms").GetInt32());
        clock.Advance(TimeSpan.FromMilliseconds(1));
        await (await ana.Send(HttpMethod.Get, "/v/agent/self")).Json(HttpStatusCode.OK);
        await (await ana.Send(HttpMethod.Get, "/v/agent/self")).IsRefused("rate_limited", "cap", "limit");

        clock.Advance(TimeSpan.FromHours(1));
        answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ana.Send(HttpMethod.Get, "/v/agent/self")));
        Assert.Equal(6, answers.Count(answer => answer.StatusCode is HttpStatusCode.OK)); // An hour saves up no more than a burst.
    }

    [Fact]
    public async Task are_counted_for_a_token_with_all_below_it_and_for_no_other()
    {
        await using var service = await Limited(("TokenRequestsPerSecond", "1"), ("TokenBurst", "3"));
        var owner = await TokenOwner.At(service, present: false);
        var child = await owner.Agent.Narrowed(service, new { });
        await (await child.Send(HttpMethod.Get, "/v/agent/self")).Json(HttpStatusCode.OK);
        await (await owner.Agent.Send(HttpMethod.Get, "/v/agent/self")).Json(HttpStatusCode.OK);

        await (await child.Send(HttpMethod.Get, "/v/agent/self")).IsRefused("rate_limited", "cap", "limit");
        await (await owner.Agent.Send(HttpMethod.Get, "/v/agent/self")).IsRefused("rate_limited", "cap", "limit");
        await (await owner.Ben.Send(HttpMethod.Get, "/v/agent/self")).Json(HttpStatusCode.OK);
    }

    /// A child's requests count against its own share; its parent has one half for itself, whatever is below it.
    [Fact]
    public async Task of_a_narrower_token_leave_the_one_above_its_half()
    {
        await using var service = await Limited(("TokenRequestsPerSecond", "40"), ("TokenBurst", "80"));
        var owner = await TokenOwner.At(service);
        var child = await owner.Agent.Narrowed(service, new { actions = (string[])["read_projection"], uses = 1 });
        for (var i = 0; i < 20; i++)
        {
            var flood = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => child.Send(HttpMethod.Get, "/v/agent/self")));
            Assert.Contains(flood, answer => answer.StatusCode is HttpStatusCode.TooManyRequests);
            await (await owner.Agent.Say($"{i}")).Json(HttpStatusCode.Created);
            clock.Advance(TimeSpan.FromMilliseconds(50));
        }
    }

    [Fact]
    public async Task of_one_principal_in_a_room_leave_others_theirs()
    {
        await using var service = await Limited(("RoomRequestsPerSecond", "40"), ("RoomBurst", "80"));
        var owner = await TokenOwner.At(service);
        for (var i = 0; i < 20; i++)
        {
            var flood = await Task.WhenAll(Enumerable.Range(0, 90).Select(_ => owner.Ben.Send(HttpMethod.Get, owner.Ben.Projection)));
            Assert.True(i > 0 || flood.Any(answer => answer.StatusCode is HttpStatusCode.TooManyRequests));
            await (await owner.Agent.Say($"{i}")).Json(HttpStatusCode.Created);
            clock.Advance(TimeSpan.FromMilliseconds(50));
        }
    }

    [Fact]
    public async Task of_a_person_are_counted_too()
    {
        await using var service = await Limited(("TokenRequestsPerSecond", "1"), ("TokenBurst", "2"));
        var (ana, ben) = (await TokenOwner.At(service, present: false), await TokenOwner.At(service, present: false));
        await ana.Lists();
        await ana.Lists();
        await (await ana.Send(HttpMethod.Get, ana.Tokens)).IsRefused("rate_limited", "cap", "limit");
        await ben.Lists();
    }

    [Fact]
    public async Task in_one_room_are_counted_for_the_room_whoever_sends_them()
    {
        await using var service = await Limited(("RoomRequestsPerSecond", "1"), ("RoomBurst", "4"));
        var (owner, other) = (await TokenOwner.At(service), await TokenOwner.At(service)); // Each entered twice.
        await owner.Agent.Read();
        await owner.Ben.Read();

        var error = await (await owner.Ben.Send(HttpMethod.Get, owner.Ben.Projection)).IsRefused("rate_limited", "cap", "limit");
        Assert.Equal(("room_requests_per_second", 2000), (error.Text("cap"), error.GetProperty("retry_after_ms").GetInt32()));
        await (await owner.Ben.Send(HttpMethod.Get, "/v/agent/self")).Json(HttpStatusCode.OK);
        await other.Ben.Read();
    }

    [Fact]
    public async Task are_those_of_who_was_let_in_before_the_body_is_read()
    {
        await using var service = await Limited(
            ("TokenRequestsPerSecond", "1"), ("TokenBurst", "2"), ("RoomRequestsPerSecond", "1"), ("RoomBurst", "1"));
        var owner = await TokenOwner.At(service, present: false);
        for (var i = 0; i < 5; i++)
        {
            await (await service.Client().GetAsync(owner.Agent.Projection)).IsRefused("invalid_agent_token");
        }

        await (await owner.Agent.Send(HttpMethod.Post, "/v/agent/sessions", "{")).IsRefused("malformed_request");
        await (await owner.Agent.Send(HttpMethod.Post, "/v/agent/sessions", "{")).IsRefused("malformed_request");
        await (await owner.Agent.Send(HttpMethod.Post, "/v/agent/sessions", "{")).IsRefused("rate_limited", "cap", "limit");
    }

    [Fact]
    public async Task do_not_come_of_waiting()
    {
        await using var service = await Limited(("TokenRequestsPerSecond", "1"), ("TokenBurst", "6"));
        var owner = await TokenOwner.At(service); // A session and an entry each.
        var head = (await owner.Agent.Read()).GetProperty("watermark").GetInt64();
        using var rows = await Frames.OfRoom(owner.Agent, head);
        var page = owner.Agent.Read(head, wait: 30);
        for (var i = 0; i < 3; i++)
        {
            await (await owner.Ben.Say($"row {i}")).Json(HttpStatusCode.Created);
            Assert.Equal($"row {i}", Frames.Row((await rows.Next())!).Body());
        }

        Assert.NotEmpty((await page).Messages());
        await owner.Agent.Read();
        await (await owner.Agent.Send(HttpMethod.Get, owner.Agent.Projection)).IsRefused("rate_limited", "cap", "limit");
    }

    private async Task<ParleService> Limited(params (string Name, string Value)[] limits) => await ParleService.Start(
        await cluster.NewDatabase(), services => services.AddSingleton<TimeProvider>(clock),
        [.. limits.Select(limit => ($"Parle:Limits:{limit.Name}", limit.Value))]);
}
