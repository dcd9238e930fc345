using System.Net;
using System.Text.Json;
using Parle.Tests.Crash;
using Parle.Tests.Service;

namespace Parle.Tests.Asks;

public class AnApproval(TestCluster cluster)
{
    [Fact]
    public async Task is_given_by_two_principals_and_used_once()
    {
        var (ana, _, ben, cleo) = await People();
        var ask = await ana.Opens(Asking.Approval(quorum: 2));

        Assert.Equal("open", await ben.Does(ask, "decide", Approve()));
        await (await ana.Try(ask, "consume", Use())).Refuses("act_not_possible");
        Assert.Equal("approved", await cleo.Does(ask, "decide", Approve()));
        await (await ana.Try(ask, "consume", Use(Asking.OtherDigest))).Refuses("validation_failed");
        Assert.Equal("consumed", await ana.Does(ask, "consume", Use()));

        await IsRefusedFor(await ana.Try(ask, "consume", Use()), "ask_is_consumed");
        Assert.Equal(["ask_opened", "ask_decided", "ask_decided", "ask_consumed"], await ben.HistoryOf(ask));
    }

    [Fact]
    public async Task is_never_given_by_ones_own_principal()
    {
        var (ana, kin, ben, _) = await People();
        var ask = await ana.Opens(Asking.Approval());

        await IsRefusedFor(await kin.Try(ask, "decide", Approve()), "own_principal");
        await IsRefusedFor(await ana.Try(ask, "decide", Approve()), "not_asked");
        Assert.Equal("open", await ben.StateOf(ask));
    }

    [Fact]
    public async Task is_never_given_twice_by_one_principal()
    {
        var (ana, kin, ben, _) = await People();
        var ask = await ben.Opens(Asking.Approval(quorum: 2));

        Assert.Equal("open", await ana.Does(ask, "decide", Approve()));
        await IsRefusedFor(await kin.Try(ask, "decide", Approve()), "decided");
        await IsRefusedFor(await ana.Try(ask, "decide", Approve()), "decided");
        Assert.Equal("open", await ben.StateOf(ask));
    }

    [Fact]
    public async Task is_denied_by_one()
    {
        var (ana, _, ben, cleo) = await People();
        var ask = await ana.Opens(Asking.Approval(quorum: 2));
        await ben.Does(ask, "decide", Approve());

        Assert.Equal(
            "denied", await cleo.Does(ask, "decide", new { decision = "deny", sha256 = Asking.Digest, reason = "Not on a Friday." }));

        await IsRefusedFor(await ana.Try(ask, "consume", Use()), "ask_is_denied");
    }

    [Fact]
    public async Task that_nobody_decided_is_neither_given_nor_denied()
    {
        var (ana, _, ben, _) = await People();
        var ask = await ana.Opens(Asking.Approval());

        await IsRefusedFor(await ana.Try(ask, "consume", Use()), "ask_is_open");
        Assert.Equal("open", await ben.StateOf(ask));
    }

    [Fact]
    public async Task is_of_the_digest_that_was_looked_at()
    {
        var (ana, _, ben, _) = await People();
        var ask = await ana.Opens(Asking.Approval());

        await (await ben.Try(ask, "decide", Approve(Asking.OtherDigest))).Refuses("validation_failed");
        await (await ben.Try(ask, "decide", new { decision = "approve" })).Refuses("validation_failed");
        await (await ben.Try(ask, "decide", new { decision = "maybe", sha256 = Asking.Digest })).Refuses("validation_failed");
        Assert.Equal("open", await ana.StateOf(ask));
    }

    [Fact]
    public async Task is_void_when_the_subject_is_replaced()
    {
        var (ana, _, ben, cleo) = await People();
        var ask = await ana.Opens(Asking.Approval(quorum: 2));
        await ben.Does(ask, "decide", Approve());
        await cleo.Does(ask, "decide", Approve());

        Assert.Equal("open", await ana.Does(ask, "subject", new { subject = Asking.Subject(Asking.OtherDigest) }));

        await IsRefusedFor(await ana.Try(ask, "consume", Use(Asking.OtherDigest)), "ask_is_open");
        await (await ben.Try(ask, "decide", Approve())).Refuses("validation_failed");
        Assert.Equal("open", await ben.Does(ask, "decide", Approve(Asking.OtherDigest)));
        Assert.Equal("approved", await cleo.Does(ask, "decide", Approve(Asking.OtherDigest)));
        await (await ana.Try(ask, "consume", Use())).Refuses("validation_failed");
        Assert.Equal("consumed", await ana.Does(ask, "consume", Use(Asking.OtherDigest)));
    }

    [Fact]
    public async Task expires_when_it_is_not_used()
    {
        var (ana, _, ben, _) = await People();
        var ask = await ana.Opens(Asking.Approval().With("valid_seconds", 1));
        Assert.Equal("approved", await ben.Does(ask, "decide", Approve()));

        await Until.Holds(async () => await ana.StateOf(ask) is "expired");

        await IsRefusedFor(await ana.Try(ask, "consume", Use()), "ask_is_expired");
    }

