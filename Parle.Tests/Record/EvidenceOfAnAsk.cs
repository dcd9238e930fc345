using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Parle.Api.Record;
using Parle.Domain.Rooms;
using Parle.Tests.Asks;
using Parle.Tests.Contract;
using Parle.Tests.Crash;
using Parle.Tests.Laws;
using Parle.Tests.Service;
using Parle.Tests.Tidiness;

namespace Parle.Tests.Record;

public class EvidenceOfAnAsk(TestCluster cluster)
{
    [Fact]
    public async Task tells_all_that_happened_to_whom_by_whom_and_is_judged_by_both_verifiers()
    {
        SourceFiles.Need();
        var service = await cluster.Service;
        var (room, ask) = await Approved(service);
        var (asker, decider) = (room.Agents[0], room.Agents[1]);

        var text = await Text(asker, ask);

        var evidence = JsonElement.Parse(text);
        var facts = evidence.GetProperty("facts").EnumerateArray().Select(entry => entry.GetProperty("fact")).ToList();
        Assert.Equal(
            ["ask_opened", "ask_context_added", "ask_context_withdrawn", "ask_decided", "ask_consumed"],
            facts.Select(fact => fact.Text("type")));
        Assert.Equal(Asking.Digest, facts[3].GetProperty("data").Text("sha256"));
        var names = evidence.GetProperty("names").EnumerateArray().ToDictionary(name => name.Text("id"), name => name.Text("address"));
        Assert.Equal(HandleOf(decider), names[facts[3].Text("principal")]);
        Assert.Equal(decider.Address, names[facts[3].GetProperty("data").Text("author_id")]);
        Assert.Equal(asker.Address, names[facts[0].GetProperty("data").Text("author_id")]);
        Assert.All(facts, fact => Assert.False(fact.TryGetProperty("placement", out _)));
        Assert.Contains("At noon.", text);
        Assert.DoesNotContain("Never mind.", text);
        var (contents, added) = (Contents(text), evidence.GetProperty("facts")[1].GetProperty("contents").EnumerateArray().Last());
        Assert.Equal("erased", added.Text("missing"));
        Assert.StartsWith(
            $"OK   file: ask {ask} of room {room.RoomID}, 5 of 5 facts, {contents.Count - 1} of {contents.Count} contents, signed at ",
            await Verifiers.Verify(text, options: ["--keys", await KeyOf(service)]));
    }

    [Fact]
    public async Task is_told_in_words_by_both_verifiers()
    {
        SourceFiles.Need();
        Verifiers.NeedNode();
        var service = await cluster.Service;
        var (room, ask) = await Approved(service);
        var file = Path.Combine(Path.GetTempPath(), $"parle-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(file, await Text(room.Agents[1], ask), TestContext.Current.CancellationToken);

        var (_, said) = await Verifiers.Judge(file, "--trust-file-keys");
        var (_, scriptSaid) = await Verifiers.Script(file, "--trust-file-keys");
        File.Delete(file);

        Assert.Equal(said.Split('\n').Skip(1), scriptSaid.Split('\n').Skip(1));
        var decider = HandleOf(room.Agents[1]);
        Assert.Matches(
            $@"4 \S+ ask_decided by {decider}\.\w+ \(agent:.*\) for {decider} \(.*\) approved sha256 {Asking.Digest}", said);
    }

    [Fact]
    public async Task is_bad_whatever_is_changed_in_it()
    {
        SourceFiles.Need();
        var service = await cluster.Service;
        var (room, ask) = await Approved(service);
        var text = await Text(room.Agents[0], ask);
        string[] options = ["--keys", await KeyOf(service)];

        var paths = Paths(JsonNode.Parse(text)!, "$").Where(path => !IsSaidAside(path)).ToList();
        Assert.InRange(paths.Count, 80, 1000);
        foreach (var path in paths)
        {
            var file = JsonNode.Parse(text)!;
            Change(file, path);
            var verdict = await Verifiers.Verify(file.ToJsonString(), options: options);
            Assert.False(verdict.StartsWith("OK", StringComparison.Ordinal), $"{path} was changed: {verdict}");
        }
    }

    [Fact]
    public async Task is_for_those_who_see_the_ask_and_on_the_ledger_first()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.All, History.All, History.All);
        var (ana, ben, cleo) = (room.Agents[0], room.Agents[1], room.Agents[2]);
        var ask = await ana.Opens(Asking.Help().To(ben));

