using System.Net;
using System.Text.Json;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Asks;

/// Help, logs and reviews from the question to the accepted answer.
public class AnAnsweredAsk(TestCluster cluster)
{
    public static TheoryData<string, string> Kinds => new()
    {
        { "help", """{"text":"It expects a line break."}""" },
        { "logs", """{"excerpts":[{"source":"run 412","from":"10:00","text":"FAILED Parser"}],"cut":["412 lines that passed"]}""" },
        {
            "review",
            $$"""{"verdict":"request_changes","sha256":"{{Asking.Digest}}","comments":[{"place":"Parser.cs:12","text":"Missing."}],"text":"Nearly."}"""
        },
    };

    [Theory, MemberData(nameof(Kinds))]
    public async Task is_claimed_answered_contested_and_accepted(string kind, string answer)
    {
        var (ana, ben) = await AnaAndBen();
        var ask = await ana.Opens(Asking.Of(kind).With("done_when", new[] { "it is green" }));

        Assert.Equal("claimed", await ben.Does(ask, "claim"));
        Assert.Equal("claimed", await ben.Does(ask, "renew", new { lease_seconds = 60 }));
        Assert.Equal("answered", await ben.Does(ask, "answer", new { answer = JsonElement.Parse(answer) }));
        Assert.Equal("claimed", await ana.Does(ask, "contest", new { reason = "Line 12 is missing." }));
        Assert.Equal("answered", await ben.Does(ask, "answer", new { answer = JsonElement.Parse(answer) }));
        Assert.Equal("closed", await ana.Does(ask, "accept"));

        foreach (var reader in (TestAgent[])[ana, ben])
        {
            var seen = await reader.See(ask);
            Assert.Equal((kind, "closed"), (seen.GetProperty("kind").GetString(), seen.GetProperty("state").GetString()));
            Assert.True(
                JsonElement.DeepEquals(JsonElement.Parse(answer), seen.GetProperty("answer")), seen.GetProperty("answer").GetRawText());
            Assert.Equal("""["it is green"]""", seen.GetProperty("done_when").GetRawText());
            Assert.Equal(
                ["ask_opened", "ask_claimed", "ask_claim_renewed", "ask_answered", "ask_contested", "ask_answered", "ask_accepted"],
                seen.GetProperty("history").EnumerateArray().Select(row => row.GetProperty("event_type").GetString()));
        }
    }

    [Fact]
    public async Task of_a_review_is_of_the_digest_that_was_asked()
    {
        var (ana, ben) = await AnaAndBen();
        var ask = await ana.Opens(Asking.Review());
        await ben.Does(ask, "claim");

        await (await ben.Try(ask, "answer", new { answer = new { verdict = "approve", sha256 = Asking.OtherDigest } }))
            .Refuses("validation_failed");
        Assert.Equal("claimed", await ana.StateOf(ask));
    }

    [Fact]
    public async Task is_void_when_the_subject_is_replaced()
    {
        var (ana, ben) = await AnaAndBen();
        var ask = await ana.Opens(Asking.Review());
        await ben.Does(ask, "claim");
        await ben.Does(ask, "answer", new { answer = new { verdict = "approve", sha256 = Asking.Digest } });

        Assert.Equal("open", await ana.Does(ask, "subject", new { subject = Asking.Subject(Asking.OtherDigest) }));

        await (await ana.Try(ask, "accept")).Refuses("act_not_possible");
        var seen = await ben.See(ask);
        Assert.Equal(Asking.OtherDigest, seen.GetProperty("subject_sha256").GetString());
        Assert.Equal(Asking.OtherDigest, seen.GetProperty("subject").GetProperty("sha256").GetString());
        Assert.Equal(JsonValueKind.Null, seen.GetProperty("answer").ValueKind);
    }