    [Fact]
    public async Task can_be_taken_back_until_it_is_used()
    {
        var (ana, _, ben, cleo) = await People();
        var ask = await ana.Opens(Asking.Approval(quorum: 2));
        await ben.Does(ask, "decide", Approve());
        await IsRefusedFor(await ben.Try(ask, "decide", Approve()), "decided");
        Assert.Equal("approved", await cleo.Does(ask, "decide", Approve()));

        Assert.Equal("denied", await ben.Does(ask, "decide", Deny()));
        await IsRefusedFor(await ana.Try(ask, "consume", Use()), "ask_is_denied");
        Assert.Equal(JsonValueKind.Null, (await ana.See(ask)).GetProperty("usable_until").ValueKind);
        Assert.Equal("open", await ben.Does(ask, "decision/withdraw", new { reason = "I have to look again." }));
        await IsRefusedFor(await ben.Try(ask, "decision/withdraw"), "nothing_decided");
        Assert.Equal("approved", await ben.Does(ask, "decide", Approve()));
        Assert.Equal("consumed", await ana.Does(ask, "consume", Use()));

        await IsRefusedFor(await ben.Try(ask, "decide", Deny()), "ask_is_consumed");
        await IsRefusedFor(await cleo.Try(ask, "decision/withdraw"), "ask_is_consumed");
        Assert.Equal(
            ["ask_opened", "ask_decided", "ask_decided", "ask_decided", "ask_decision_withdrawn", "ask_decided", "ask_consumed"],
            await cleo.HistoryOf(ask));
    }

    [Fact]
    public async Task is_taken_back_by_another_agent_of_the_same_principal()
    {
        var (ana, kin, ben, _) = await People();
        var ask = await ben.Opens(Asking.Approval());
        Assert.Equal("approved", await ana.Does(ask, "decide", Approve()));

        Assert.Equal("denied", await kin.Does(ask, "decide", Deny()));
        Assert.Equal("open", await ana.Does(ask, "decision/withdraw"));
    }