        var (hidden, unknown) = (await cleo.Send(HttpMethod.Get, $"{cleo.AsksOf()}/{ask}/evidence"),
            await cleo.Send(HttpMethod.Get, $"{cleo.AsksOf()}/{Guid.NewGuid()}/evidence"));
        await hidden.Refuses("not_found");
        Assert.Equal(await unknown.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            await hidden.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        var shown = await ben.Send(HttpMethod.Get, $"{ben.AsksOf()}/{ask}/evidence");
        await shown.Json(HttpStatusCode.OK);
        Assert.True(shown.Headers.CacheControl?.NoStore);
        Assert.Equal(1, await service.Scalar<long>(
            $"""
            select count(*) from parle.disclosures d join parle.timeline_private p on p.seat_id = d.seat_id
                and p.seq between d.from_seq and d.upto_seq
            where p.event_id = '{ask}' and d.session_id = '{ben.SessionID}'
            """));
    }

    [Fact]
    public async Task leaves_out_words_that_do_not_fit_and_says_where_they_are()
    {
        SourceFiles.Need();
        var service = await cluster.Service;
        var agent = (await service.NewRoomWithPresent(History.All)).Agents[0];
        var ask = await agent.Opens(Asking.Help().With("context", Asking.Packet(
            [new('a', 200 * 1024), new('b', 200 * 1024), new('"', 100 * 1024), "short"])));

        var text = await Text(agent, ask);

        Assert.InRange(text.Length, 200 * 1024, 300 * 1024);
        Assert.StartsWith("OK", await Verifiers.Verify(text));
        Assert.Contains("short", text);
        var missing = Contents(text).Where(content => content.TryGetProperty("missing", out _)).ToList();
        Assert.Equal(2, missing.Count);
        foreach (var content in missing)
        {
            var alone = await (await agent.Send(HttpMethod.Get, content.Text("where"))).Content
                .ReadAsStringAsync(TestContext.Current.CancellationToken);
            var there = Contents(alone).Where(other => other.GetProperty("body").ValueKind is JsonValueKind.String).ToList();
            Assert.Equal(content.Text("content_id"), Assert.Single(there).Text("content_id"));
            Assert.StartsWith("OK", await Verifiers.Verify(alone));
        }

        Assert.All(Contents(await Text(agent, ask, "?contents=false")), content => Assert.Equal("left_out", content.Text("missing")));
        await (await agent.Send(HttpMethod.Get, $"{agent.AsksOf()}/{ask}/evidence?contents={Guid.NewGuid()}")).Refuses("malformed_request");
        await (await agent.Send(HttpMethod.Get, $"{agent.AsksOf()}/{ask}/evidence?contents=some")).Refuses("malformed_request");
        await (await agent.Send(HttpMethod.Get, $"{agent.AsksOf()}/{ask}/evidence?after=1")).Refuses("malformed_request");
    }

    [Fact]
    public async Task of_a_long_story_comes_in_files_that_each_say_what_they_lack()
    {
        SourceFiles.Need();
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.All, History.All);
        var (asker, other) = (room.Agents[0], room.Agents[1]);
        var ask = await asker.Opens(Asking.Help());
        await other.Does(ask, "claim");
        for (var i = 0; i < 180; i++)
        {
            await other.Does(ask, "renew");
        }

        var (files, after) = (new List<string>(), 0);
        for (int? next = 0; next is { } from; next = Next(files[^1]))
        {
            files.Add(await Text(asker, ask, $"?after={from}"));
            Assert.InRange(files[^1].Length, 1, 300 * 1024);
        }

        Assert.InRange(files.Count, 2, 10);
        foreach (var file in files)
        {
            Assert.Equal(after + 1, JsonElement.Parse(file).GetProperty("facts")[0].GetProperty("position").GetInt32());
            after += JsonElement.Parse(file).GetProperty("facts").GetArrayLength();
            Assert.StartsWith(file == files[0] ? $"BAD  file: fact {after + 1}: " : "BAD  file: fact 1: ", await Verifiers.Verify(file));
            Assert.StartsWith("OK ", await Verifiers.Verify(file, options: ["--allow-part"]));
        }

        Assert.Equal(182, after);

