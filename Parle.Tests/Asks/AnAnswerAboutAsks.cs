using System.Net;
using System.Text.Json;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Asks;

/// Law 10: nobody can be made to fetch more than 300 KiB, whatever others put on an ask, and all of it is read page by page.
public class AnAnswerAboutAsks(TestCluster cluster)
{
    private const int MaxBytes = 300 * 1024;

    // As many bytes as characters of a line may have, and spelt by the wire with three times as many.
    private static readonly string emoji = string.Concat(Enumerable.Repeat("🙂", 200));

    [Fact]
    public async Task of_which_everything_is_at_its_bound_is_small_and_whole()
    {
        var (ana, ben, _) = await People();
        var controls = new string('\u0001', 9_000); // Spelt with six bytes each.
        var packet = new
        {
            items = Enumerable.Range(0, 32)
                .Select(i => new { name = emoji, media_type = $"text/x-{new string('x', 120)}", text = $"part {i}" }),
            left_out = new[] { emoji }
        };
        var ask = await ana.Opens(
            Asking.Review(emoji).To(ben).With("request", new { focus = controls }).With("done_when", Enumerable.Repeat(emoji, 4))
                .With("context", packet)
                .With("subject", new { kind = "commit", @ref = string.Concat(Enumerable.Repeat("🙂", 1000)), sha256 = Asking.Digest }));
        await ben.Does(ask, "claim");
        var reason = string.Concat(Enumerable.Repeat("🙂", 2000));
        for (var i = 0; i < 3; i++)
        {
            await ben.Does(ask, "context", packet);
            await ana.Does(ask, "context", packet);
            await ben.Does(
                ask, "answer", new { answer = new { verdict = "comment", sha256 = Asking.Digest, text = new string('\u0001', 10_800) } });
            await ana.Does(ask, "contest", new { reason });
        }

        for (var i = 0; i < 60; i++)
        {
            await ben.Does(ask, "renew");
        }

        await ben.Does(ask, "answer",
            new { answer = new { verdict = "comment", sha256 = Asking.Digest, text = string.Concat(Enumerable.Repeat("🙂", 7_000)) } });

        foreach (var reader in (TestAgent[])[ana, ben])
        {
            var (types, items, before, after, seqs) = (new List<string>(), new List<Guid>(), "", "", new List<long>());
            do
            {
                var page = await Small(reader, $"/{ask}?{before}");
                types.InsertRange(
                    0, page.GetProperty("history").EnumerateArray().Select(row => row.GetProperty("event_type").GetString()!));
                seqs.InsertRange(0, page.GetProperty("history").EnumerateArray().Select(row => row.GetProperty("seq").GetInt64()));
                before = page.GetProperty("history_before") is { ValueKind: JsonValueKind.Number } next ? $"history_before={next}" : "";
            }
            while (before.Length > 0);

            do
            {
                var page = await Small(reader, $"/{ask}?{after}");
                items.AddRange(page.GetProperty("context").EnumerateArray().Select(item => item.GetProperty("item_id").GetGuid()));
                after = page.GetProperty("context_after") is { ValueKind: JsonValueKind.String } next ? $"context_after={next}" : "";
            }
            while (after.Length > 0);

            Assert.Equal(
                ["ask_opened", "ask_claimed",
                    .. Enumerable.Repeat((string[])["ask_context_added", "ask_context_added", "ask_answered", "ask_contested"], 3)
                        .SelectMany(one => one), .. Enumerable.Repeat("ask_claim_renewed", 60), "ask_answered"],
                types);
            Assert.Equal(Enumerable.Range((int)seqs[0], seqs.Count).Select(seq => (long)seq), seqs);
            Assert.Equal((7 * 32, 7 * 32), (items.Count, items.Distinct().Count()));
            Assert.InRange((await reader.Page(ask)).Length, 1000, MaxBytes);
        }

        var seen = await Small(ben, $"/{ask}");
        Assert.Equal(emoji, seen.GetProperty("title").GetString());
        Assert.Equal(controls, seen.GetProperty("request").GetProperty("focus").GetString());
        Assert.Equal(14_000, seen.GetProperty("answer").GetProperty("text").GetString()!.Length);
        Assert.True(seen.GetProperty("safety_facts").GetProperty("has_control").GetBoolean());
        var last = seen.GetProperty("history").EnumerateArray().Last();
        Assert.Contains("left out", last.GetProperty("content").GetString(), StringComparison.Ordinal);
        var where = last.GetProperty("payload").GetProperty("left_out").GetProperty("where").GetString()!;
        var there = (await (await ben.Send(HttpMethod.Get, where)).Json(HttpStatusCode.OK)).Messages()[0];
        Assert.Equal(last.GetProperty("event_id").GetGuid(), there.GetProperty("event_id").GetGuid());
        Assert.Contains(seen.GetProperty("left_out").EnumerateArray(),
            left => left.GetProperty("what").GetString() == "read_context" && left.GetProperty("count").GetInt32() == (7 * 32) - 3);
    }

