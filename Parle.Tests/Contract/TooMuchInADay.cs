using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Parle.Api.Contract;
using Parle.Domain.Rooms;
using Parle.Tests.Service;
using Parle.Tests.Tokens;

namespace Parle.Tests.Contract;

public class TooMuchInADay(TestCluster cluster)
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(DateTimeOffset.UtcNow.UtcDateTime.Date.AddHours(22), TimeSpan.Zero));

    [Fact]
    public async Task has_to_wait_for_midnight_and_costs_nobody_else_anything()
    {
        await using var service = await Limited(await cluster.NewDatabase(), ("WritesPerDay", "6"));
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission); // Two writes each.
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        for (var i = 0; i < 4; i++)
        {
            await (await ana.Say($"{i}")).Json(HttpStatusCode.Created);
        }

        var error = await (await ana.Say("one too many")).IsRefused("rate_limited", "cap", "used", "limit", "recovery");
        Assert.Equal(("writes_per_day", 6, 7_200_000),
            (error.Text("cap"), error.GetProperty("used").GetInt32(), error.GetProperty("retry_after_ms").GetInt32()));
        // Reading is no writing.
        Assert.Equal(4, (await ana.Read()).Messages().Count(row => row.Text("event_type") == "message_submitted"));
        await (await ben.Say("hello")).Json(HttpStatusCode.Created);

        clock.Advance(TimeSpan.FromHours(2));
        await (await ana.Say("the next day")).Json(HttpStatusCode.Created);
    }

    [Fact]
    public async Task below_a_token_leaves_half_to_the_token()
    {
        await using var service = await Limited(await cluster.NewDatabase(), ("WritesPerDay", "8"));
        var owner = await TokenOwner.At(service, present: true);
        var child = await owner.Agent.Narrowed(service, new { }); // The third write of its parent.
        var refused = 0;
        for (var i = 0; i < 10; i++)
        {
            using var answer = await child.Send(HttpMethod.Post, "/v/agent/sessions", "{}");
            refused += answer.StatusCode is HttpStatusCode.TooManyRequests ? 1 : 0;
        }

        Assert.Equal(6, refused);
        await (await owner.Agent.Say("mine")).Json(HttpStatusCode.Created);
        await (await owner.Agent.Say("one too many")).IsRefused("rate_limited", "cap", "used", "limit", "recovery");
    }

    [Fact]
    public async Task of_a_principal_has_a_bound_however_many_tokens_it_has()
    {
        await using var service = await Limited(await cluster.NewDatabase(), ("WritesPerDay", "8"), ("WritesPerDayAndPrincipal", "10"));
        var owner = await TokenOwner.At(service, present: true); // Two writes each, of it and of Ben.
        var other = new TestAgent(service.Client(), owner.RoomID, (await owner.Mints()).Text("token"));
        var (started, tried) = (0, 0);
        for (; tried < 8; tried++)
        {
            using var answer = await other.Send(HttpMethod.Post, "/v/agent/sessions", "{}");
            started += answer.StatusCode is HttpStatusCode.Created ? 1 : 0;
        }

        Assert.Equal(6, started); // One token never has more than three quarters.
        await (await owner.Agent.Say("nine")).Json(HttpStatusCode.Created);
        await (await owner.Agent.Say("ten")).Json(HttpStatusCode.Created);
        var error = await (await owner.Agent.Say("one too many")).IsRefused("rate_limited", "cap", "used", "limit", "recovery");
        Assert.Equal(("writes_per_day_of_a_principal", 10, 10),
            (error.Text("cap"), error.GetProperty("used").GetInt32(), error.GetProperty("limit").GetInt32()));
        await (await owner.Ben.Say("hello")).Json(HttpStatusCode.Created);
        await owner.Mints(); // In person.
    }

    [Fact]
    public async Task is_counted_by_length_too_also_of_bodies_that_do_not_say_theirs()
    {
        await using var service = await Limited(await cluster.NewDatabase(), ("MegabytesPerDay", "1"));
        var ana = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var sent = 0;
        HttpStatusCode status;
        do
        {
            using var answer = await ana.Say(new string('x', 60_000));
            status = answer.StatusCode;
            sent++;
        }
        while (status is HttpStatusCode.Created && sent < 30);

        Assert.Equal((HttpStatusCode.TooManyRequests, 18), (status, sent));
    }

    [Fact]
    public async Task is_told_to_other_nodes_and_remembered_over_a_restart()
    {
        var database = await cluster.NewDatabase();
        TestAgent ana;
        await using (var service = await Limited(database, ("WritesPerDay", "4")))
        {
            ana = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
            await (await ana.Say("three")).Json(HttpStatusCode.Created);
            await service.Host.Services.GetRequiredService<DailyUse>().Synchronise(TestContext.Current.CancellationToken);
            await (await ana.Say("four")).Json(HttpStatusCode.Created);
        }

        await using var again = await Limited(database, ("WritesPerDay", "4"));
        await (await ana.At(again.Client()).Say("five")).IsRefused("rate_limited", "cap", "used", "limit", "recovery");
    }

    private Task<ParleService> Limited(string database, params (string Name, string Value)[] limits) =>
        ParleService.Start(database, parts => parts.AddSingleton<TimeProvider>(clock),
            [.. limits.Select(limit => ($"Parle:Limits:{limit.Name}", limit.Value))]);
}