        static int? Next(string file) =>
            JsonElement.Parse(file).GetProperty("next") is { ValueKind: JsonValueKind.Number } next ? next.GetInt32() : null;
    }

    [Fact]
    public async Task of_a_late_comer_says_that_it_may_lack_something()
    {
        SourceFiles.Need();
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var ask = await room.Agents[0].Opens(Asking.Help());
        var late = await WhatIsHiddenOfAsks.Newcomer(
            service, room, HandleOf(room.Agents[0]).TrimStart('@'), History.All);
        await room.Agents[1].Does(ask, "claim");

        var file = await Text(late, ask);

        Assert.StartsWith("BAD  file: its reader came later", await Verifiers.Verify(file));
        Assert.StartsWith("OK ", await Verifiers.Verify(file, options: ["--allow-part"]));
        Assert.StartsWith("OK ", await Verifiers.Verify(await Text(room.Agents[1], ask)));
    }

    [Fact]
    public async Task does_not_have_what_has_expired()
    {
        SourceFiles.Need();
        var service = await cluster.Service;
        var agent = (await service.NewRoomWithPresent(History.All)).Agents[0];
        var end = DateTimeOffset.UtcNow.AddSeconds(2);
        var ask = await agent.Opens(Asking.Help().With("context", new
        { items = new[] { new { name = "soon", text = "gone soon", expires_at = end.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ") } } }));

        var gone = "";
        await Until.Holds(async () => (gone = await Text(agent, ask)).Contains("\"missing\":\"expired\"", StringComparison.Ordinal));

        Assert.DoesNotContain("gone soon", gone);
        Assert.StartsWith("OK ", await Verifiers.Verify(gone));
    }

    /// An approval that was asked for, decided and used; something was handed over with it, and something more that was taken back.
    private static async Task<(TestRoom Room, Guid Ask)> Approved(ParleService service)
    {
        var room = await service.NewRoomWithPresent(History.All, History.All);
        var (asker, decider) = (room.Agents[0], room.Agents[1]);
        var ask = await asker.Opens(Asking.Approval().With("context", Asking.Packet("At noon.")));
        await asker.Does(ask, "context", Asking.Packet("Never mind."));
        await asker.Does(ask, $"context/{(await asker.ItemsOf(ask))[1]}/withdraw");
        await decider.Does(ask, "decide", new { decision = "approve", sha256 = Asking.Digest });
        await asker.Does(ask, "consume", new { sha256 = Asking.Digest });
        return (room, ask);
    }

    private static async Task<string> Text(TestAgent reader, Guid ask, string query = "")
    {
        var answer = await reader.Send(HttpMethod.Get, $"{reader.AsksOf()}/{ask}/evidence{query}");
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return text;
    }

    private static IReadOnlyList<JsonElement> Contents(string file) => [.. JsonElement.Parse(file).GetProperty("facts").EnumerateArray()
        .SelectMany(fact => fact.GetProperty("contents").EnumerateArray())];

    private static string HandleOf(TestAgent agent) => agent.Address.Split('.')[0];

    private static async Task<string> KeyOf(ParleService service) =>
        JsonElement.Parse(await service.Host.Server.CreateClient().GetStringAsync(KeyEndpoints.Path)).GetProperty("keys")
            .EnumerateArray().Last().Text("key");

    // What the service does not sign, and what tells where to read on: none of it is evidence.
    private static bool IsSaidAside(string path) =>
        path.StartsWith("$.keys", StringComparison.Ordinal) || path is "$.next" || path.EndsWith(".missing", StringComparison.Ordinal);

    private static IEnumerable<string> Paths(JsonNode? node, string path) => node switch
    {
        JsonObject members => members.ToList().SelectMany(member => Paths(member.Value, $"{path}.{member.Key}")),
        JsonArray items => items.ToList().SelectMany((item, i) => Paths(item, $"{path}.{i}")),
        null => [],
        _ => [path],
    };

    private static void Change(JsonNode file, string path)
    {
        var steps = path.Split('.').Skip(1).ToList();
        var holder = steps.SkipLast(1).Aggregate(file, (node, step) => node is JsonArray items ? items[int.Parse(step)]! : node[step]!);
        var value = (holder is JsonArray list ? list[int.Parse(steps[^1])] : holder[steps[^1]])!.GetValue<JsonElement>();
        var other = value.ValueKind switch
        {
            JsonValueKind.Number => JsonValue.Create(value.GetInt64() + 1),
            JsonValueKind.True or JsonValueKind.False => JsonValue.Create(!value.GetBoolean()),
            _ when value.GetString() is { Length: > 0 } text => JsonValue.Create(text[..^1] + (text[^1] == 'x' ? 'y' : 'x')),
            _ => JsonValue.Create("x"),
        };
        if (holder is JsonArray items)
        {
            items[int.Parse(steps[^1])] = other;
        }
        else
        {
            holder[steps[^1]] = other;
        }
    }
}