    [Fact]
    public async Task to_somebody_among_200_asks_of_others_is_small_and_names_what_is_its_own()
    {
        var (ana, ben, cleo) = await People();
        var (toBen, own) = (await cleo.Opens(Asking.Help().To(ben)), await ben.Opens(Asking.Help()));
        for (var i = 0; i < 200; i++)
        {
            await ana.Opens(Asking.Help(emoji).With("context", Asking.Packet("a", "b", "c", "d")));
        }

        var offered = await Small(ben, "", $"/v/rooms/{ben.RoomID}/affordances");
        var named = offered.GetProperty("affordances").EnumerateArray().Where(row => row.TryGetProperty("ask_id", out _))
            .Select(row => row.GetProperty("ask_id").GetGuid()).Distinct().ToList();
        Assert.Contains(toBen, named);
        Assert.Contains(own, named);
        Assert.Equal(202 - named.Count, offered.GetProperty("left_out").EnumerateArray()
            .Single(left => left.GetProperty("what").GetString() == "asks").GetProperty("count").GetInt32());

        var (listed, after) = (new List<Guid>(), "");
        do
        {
            var page = await Small(ben, $"?{after}");
            listed.AddRange(page.GetProperty("asks").EnumerateArray().Select(ask => ask.GetProperty("ask_id").GetGuid()));
            after = page.GetProperty("next") is { ValueKind: JsonValueKind.String } next ? $"after={next}" : "";
        }
        while (after.Length > 0);

        Assert.Equal((202, 202), (listed.Count, listed.Distinct().Count()));
    }

    [Theory]
    [InlineData("history_before=x")]
    [InlineData("history_before=-1")]
    [InlineData("history_before=")]
    [InlineData("history_before=1&history_before=2")]
    [InlineData("context_after=x")]
    [InlineData("context_after=")]
    public async Task is_not_given_for_a_page_that_cannot_be(string query)
    {
        var (ana, _, _) = await People();
        var ask = await ana.Opens(Asking.Help());

        await (await ana.Send(HttpMethod.Get, $"{ana.AsksOf()}/{ask}?{query}")).Refuses("malformed_request");
    }

    [Fact]
    public async Task holds_no_more_words_than_one_act_may_say()
    {
        var (ana, ben, _) = await People();
        var criteria = Enumerable.Repeat(new string('x', 500), 20);

        await (await ana.Ask(Asking.Help().With("request", new { question = new string('é', 30_000) }).With("done_when", criteria)))
            .Refuses("payload_too_large");
        Assert.Empty(await ben.Listed());
    }

    private static async Task<JsonElement> Small(TestAgent reader, string query, string? path = null)
    {
        using var answer = await reader.Send(HttpMethod.Get, path ?? reader.AsksOf() + query);
        var bytes = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode is HttpStatusCode.OK && bytes.Length <= MaxBytes, $"{answer.StatusCode}: {bytes.Length} bytes.");
        return JsonElement.Parse(bytes);
    }

    private async Task<(TestAgent Ana, TestAgent Ben, TestAgent Cleo)> People()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission, History.FromAdmission);
        return (room.Agents[0], room.Agents[1], room.Agents[2]);
    }
}
