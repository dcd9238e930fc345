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

        Assert.Equal("denied", await cleo.Does(ask, "decide", new { decision = "deny", sha256 = Asking.Digest, reason = "Not on a Friday." }));

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
