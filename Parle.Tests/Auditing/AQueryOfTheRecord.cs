using System.Net;
using System.Text.Json;
using Npgsql;
using Parle.Domain.Auditing;
using Parle.Projections.Auditing;
using Parle.Tests.Asks;
using Parle.Tests.Contract;
using Parle.Tests.Crash;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Auditing;

public class AQueryOfTheRecord(TestCluster cluster)
{
    [Fact]
    public async Task finds_the_facts_for_which_all_of_it_holds()
    {
        var (service, host, auditor) = await Life();
        var all = (await Pages(auditor, $"/v/rooms/{host.RoomID}/record")).ToList();
        var message = all.Last(fact => fact.Text("type") == "message_submitted");
        var ask = all.First(fact => fact.Text("type") == "ask_opened").GetProperty("data").Text("ask_id");
        var token = message.GetProperty("authority").EnumerateArray().Select(step => step.GetString()!)
            .Last(step => step.StartsWith("token:", StringComparison.Ordinal))[6..];
        var agent = message.Text("actor").Split('/')[0]["agent:".Length..];
        var middle = all[all.Count / 2].Text("created_at");

        foreach (var (query, holds) in new (string, Func<JsonElement, bool>)[]
        {
            ("type=message_submitted", fact => fact.Text("type") == "message_submitted"),
            ($"actor={message.Text("actor")}", fact => fact.Text("actor") == message.Text("actor")),
            ($"principal={message.Text("principal")}", fact => fact.Text("principal") == message.Text("principal")),
            ($"agent={agent}", fact => fact.Text("actor").StartsWith($"agent:{agent}", StringComparison.Ordinal)),
            ($"token={token}", fact => fact.GetProperty("authority").EnumerateArray().Any(step => step.GetString() == $"token:{token}")),
            ($"ask={ask}", fact => fact.GetProperty("data").TryGetProperty("ask_id", out var about) && about.GetString() == ask),
            ($"correlation={message.Text("correlation")}", fact => fact.Text("correlation") == message.Text("correlation")),
            ($"from={middle}", fact => string.CompareOrdinal(fact.Text("created_at"), middle) >= 0),
            ($"until={middle}", fact => string.CompareOrdinal(fact.Text("created_at"), middle) < 0),
            ($"from={middle}&agent={agent}&type=message_submitted", fact => string.CompareOrdinal(fact.Text("created_at"), middle) >= 0
                && fact.Text("actor").StartsWith($"agent:{agent}", StringComparison.Ordinal) && fact.Text("type") == "message_submitted"),
            ($"principal={Guid.NewGuid()}", _ => false),
        })
        {
            var expected = all.Where(holds).Select(Bare).ToList();
            Assert.Equal(expected, (await Pages(auditor, $"/v/rooms/{host.RoomID}/record?{query}")).Select(Bare));
            var lines = await Lines(auditor, $"/v/rooms/{host.RoomID}/record?{query}");
            Assert.Equal(expected, lines.SkipLast(1).Select(Bare));
            Assert.True(lines[^1].GetProperty("end").GetBoolean());
        }
    }

    [Fact]
    public async Task goes_over_all_streams_for_operators_without_contents()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        await AStoredFact.Live(service, "between us");
        var reader = Reader(service, Assert.Single((await service.Provision(new(Operators: [new("night-shift")]))).Operators!).Token!);
        await service.IsSettled();
        var stored = await service.Rows(
            "select seq_id from parle.mt_events where type <> 'tombstone' order by seq_id", row => row.GetInt64(0));

        var facts = await Lines(reader, "/v/record");
        Assert.Equal(stored, facts.SkipLast(1).Select(fact => fact.GetProperty("position").GetInt64()));
        Assert.DoesNotContain("between us", string.Concat(facts), StringComparison.Ordinal);
        Assert.All(facts.SkipLast(1), fact => Assert.False(fact.TryGetProperty("contents", out _)));
        facts[^1].HasExactly("end", "next", "index");
        Assert.Equal(stored[^1], facts[^1].GetProperty("index").GetProperty("upto").GetInt64());

