using System.Text.Json;
using Parle.Domain.Rooms;
using Parle.Tests.Contract;
using Parle.Tests.Service;

namespace Parle.Tests.Asks;

/// Beside the words of participants: in rows, and in the ask itself.
public class WhatTheServiceSaysOfAnAsk(TestCluster cluster)
{
    [Fact]
    public async Task names_the_audience_in_every_row_about_it()
    {
        var room = await cluster.Room(3);
        var (ana, ben, cleo) = (room.Agents[0], room.Agents[1], room.Agents[2]);
        var direct = await ana.Opens(Asking.Help().To(ben, cleo));
        var open = await ana.Opens(Asking.Logs());
        foreach (var ask in (Guid[])[direct, open])
        {
            await ben.Does(ask, "claim");
            await ben.Does(ask, "release");
        }

        var rows = (await ana.Read()).Messages();
        Assert.All(RowsOf(rows, direct), row => Assert.Equal(
            ("direct", $"{ben.Address} {cleo.Address}"),
            (row.GetProperty("addressing").Text("kind"), row.GetProperty("addressing").Text("text"))));
        Assert.All(RowsOf(rows, open), row => Assert.Equal("broadcast", row.GetProperty("addressing").Text("kind")));
        Assert.Equal(["open", "claimed", "open"], RowsOf(rows, direct).Select(row => row.GetProperty("ask").Text("state")));
    }

    [Fact]
    public async Task counts_the_decisions_and_says_when_they_are_enough()
    {
        var room = await cluster.Room(3);
        var (ana, ben, cleo) = (room.Agents[0], room.Agents[1], room.Agents[2]);
        var ask = await ana.Opens(Asking.Approval(quorum: 2));
        await ben.Does(ask, "decide", new { decision = "approve", sha256 = Asking.Digest });
        var one = await ana.See(ask);
        await cleo.Does(ask, "decide", new { decision = "approve", sha256 = Asking.Digest });
        var two = await ana.See(ask);

        Assert.Equal([("open", 1, 0, false), ("approved", 2, 0, true)], RowsOf((await ana.Read()).Messages(), ask)
            .Where(row => row.Text("event_type") is "ask_decided").Select(row => row.GetProperty("ask")).Select(said => (
                said.Text("state"), said.GetProperty("approvals").GetInt32(), said.GetProperty("denials").GetInt32(),
                said.TryGetProperty("usable_until", out _))));
        Assert.Equal([("approve", ben.Address)], Decisions(one));
        Assert.Equal([("approve", ben.Address), ("approve", cleo.Address)], Decisions(two));
        Assert.Contains("One denial denies it", two.Text("how_decided"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task shows_of_each_principal_the_decision_that_counts()
    {
        var room = await cluster.Room(3);
        var (ana, ben, cleo) = (room.Agents[0], room.Agents[1], room.Agents[2]);
        var ask = await ana.Opens(Asking.Approval(quorum: 2));
        await ben.Does(ask, "decide", new { decision = "deny", sha256 = Asking.Digest });
        await cleo.Does(ask, "decide", new { decision = "approve", sha256 = Asking.Digest });
        await ben.Does(ask, "decide", new { decision = "approve", sha256 = Asking.Digest });
        await cleo.Does(ask, "decision/withdraw", new { });

        Assert.Equal([("approve", ben.Address)], Decisions(await ana.See(ask)));
    }

    [Fact]
    public async Task names_the_decision_that_counts_of_the_present_subject()
    {
        var room = await cluster.Room(2);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        var ask = await ana.Opens(Asking.Approval());
        await ben.Does(ask, "decide", new { decision = "deny", sha256 = Asking.Digest });
        var denied = Assert.Single((await ana.See(ask)).GetProperty("decisions").EnumerateArray()).Text("event_id");
        await ana.Does(ask, "subject", new { subject = Asking.Subject(Asking.OtherDigest) });
        await ben.Does(ask, "decide", new { decision = "approve", sha256 = Asking.OtherDigest });
        await ana.Does(ask, "subject", new { subject = Asking.Subject(Asking.Digest) });

        var counts = Assert.Single((await ana.See(ask)).GetProperty("decisions").EnumerateArray());
        Assert.Equal(("deny", denied), (counts.Text("decision"), counts.Text("event_id")));
    }

    [Fact]
    public async Task repeats_the_verdict_of_a_review()
    {
        var room = await cluster.Room(2);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        var ask = await ana.Opens(Asking.Review());
        await ben.Does(ask, "claim");
        await ben.Does(ask, "answer", new { answer = new { verdict = "request_changes", sha256 = Asking.Digest } });

        Assert.Equal("request_changes", (await ana.See(ask)).Text("verdict"));
        Assert.Equal("request_changes", RowsOf((await ana.Read()).Messages(), ask).Last().GetProperty("ask").Text("verdict"));
    }

    private static IEnumerable<JsonElement> RowsOf(IEnumerable<JsonElement> rows, Guid ask) =>
        rows.Where(row => row.TryGetProperty("ask", out var said) && said.GetProperty("ask_id").GetGuid() == ask);

    private static IEnumerable<(string, string)> Decisions(JsonElement ask) =>
        ask.GetProperty("decisions").EnumerateArray().Select(decision => (decision.Text("decision"), decision.Text("by")));
}

internal static class RoomsOfAgents
{
    public static async Task<TestRoom> Room(this TestCluster cluster, int agents) =>
        await (await cluster.Service).NewRoomWithPresent([.. Enumerable.Repeat(History.FromAdmission, agents)]);
}