    [Fact]
    public async Task is_used_or_taken_back_and_never_both()
    {
        var (ana, _, ben, _) = await People();
        for (var i = 0; i < 6; i++)
        {
            var ask = await AnAsk.Approved(by: ben, askedBy: ana);

            var answers = await Task.WhenAll(
                ana.Try(ask, "consume", Use()), i % 2 == 0 ? ben.Try(ask, "decision/withdraw") : ben.Try(ask, "decide", Deny()));

            Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.Created);
            var used = answers[0].StatusCode is HttpStatusCode.Created;
            Assert.Equal(used ? "consumed" : i % 2 == 0 ? "open" : "denied", await ana.StateOf(ask));
            await (used ? answers[1] : answers[0]).Refuses("act_not_possible");
        }
    }

    [Fact]
    public async Task that_was_denied_stays_so_however_the_subject_is_called()
    {
        var (ana, _, ben, cleo) = await People();
        var ask = await ana.Opens(Asking.Approval());
        Assert.Equal("denied", await ben.Does(ask, "decide", Deny()));

        await IsRefusedFor(await ana.Try(ask, "subject", new { subject = Asking.Subject(Asking.Digest) }), "unchanged");
        await IsRefusedFor(
            await ana.Try(ask, "subject", new { subject = new { kind = "file", @ref = "elsewhere", sha256 = Asking.Digest } }),
            "unchanged");
        Assert.Equal("open", await ana.Does(ask, "subject", new { subject = Asking.Subject(Asking.OtherDigest) }));
        Assert.Equal("denied", await ana.Does(ask, "subject", new { subject = Asking.Subject(Asking.Digest) }));
        Assert.Equal("denied", await cleo.Does(ask, "decide", Approve()));
        await IsRefusedFor(await ana.Try(ask, "consume", Use()), "ask_is_denied");

        Assert.Equal("approved", await ben.Does(ask, "decide", Approve()));
        Assert.Equal("consumed", await ana.Does(ask, "consume", Use()));
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(2, true)]
    public async Task is_not_asked_of_fewer_than_it_needs(int quorum, bool possible)
    {
        var (ana, kin, ben, cleo) = await People(); // Two principals beside Ana's, who has another agent here.

        using var toAll = await ana.Ask(Asking.Approval(quorum));
        using var toTwo = await ana.Ask(Asking.Approval(quorum).To(ben, cleo));
        foreach (var answer in (HttpResponseMessage[])[toAll, toTwo])
        {
            if (!possible)
            {
                Assert.Equal("quorum_unreachable", (await answer.Refuses("validation_failed")).GetProperty("reason").GetString());
                continue;
            }

            var ask = (await answer.Json(HttpStatusCode.Created)).GetProperty("ask_id").GetGuid();
            Assert.True((await ana.See(ask)).GetProperty("quorum_reachable").GetBoolean());
        }

        await (await ana.Ask(Asking.Approval(2).To(ben))).Refuses("validation_failed");
        await (await ana.Ask(Asking.Approval(1).To(kin))).Refuses("validation_failed");
    }

    [Fact]
    public async Task tells_how_it_stands()
    {
        var (ana, _, ben, cleo) = await People();
        var ask = await ana.Opens(Asking.Approval(quorum: 2));
        await ben.Does(ask, "decide", Approve());
        Assert.Equal((1, 0, true), await Standing(cleo, ask));
        Assert.Contains("1 of 2 needed approve, 0 deny", await cleo.Page(ask), StringComparison.Ordinal);
        Assert.Contains("What a yes means", await cleo.Page(ask), StringComparison.Ordinal);

        await cleo.Does(ask, "decide", Deny());
        Assert.Equal((1, 1, true), await Standing(ana, ask));
        Assert.Equal(JsonValueKind.Null, (await ana.See(await ana.Opens(Asking.Help()))).GetProperty("approvals").ValueKind);

        static async Task<(int, int, bool)> Standing(TestAgent who, Guid ask)
        {
            var seen = await who.See(ask);
            var listed = (await who.List()).GetProperty("asks").EnumerateArray().Single(one => one.GetProperty("ask_id").GetGuid() == ask);
            foreach (var member in (string[])["approvals", "denials", "quorum_reachable"])
            {
                Assert.Equal(seen.GetProperty(member).GetRawText(), listed.GetProperty(member).GetRawText());
            }

            return (seen.GetProperty("approvals").GetInt32(), seen.GetProperty("denials").GetInt32(),
                seen.GetProperty("quorum_reachable").GetBoolean());
        }
    }

    [Fact]
    public async Task says_of_a_repeated_use_that_it_is_none()
    {
        var (ana, _, ben, _) = await People();
        var ask = await AnAsk.Approved(by: ben, askedBy: ana);

        var first = await (await ana.Try(ask, "consume", Use(), "use")).Json(HttpStatusCode.Created);
        var again = await (await ana.Try(ask, "consume", Use(), "use")).Json(HttpStatusCode.OK);

        Assert.Equal((false, true), (first.GetProperty("replayed").GetBoolean(), again.GetProperty("replayed").GetBoolean()));
        Assert.Equal(first.GetProperty("used_at").GetString(), again.GetProperty("used_at").GetString());
        Assert.False(first.TryGetProperty("statement", out _));
        Assert.Contains("no new use", again.GetProperty("statement").GetString(), StringComparison.Ordinal);
        await IsRefusedFor(await ana.Try(ask, "consume", Use(), "another"), "ask_is_consumed");
    }

    [Fact]
    public async Task is_used_by_one_of_fifty_that_try_at_once()
    {
        var (ana, _, ben, _) = await People();
        var ask = await AnAsk.Approved(by: ben, askedBy: ana);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => ana.Try(ask, "consume", Use(), $"use-{i}")));

        Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.Created);
        foreach (var answer in answers.Where(answer => answer.StatusCode is not HttpStatusCode.Created))
        {
            await IsRefusedFor(answer, "ask_is_consumed");
        }

        Assert.Equal(["ask_opened", "ask_decided", "ask_consumed"], await ana.HistoryOf(ask));
    }

    [Fact]
    public async Task is_not_used_again_by_a_retry()
    {
        var (ana, _, ben, _) = await People();
        var ask = await AnAsk.Approved(by: ben, askedBy: ana);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ana.Try(ask, "consume", Use(), "use")));

        Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.Created);
        Assert.Equal(19, answers.Count(answer => answer.StatusCode is HttpStatusCode.OK));
        await (await ana.Try(ask, "consume", Use(Asking.OtherDigest), "use")).Refuses("idempotency_conflict");
    }

    private static object Deny() => new { decision = "deny", sha256 = Asking.Digest };

    private static object Approve(string? sha256 = null) => new { decision = "approve", sha256 = sha256 ?? Asking.Digest };

    private static object Use(string? sha256 = null) => new { sha256 = sha256 ?? Asking.Digest };

    private static async Task IsRefusedFor(HttpResponseMessage answer, string reason)
    {
        var error = await answer.Refuses("act_not_possible");
        Assert.Equal((reason, JsonValueKind.Array), (error.GetProperty("reason").GetString(), error.GetProperty("next").ValueKind));
    }

    private async Task<(TestAgent Ana, TestAgent Kin, TestAgent Ben, TestAgent Cleo)> People()
    {
        var room = await (await cluster.Service).NewRoomWithKin();
        return (room.Agents[0], room.Agents[1], room.Agents[2], room.Agents[3]);
    }
}