    [Fact]
    public async Task is_over_when_all_who_were_asked_decline()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission, History.FromAdmission);
        var (ana, ben, cleo) = (room.Agents[0], room.Agents[1], room.Agents[2]);
        var ask = await ana.Opens(Asking.Help().To(ben, cleo));

        await cleo.Does(ask, "claim");
        Assert.Equal("open", await cleo.Does(ask, "decline", new { reason = "Not mine." }));
        Assert.Equal("declined", await ben.Does(ask, "decline", new { reason = "Nor mine." }));

        var seen = await ana.See(ask);
        Assert.Equal(("declined", JsonValueKind.Null), (seen.GetProperty("state").GetString(), seen.GetProperty("claimant").ValueKind));
        await (await ben.Try(ask, "claim")).Refuses("act_not_possible");
    }

    [Fact]
    public async Task leaves_no_claimant_when_the_last_who_works_on_it_declines()
    {
        var (ana, ben) = await AnaAndBen();
        var ask = await ana.Opens(Asking.Help().To(ben));
        await ben.Does(ask, "claim");

        Assert.Equal("declined", await ben.Does(ask, "decline"));

        Assert.Equal(JsonValueKind.Null, (await ana.See(ask)).GetProperty("claimant").ValueKind);
        Assert.Empty(await ben.Listed("?mine=claimed"));
    }

    [Fact]
    public async Task is_replayed_to_the_same_key_and_refused_to_another_meaning()
    {
        var (ana, ben) = await AnaAndBen();
        var first = await (await ana.Ask(Asking.Help(), key: "open")).Json(HttpStatusCode.Created);
        var again = await (await ana.Ask(Asking.Help(), key: "open")).Json(HttpStatusCode.OK);
        await (await ana.Ask(Asking.Help("Something else?"), key: "open")).Refuses("idempotency_conflict");
        var ask = first.GetProperty("ask_id").GetGuid();

        Assert.Equal((false, true), (first.GetProperty("replayed").GetBoolean(), again.GetProperty("replayed").GetBoolean()));
        Assert.Equal(WithoutReplayed(first), WithoutReplayed(again));

        var other = await ana.Opens(Asking.Help("Another?"));
        foreach (var (who, act, body, otherBody) in new (TestAgent, string, object?, object?)[]
        {
            (ben, "claim", new { lease_seconds = 60 }, new { lease_seconds = 61 }),
            (ben, "renew", new { lease_seconds = 60 }, new { lease_seconds = 61 }),
            (ben, "release", null, null),
            (ben, "claim", null, new { lease_seconds = 60 }),
            (ben, "answer", new { answer = new { text = "So." } }, new { answer = new { text = "Not so." } }),
            (ana, "contest", new { reason = "No." }, new { reason = "No!" }),
            (ben, "answer", new { answer = new { text = "So, then." } }, new { answer = new { text = "So." } }),
            (ana, "accept", null, null),
        })
        {
            var key = Guid.NewGuid().ToString();
            var done = await (await who.Try(ask, act, body, key)).Json(HttpStatusCode.Created);
            Assert.Equal(WithoutReplayed(done), WithoutReplayed(await (await who.Try(ask, act, body, key)).Json(HttpStatusCode.OK)));
            await (await who.Try(other, act, body, key)).Refuses("idempotency_conflict");
            if (otherBody is not null)
            {
                await (await who.Try(ask, act, otherBody, key)).Refuses("idempotency_conflict");
            }
        }

        Assert.Equal(9, (await ana.HistoryOf(ask)).Count);
        Assert.Equal(["ask_opened"], await ana.HistoryOf(other));
    }

    private static string WithoutReplayed(JsonElement receipt) =>
        string.Join('\n', receipt.EnumerateObject().Where(member => member.Name != "replayed")
            .Select(member => $"{member.Name}: {member.Value.GetRawText()}"));

    private async Task<(TestAgent Ana, TestAgent Ben)> AnaAndBen()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        return (room.Agents[0], room.Agents[1]);
    }
}
