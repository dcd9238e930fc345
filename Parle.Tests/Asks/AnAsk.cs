using Parle.Api.Registry;
using Parle.Tests.Service;

namespace Parle.Tests.Asks;

/// Asks brought to where something can be done about them.
internal static class AnAsk
{
    /// An ask about which <paramref name="who"/> can do this as the registry's example says it; <paramref name="other"/> has the other part
    /// in it.
    public static async Task<Guid> For(ParleAction action, TestAgent who, TestAgent other) => action.Id switch
    {
        "claim_ask" => await other.Opens(Asking.Logs()),
        "decline_ask" => await other.Opens(Asking.Logs().To(who)),
        "renew_claim" or "release_claim" or "answer_ask" => await Claimed(by: who, askedBy: other),
        "accept_answer" or "contest_answer" => await Answered(by: other, askedBy: who),
        "decide_approval" => await other.Opens(Asking.Approval()),
        "withdraw_decision" => await Approved(by: who, askedBy: other),
        "consume_approval" => await Approved(by: other, askedBy: who),
        "replace_subject" => await who.Opens(Asking.Approval()),
        _ => await who.Opens(Asking.Logs().With("context", Asking.Packet("FAILED Parser.reads_nothing"))),
    };

    public static async Task<Guid> Claimed(TestAgent by, TestAgent askedBy)
    {
        var ask = await askedBy.Opens(Asking.Logs());
        Assert.Equal("claimed", await by.Does(ask, "claim"));
        return ask;
    }

    public static async Task<Guid> Answered(TestAgent by, TestAgent askedBy)
    {
        var ask = await Claimed(by, askedBy);
        Assert.Equal("answered", await by.Does(ask, "answer", LogsAnswer));
        return ask;
    }

    public static async Task<Guid> Approved(TestAgent by, TestAgent askedBy)
    {
        var ask = await askedBy.Opens(Asking.Approval());
        Assert.Equal("approved", await by.Does(ask, "decide", new { decision = "approve", sha256 = Asking.Digest }));
        return ask;
    }

    public static object LogsAnswer { get; } = new
    {
        answer =
            new { excerpts = new[] { new { source = "test run 412", text = "FAILED Parser.reads_nothing" } }, cut = new[] { "the rest" } }
    };
}
