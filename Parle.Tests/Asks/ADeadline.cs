using System.Net;
using System.Text.Json;
using Parle.Domain.Rooms;
using Parle.Tests.Crash;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Asks;

public class ADeadline(TestCluster cluster)
{
    [Fact]
    public async Task gives_a_silent_claim_back()
    {
        var (ana, ben, cleo) = await People(await cluster.Service);
        var ask = await ana.Opens(Asking.Help());
        await ben.Does(ask, "claim", new { lease_seconds = 1 });

        await Until.Holds(async () => (await ana.HistoryOf(ask)) is [_, "ask_claimed", "ask_claim_lapsed"]);

        Assert.Equal("open", await ana.StateOf(ask));
        await (await ben.Try(ask, "answer", new { answer = new { text = "Too late." } })).Refuses("act_not_possible");
        Assert.Equal("claimed", await cleo.Does(ask, "claim"));
    }

    [Fact]
    public async Task of_a_claim_that_was_renewed_is_the_new_one()
    {
        var (ana, ben, _) = await People(await cluster.Service);
        var (renewed, silent) = (await ana.Opens(Asking.Help()), await ana.Opens(Asking.Help()));
        await ben.Does(renewed, "claim", new { lease_seconds = 1 });
        await ben.Does(renewed, "renew", new { lease_seconds = 600 });
        await ben.Does(silent, "claim", new { lease_seconds = 1 });

        await Until.Holds(async () => await ana.StateOf(silent) is "open"); // Its lease ended after the other's first one.

        Assert.Equal("claimed", await ana.StateOf(renewed));
    }

    [Fact]
    public async Task ends_an_ask_that_nobody_answered()
    {
        var (ana, ben, _) = await People(await cluster.Service);
        var ask = await ana.Opens(Asking.Help().With("due_at", DateTimeOffset.UtcNow.AddSeconds(1)));

        await Until.Holds(async () => await ana.StateOf(ask) is "expired");

        var error = await (await ben.Try(ask, "claim")).Refuses("act_not_possible");
        Assert.Equal("ask_is_expired", error.GetProperty("reason").GetString());
        Assert.Contains((await ana.Drain()).Messages(), row => row.GetProperty("event_type").GetString() == "ask_expired");
    }

    [Fact]
    public async Task does_not_touch_what_was_answered_in_time()
    {
        var (ana, ben, _) = await People(await cluster.Service);
        var due = DateTimeOffset.UtcNow.AddSeconds(8); // Time enough to answer on a busy machine.
        var (answered, forgotten) = (await ana.Opens(Asking.Help().With("due_at", due)),
            await ana.Opens(Asking.Help().With("due_at", due)));
        await ben.Does(answered, "claim");
        await ben.Does(answered, "answer", new { answer = new { text = "So." } });

        await Until.Holds(async () => await ana.StateOf(forgotten) is "expired");

        Assert.Equal("answered", await ana.StateOf(answered));
        Assert.Equal("closed", await ana.Does(answered, "accept"));
    }

    [Fact]
    public async Task that_races_an_answer_leaves_one_winner()
    {
        var service = await cluster.Service;
        var (ana, ben, _) = await People(service);
        var asks = new List<Guid>();
        for (var i = 0; i < 8; i++)
        {
            asks.Add(await ana.Opens(Asking.Help()));
        }

        var won = await Task.WhenAll(asks.Select(async ask =>
        {
            await ben.Does(ask, "claim", new { lease_seconds = 1 });
            await Until.Holds(async () => (await ana.See(ask)).GetProperty("lease_until") is var lease
                && (lease.ValueKind is JsonValueKind.Null || lease.GetDateTimeOffset() <= DateTimeOffset.UtcNow));
            return (await ben.Try(ask, "answer", new { answer = new { text = "Just in time?" } })).StatusCode is HttpStatusCode.Created;
        }));
        await Until.Holds(async () => await service.Scalar<long>("select count(*) from parle.wolverine_incoming_envelopes where "
            + "message_type like '%Deadline%' and status = 'Scheduled' and execution_time <= now()") == 0);

        foreach (var (ask, answered) in asks.Zip(won))
        {
            Assert.Equal(answered ? ["ask_opened", "ask_claimed", "ask_answered"] : ["ask_opened", "ask_claimed", "ask_claim_lapsed"],
                await ana.HistoryOf(ask));
        }
    }

    [Fact]
    public async Task survives_a_restart()
    {
        var database = await cluster.NewDatabase();
        List<TestAgent> people;
        Guid lapses, expires, unused, waits;
        await using (var before = await ParleService.Start(database))
        {
            var (ana, ben, _) = await People(before);
            people = [ana, ben];
            (lapses, waits) = (await ana.Opens(Asking.Help()), await ana.Opens(Asking.Approval()));
            expires = await ana.Opens(Asking.Help().With("due_at", DateTimeOffset.UtcNow.AddSeconds(2)));
            unused = await ana.Opens(Asking.Approval().With("valid_seconds", 2));
            await ben.Does(unused, "decide", new { decision = "approve", sha256 = Asking.Digest });
            await ben.Does(lapses, "claim", new { lease_seconds = 2 });
        }

        await using var after = await ParleService.Start(database);
        var again = people[0].At(after.Client());
        await Until.Holds(async () => await again.StateOf(lapses) is "open");
        await Until.Holds(async () => await again.StateOf(expires) is "expired");
        await Until.Holds(async () => await again.StateOf(unused) is "expired");

        Assert.Equal(["ask_opened", "ask_claimed", "ask_claim_lapsed"], await again.HistoryOf(lapses));
        Assert.Equal("open", await again.StateOf(waits)); // Nobody has decided, which is not a denial.
        Assert.Equal(
            "approved", await people[1].At(after.Client()).Does(waits, "decide", new { decision = "approve", sha256 = Asking.Digest }));
    }

    private static async Task<(TestAgent Ana, TestAgent Ben, TestAgent Cleo)> People(ParleService service)
    {
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission, History.FromAdmission);
        return (room.Agents[0], room.Agents[1], room.Agents[2]);
    }
}
