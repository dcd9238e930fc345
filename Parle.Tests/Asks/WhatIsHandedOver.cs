using System.Net;
using System.Text.Json;
using Parle.Domain.Rooms;
using Parle.Tests.Crash;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Asks;

/// Context packets, with asks, with answers and by themselves.
public class WhatIsHandedOver(TestCluster cluster)
{
    private const int ItemBytes = 256 * 1024;

    [Fact]
    public async Task is_read_item_by_item()
    {
        var (ana, ben) = await AnaAndBen();
        var ask = await ana.Opens(Asking.Logs().With("context", new
        {
            items = new object[]
            {
                new { name = "a.log", media_type = "text/x-log", text = "FAILED é" },
                new { name = "run", json = new { number = 412, ok = false } }
            },
            left_out = new[] { "412 lines that passed" },
        }));

        var items = (await ben.See(ask)).GetProperty("context").EnumerateArray().ToList();
        var (text, json) = (await ben.Item(ask, IDOf(items[0])), await ben.Item(ask, IDOf(items[1])));

        Assert.Equal(["a.log", "run"], items.Select(item => item.GetProperty("name").GetString()));
        Assert.Equal(["text/x-log", "application/json"], items.Select(item => item.GetProperty("media_type").GetString()));
        Assert.Equal([9, 25], items.Select(item => item.GetProperty("bytes").GetInt32()));
        Assert.Equal([Asking.Sha256Of("FAILED é"), Asking.Sha256Of("""{"number":412,"ok":false}""")],
            items.Select(item => item.GetProperty("sha256").GetString()));
        Assert.Equal("FAILED é", text.GetProperty("text").GetString());
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse("""{"number":412,"ok":false}"""), json.GetProperty("json")));
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (text.GetProperty("json").ValueKind, json.GetProperty("text").ValueKind));
        Assert.Contains($"«FENCE BEGIN {text.GetProperty("fence").GetString()}»\nFAILED é\n«FENCE END",
            text.GetProperty("content").GetString(), StringComparison.Ordinal);
        Assert.Contains("Left out: 412 lines that passed", (await ben.See(ask)).GetProperty("history")[0].Body(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task comes_with_answers_and_later_too()
    {
        var (ana, ben) = await AnaAndBen();
        var ask = await AnAsk.Claimed(by: ben, askedBy: ana);
        await ben.Does(ask, "context", Asking.Packet("while working"));
        await ben.Does(ask, "answer", new
        { answer = new { excerpts = new[] { new { source = "run", text = "FAILED" } } }, context = Asking.Packet("with the answer") });
        await ana.Does(ask, "context", Asking.Packet("from the asker"));

        var texts = new List<string?>();
        foreach (var item in await ana.ItemsOf(ask))
        {
            texts.Add((await ana.Item(ask, item)).GetProperty("text").GetString());
        }

        Assert.Equal(["while working", "with the answer", "from the asker"], texts);
    }

    [Fact]
    public async Task has_bounds_to_the_byte()
    {
        var (ana, ben) = await AnaAndBen();
        var full = new string('é', ItemBytes / 2);
        var ask = await ana.Opens(Asking.Help().With("context", Asking.Packet(full, full, full, full)));

        Assert.Equal([ItemBytes, ItemBytes, ItemBytes, ItemBytes],
            (await ben.See(ask)).GetProperty("context").EnumerateArray().Select(item => item.GetProperty("bytes").GetInt32()));
        Assert.Equal(full, (await ben.Item(ask, (await ben.ItemsOf(ask))[3])).GetProperty("text").GetString());
        await Refused(HttpStatusCode.RequestEntityTooLarge, "payload_too_large", Asking.Packet(full + "x"));
        await Refused(HttpStatusCode.RequestEntityTooLarge, "payload_too_large", Asking.Packet(full, full, full, full, "x"));
        await Refused(HttpStatusCode.UnprocessableEntity, "validation_failed", Asking.Packet([.. Enumerable.Repeat("x", 33)]));
        await Refused(HttpStatusCode.UnprocessableEntity, "validation_failed", Asking.Packet());
        Assert.Equal(
            32, (await ana.ItemsOf(await ana.Opens(Asking.Help().With("context", Asking.Packet([.. Enumerable.Repeat("x", 32)]))))).Count);

        async Task Refused(HttpStatusCode status, string code, object packet)
        {
            using var answer = await ana.Try(ask, "context", packet);
            Assert.Equal(status, answer.StatusCode);
            await answer.Refuses(code);
        }
    }

    [Theory]
    [InlineData("""{"name":"a","text":"x","json":{}}""")]
    [InlineData("""{"name":"a"}""")]
    [InlineData("""{"text":"x"}""")]
    [InlineData("""{"name":"","text":"x"}""")]
    [InlineData("""{"name":"a","media_type":"","text":"x"}""")]
    // That of another text.
    [InlineData("""{"name":"a","text":"x","sha256":"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4882"}""")]
    [InlineData("""{"name":"a","text":"x","sha256":"2D711642B726B04401627CA9FBAC32F5C8530FB1903CC4DB02258717921A4881"}""")] // In capitals.
    [InlineData("""{"name":"a","text":"x","expires_at":"2020-01-01T00:00:00Z"}""")]
    [InlineData("null")]
    public async Task must_be_whole(string item)
    {
        var (ana, _) = await AnaAndBen();
        var ask = await ana.Opens(Asking.Help());

        using var answer = await ana.Send(HttpMethod.Post, $"{ana.AsksOf()}/{ask}/context", $$"""{"items":[{{item}}]}""", "key");

        await answer.Refuses("validation_failed");
        Assert.Empty(await ana.ItemsOf(ask));
    }

    [Fact]
    public async Task is_checked_against_the_digest_that_came_with_it()
    {
        var (ana, _) = await AnaAndBen();
        var ask = await ana.Opens(Asking.Help());
        await ana.Does(ask, "context", new
        {
            items = new object[]
            {
                new { name = "a", text = "x", sha256 = Asking.Sha256Of("x") },
                new { name = "b", json = new { b = 1, a = 2 }, sha256 = Asking.Sha256Of("""{"a":2,"b":1}""") }
            }
        });

        Assert.Equal(2, (await ana.ItemsOf(ask)).Count);
    }

    [Fact]
    public async Task is_gone_everywhere_once_it_is_taken_back()
    {
        var service = await cluster.Service;
        var (ana, ben) = await AnaAndBen();
        var secret = $"secret {Guid.NewGuid()}";
        var ask = await ana.Opens(Asking.Help().With(
            "context", new { items = new[] { new { name = $"name of {secret}", text = secret }, new { name = "kept", text = "kept" } } }));
        var items = await ben.ItemsOf(ask);
        Assert.Contains(secret, await Everything(ben, ask, items[0]), StringComparison.Ordinal);

        await ana.Does(ask, $"context/{items[0]}/withdraw");

        foreach (var reader in (TestAgent[])[ana, ben])
        {
            Assert.DoesNotContain(secret, await Everything(reader, ask, items[0]), StringComparison.Ordinal);
            await IsGone(reader, ask, items[0], "withdrawn");
            Assert.Equal("kept", (await reader.Item(ask, items[1])).GetProperty("text").GetString());
        }

        await HoldsNowhere(service, secret);
        await (await ana.Try(ask, $"context/{items[0]}/withdraw")).Refuses("not_found");
        await (await ben.Try(ask, $"context/{items[1]}/withdraw")).Refuses("act_not_possible");
    }

    [Fact]
    public async Task is_gone_everywhere_once_it_has_expired()
    {
        var (ana, ben) = await AnaAndBen();
        var secret = $"secret {Guid.NewGuid()}";
        var ask = await ana.Opens(Asking.Help().With("context",
            new { items = new[] { new { name = $"name of {secret}", text = secret, expires_at = DateTimeOffset.UtcNow.AddSeconds(2) } } }));
        var item = Assert.Single(await ben.ItemsOf(ask));

        await Until.Holds(async () => (await ben.Item(ask, item)).GetProperty("gone").ValueKind is JsonValueKind.String);

        Assert.DoesNotContain(secret, await Everything(ben, ask, item), StringComparison.Ordinal);
        await IsGone(ben, ask, item, "expired");
        await ana.Does(ask, $"context/{item}/withdraw");
        await HoldsNowhere(await cluster.Service, secret);
    }

    /// Law 3, although the moment that the request names has passed meanwhile.
    [Fact]
    public async Task is_replayed_after_it_has_expired()
    {
        var (ana, _) = await AnaAndBen();
        var body = Asking.Help()
            .With("context", new { items = new[] { new { name = "a", text = "x", expires_at = DateTimeOffset.UtcNow.AddSeconds(1) } } });
        var ask = (await (await ana.Ask(body, "open")).Json(HttpStatusCode.Created)).GetProperty("ask_id").GetGuid();
        var item = Assert.Single(await ana.ItemsOf(ask));
        await Until.Holds(async () => (await ana.Item(ask, item)).GetProperty("gone").ValueKind is JsonValueKind.String);

        var again = await (await ana.Ask(body, "open")).Json(HttpStatusCode.OK);

        Assert.Equal((ask, true), (again.GetProperty("ask_id").GetGuid(), again.GetProperty("replayed").GetBoolean()));
    }

    [Fact]
    public async Task is_read_only_under_its_own_ask()
    {
        var (ana, ben) = await AnaAndBen();
        var (one, other) = (await ana.Opens(Asking.Help().With("context", Asking.Packet("x"))), await ana.Opens(Asking.Help()));
        var item = Assert.Single(await ben.ItemsOf(one));

        foreach (var path in (string[])[$"{other}/context/{item}", $"{one}/context/{Guid.NewGuid()}", $"{one}/context/x",
            $"{one}/context/{item:N}"])
        {
            await (await ben.Send(HttpMethod.Get, $"{ben.AsksOf()}/{path}")).Refuses("not_found");
        }

        await (await ana.Try(other, $"context/{item}/withdraw")).Refuses("act_not_possible");
        Assert.Equal("x", (await ben.Item(one, item)).GetProperty("text").GetString());
    }

    private static Guid IDOf(JsonElement item) => item.GetProperty("item_id").GetGuid();

    private static async Task IsGone(TestAgent reader, Guid ask, Guid item, string why)
    {
        foreach (var view in (JsonElement[])[await reader.Item(ask, item),
            (await reader.See(ask)).GetProperty("context").EnumerateArray().Single(view => IDOf(view) == item)])
        {
            Assert.Equal(why, view.GetProperty("gone").GetString());
            Assert.All(view.EnumerateObject().Where(member => member.Name is not ("item_id" or "gone" or "expires_at")),
                member => Assert.Equal(JsonValueKind.Null, member.Value.ValueKind));
        }
    }

    /// All that a reader can get at.
    private static async Task<string> Everything(TestAgent reader, Guid ask, Guid item) => string.Join(
        '\n', await Task.WhenAll(
            Task.FromResult((await reader.List()).GetRawText()), Task.FromResult((await reader.See(ask)).GetRawText()), reader.Page(ask),
            Task.FromResult((await reader.Item(ask, item)).GetRawText()), Task.FromResult((await reader.Read()).GetRawText()),
            Task.FromResult((await reader.Drain()).GetRawText())));

    private static async Task HoldsNowhere(ParleService service, string secret)
    {
        foreach (var table in await service.Rows("select tablename from pg_tables where schemaname = 'parle'", row => row.GetString(0)))
        {
            Assert.True(await service.Scalar<long>($"select count(*) from parle.{table} t where t::text like $1", $"%{secret}%") == 0,
                $"{table} holds it.");
        }
    }

    private async Task<(TestAgent Ana, TestAgent Ben)> AnaAndBen()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        return (room.Agents[0], room.Agents[1]);
    }
}