        var page = await (await reader.GetAsync("/v/record?type=room_opened&limit=1")).Json(HttpStatusCode.OK);
        page.HasExactly("facts", "next", "index");
        Assert.Equal(page.GetProperty("facts")[0].Text("stream_id"), page.GetProperty("facts")[0].Text("room_id"));
    }

    /// Facts are numbered before they are committed: whoever has read a later one would never come back for an earlier one.
    [Fact]
    public async Task shows_no_fact_before_those_that_come_before_it()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        var host = await service.NewOwnedRoom(1);
        var reader = Reader(service, Assert.Single((await service.Provision(new(Operators: [new("night-shift")]))).Operators!).Token!);
        await service.IsSettled();
        var seen = await service.Scalar<long>("select max(seq_id) from parle.mt_events");

        await using var blocker = new NpgsqlConnection(service.ConnectionString);
        await blocker.OpenAsync(TestContext.Current.CancellationToken);
        await Do(blocker, "begin");
        await Do(blocker, "lock table parle.contents in share row exclusive mode"); // Words are written after the fact has its number.
        var slow = host.Agents[0].Say("slow");
        await Until.Holds(
            () => service.Scalar<bool>("select exists (select from pg_locks where relation = 'parle.contents'::regclass and not granted)"));
        await host.Owner.Creates("second");
        var meanwhile = await Positions();
        var committed = await service.Scalar<long>("select count(*) from parle.mt_events where seq_id > $1", seen);
        await Do(blocker, "commit");
        await (await slow).Json(HttpStatusCode.Created);
        await service.IsSettled();

        Assert.True(committed > 0);
        Assert.Empty(meanwhile);
        var stored = await service.Rows("select seq_id, type from parle.mt_events where seq_id > $1 order by seq_id",
            row => (Position: row.GetInt64(0), Type: row.GetString(1)), seen);
        Assert.Equal("message_submitted", stored[0].Type);
        Assert.Equal(stored.Select(fact => fact.Position), await Positions());

        async Task<IEnumerable<long>> Positions() =>
            (await Lines(reader, $"/v/record?after={seen}")).SkipLast(1).Select(fact => fact.GetProperty("position").GetInt64()).ToList();
    }

    [Fact]
    public async Task is_itself_on_the_record_with_what_was_asked_also_when_nothing_is_found()
    {
        var (service, host, auditor) = await Life();
        await (await auditor.GetAsync($"/v/rooms/{host.RoomID}/record?type=room_archived")).Json(HttpStatusCode.OK);
        var operates = Reader(
            service, Assert.Single((await service.Provision(new(Operators: [new($"o{Guid.NewGuid():N}"[..16])]))).Operators!).Token!);
        await service.IsSettled();
        await (await operates.GetAsync($"/v/record?type=room_opened&principal={host.Owner.PrincipalID}")).Json(HttpStatusCode.OK);
        await (await host.Owner.Get($"/v/rooms/{host.RoomID}/record")).Json(HttpStatusCode.OK);

        var reads = (await (await host.Owner.Get($"/v/rooms/{host.RoomID}/record-reads")).Json(HttpStatusCode.OK)).GetProperty("reads")
            .EnumerateArray().ToList();
        Assert.Equal(["auditor record", "operator whole_record", "owner record"],
            reads.Select(read => $"{read.Text("reader")} {read.Text("question")}"));
        Assert.Equal(("room_archived", 0), (reads[0].GetProperty("filter").Text("type"), reads[0].GetProperty("facts").GetInt64()));
        Assert.Equal("room_opened", reads[1].GetProperty("filter").Text("type"));
        Assert.Equal(1, await service.Count(host.Owner.PrincipalID, "record_read"));
    }

    [Fact]
    public async Task names_the_filter_that_makes_no_sense()
    {
        var (_, host, auditor) = await Life();
        foreach (var (name, wrong) in ((string, string)[])
            [
                ("from", "yesterday"), ("from", "2026-08-17"), ("until", "2026-08-17T10:00:00"), ("until", "2026-08-17T25:00:00Z"),
                ("type", "message"), ("actor", "a b"), ("principal", "ana"), ("agent", "1"), ("token", "parle"),
                ("ask", $"{Guid.NewGuid():N}"), ("correlation", "'"), ("after", "-1"), ("limit", "0"), ("limit", "201"),
                ("type", "room_opened&type=room_opened"),
            ])
        {
            var error = await (await auditor.GetAsync($"/v/rooms/{host.RoomID}/record?{name}={wrong}")).Refuses("malformed_request");
            Assert.Contains($" {name} must be ", error.Text("message"), StringComparison.Ordinal);
        }
    }

    /// A stream that breaks off says so in its last line, and from where to go on.
    [Fact]
    public async Task that_breaks_off_says_so()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        var host = await service.NewOwnedRoom(1);
        for (var i = 0; i < 210; i++)
        {
            await (await host.Agents[0].Say($"{i}")).Json(HttpStatusCode.Created);
        }

        // The second page cannot be recorded, so it is not shown.
        await service.Rows("create function parle.no_more() returns trigger language plpgsql as 'begin if (select count(*) from "
            + "parle.record_reads) > 0 then raise exception ''no more''; end if; return new; end'", _ => 0);
        await service.Rows(
            "create trigger no_more before insert on parle.record_reads for each row execute function parle.no_more()", _ => 0);
        var lines = await Lines(host.Owner, $"/v/rooms/{host.RoomID}/record");

        Assert.Equal(201, lines.Count);
        lines[^1].HasExactly("error", "next");
        Assert.Equal(200, lines[^1].GetProperty("next").GetInt64());
    }

    /// A reader that loses access in the middle of a stream gets no further page, and the same refusal as a new request.
    [Fact]
    public async Task ends_with_the_standing_of_its_reader()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        var host = await service.NewOwnedRoom(1);
        for (var i = 0; i < 210; i++)
        {
            await (await host.Agents[0].Say($"{i}")).Json(HttpStatusCode.Created);
        }

        var auditor = Reader(service, (await (await host.Owner.Post($"/v/rooms/{host.RoomID}/auditors", new { contents = true }))
            .Json(HttpStatusCode.Created)).Text("token"));
        var operates = (await service.Provision(new(Operators: [new("night-shift"), new("day-shift")]))).Operators!
            .Select(one => Reader(service, one.Token!)).ToList();
        await service.IsSettled();

        // The reader loses its credential with the page that it is shown.
        await service.Rows("""
            create function parle.turn_away() returns trigger language plpgsql as 'begin
                update parle.auditors set revoked_at = now() where auditor_id = new.reader_id;
                update parle.operators set revoked_at = now() where operator_id = new.reader_id;
                update parle.person_sessions set ended_at = now() where principal_id = new.reader_id;
                return new;
            end'
            """, _ => 0);
        await service.Rows(
            "create trigger turn_away before insert on parle.record_reads for each row execute function parle.turn_away()", _ => 0);

        await Ends(path => Lines(auditor, path), () => auditor.GetAsync($"/v/rooms/{host.RoomID}/record"), $"/v/rooms/{host.RoomID}/record",
            "invalid_auditor_token");
        await Ends(path => Lines(operates[0], path), () => operates[0].GetAsync("/v/record"), $"/v/operator/rooms/{host.RoomID}/record",
            "invalid_operator_token");
        await Ends(path => Lines(operates[1], path), () => operates[1].GetAsync("/v/record"), "/v/record", "invalid_operator_token");
        await Ends(path => Lines(host.Owner, path), () => host.Owner.Get($"/v/rooms/{host.RoomID}/record"),
            $"/v/rooms/{host.RoomID}/record", "unauthenticated");

        static async Task Ends(
            Func<string, Task<IReadOnlyList<JsonElement>>> read, Func<Task<HttpResponseMessage>> again, string path, string code)
        {
            var lines = await read(path);
            Assert.Equal(201, lines.Count);
            lines[^1].HasExactly("error", "next");
            Assert.Equal((await (await again()).Refuses(code)).GetRawText(), lines[^1].GetProperty("error").GetRawText());
        }
    }

    /// A reader may be slow: what its token does not live to see, it does not get.
    [Fact]
    public async Task ends_with_the_life_of_its_readers_token_also_within_a_page()
    {
        var (service, host, _) = await Life();
        for (var i = 0; i < 12; i++)
        {
            await (await host.Agents[0].Say($"{i} {new string('x', 60_000)}")).Json(HttpStatusCode.Created);
        }

        var reader = Reader(service, (await (await host.Owner.Post(
            $"/v/rooms/{host.RoomID}/auditors", new { contents = true, ttl_seconds = 3 })).Json(HttpStatusCode.Created)).Text("token"));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v/rooms/{host.RoomID}/record");
        request.Headers.Accept.ParseAdd("application/x-ndjson");
        using var answer = await reader.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var text = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        var lines = new List<string?> { await text.ReadLineAsync(TestContext.Current.CancellationToken) };
        await Until.Holds(async () => (await reader.GetAsync(
            $"/v/rooms/{host.RoomID}/record?limit=1", TestContext.Current.CancellationToken)).StatusCode is HttpStatusCode.Unauthorized);
        while (await text.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            lines.Add(line);
        }

        Assert.InRange(lines.Count, 2, (int)(await service.RecordOf(host.RoomID)).Facts - 1);
        var last = JsonElement.Parse(lines[^1]!);
        last.HasExactly("error", "next");
        Assert.Equal(("invalid_auditor_token", JsonElement.Parse(lines[^2]!).GetProperty("version").GetInt64()),
            (last.GetProperty("error").Text("code"), last.GetProperty("next").GetInt64()));
    }

    /// No question makes the database look through all facts of the service.
    [Fact]
    public async Task is_answered_from_an_index()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        var roomID = await AStoredFact.Live(service, "hello");
        await using var connection = new NpgsqlConnection(service.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await Do(connection, """
            insert into parle.record_index (seq_id, event_id, stream_id, version, room_id, type, at, actor, principal_id, agent_id, token_ids, ask_id, correlation)
            select 100000 + n, gen_random_uuid(), s.id, n, s.id, 'message_submitted', now() - (100000 - n) * interval '1 second', 'agent:' || md5(n % 50 || ''), md5(n % 40 || '')::uuid, md5(n % 50 || '')::uuid,
                   array[md5(n % 60 || '')::uuid], case when n % 20 = 0 then md5(n / 100 || '')::uuid end, 'request:' || n
            from generate_series(1, 60000) n, lateral (select md5(n % 30 || 'room')::uuid as id) as s
            """);
        await Do(connection, "analyze parle.record_index");
        await Do(connection, "analyze parle.mt_events");

        var someone = Guid.NewGuid();
        foreach (var stream in (Guid?[])[null, roomID])
        {
            foreach (var filter in (RecordFilter[])
                [
                    new(Type: "room_opened"), new(Type: "message_submitted"), new(Actor: $"agent:{someone}"),
                    new(Actor: $"person:{someone}"), new(Principal: someone), new(Agent: someone), new(Token: someone), new(Ask: someone),
                    new(Correlation: "request:7"), new(From: DateTimeOffset.UtcNow.AddHours(-1)),
                    new(Until: DateTimeOffset.UtcNow.AddHours(-20)),
                    new(From: DateTimeOffset.UtcNow.AddHours(-2), Until: DateTimeOffset.UtcNow.AddHours(-1), Type: "ask_opened"),
                    RecordFilter.None,
                ])
            {
                await using var search = RecordPage.Search(stream, filter, 0, stream is null ? long.MaxValue : null, 201);
                var plan = await Explain(connection, search);
                Assert.True(!plan.Contains("Seq Scan", StringComparison.Ordinal), $"{filter}\n{plan}");
            }
        }
    }

    private static async Task<string> Explain(NpgsqlConnection connection, NpgsqlCommand search)
    {
        search.Connection = connection;
        search.CommandText = $"explain {search.CommandText}";
        var plan = new List<string>();
        await using var rows = await search.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await rows.ReadAsync(TestContext.Current.CancellationToken))
        {
            plan.Add(rows.GetString(0));
        }

        return string.Join('\n', plan);
    }

    private static async Task Do(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    // Members that only the index adds to a fact.
    private static string Bare(JsonElement fact) =>
        JsonSerializer.Serialize(fact.EnumerateObject().Where(member => member.Name is not ("position" or "stream_id" or "room_id"))
            .ToDictionary(member => member.Name, member => member.Value), Api.Wire.WireJson.Options);

    private static async Task<IReadOnlyList<JsonElement>> Pages(HttpClient reader, string path)
    {
        var (facts, after) = (new List<JsonElement>(), 0L);
        while (true)
        {
            var page =
                await (await reader.GetAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit=7&after={after}",
                    TestContext.Current.CancellationToken)).Json(HttpStatusCode.OK);
            facts.AddRange(page.GetProperty("facts").EnumerateArray());
            if (page.GetProperty("next").ValueKind is JsonValueKind.Null)
            {
                return facts;
            }

            after = page.GetProperty("next").GetInt64();
        }
    }

    private static async Task<IReadOnlyList<JsonElement>> Lines(HttpClient reader, string path) =>
        await Lines(request => reader.SendAsync(request, TestContext.Current.CancellationToken), path);

    private static async Task<IReadOnlyList<JsonElement>> Lines(TestPrincipal person, string path) => await Lines(person.Send, path);

    private static async Task<IReadOnlyList<JsonElement>> Lines(Func<HttpRequestMessage, Task<HttpResponseMessage>> send, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("application/x-ndjson");
        using var answer = await send(request);
        Assert.Equal((HttpStatusCode.OK, "application/x-ndjson"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }

    private async Task<(ParleService Service, OwnedRoom Host, HttpClient Auditor)> Life()
    {
        var service = await cluster.Service;
        var host = await service.NewOwnedRoom(2);
        await (await host.Agents[0].Say("for all")).Json(HttpStatusCode.Created);
        await host.Agents[1].Opens(Asking.Help());
        for (var i = 0; i < 5; i++)
        {
            await (await host.Agents[i % 2].Say($"{i}", to: host.Agents[(i + 1) % 2].Address)).Json(HttpStatusCode.Created);
        }

        var token = (await (await host.Owner.Post($"/v/rooms/{host.RoomID}/auditors", new { contents = true }))
            .Json(HttpStatusCode.Created)).Text("token");
        return (service, host, Reader(service, token));
    }

    private static HttpClient Reader(ParleService service, string token)
    {
        var client = service.Client();
        client.DefaultRequestHeaders.Add("Authorization", $"Bearer {token}");
        return client;
    }
}
