using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Parle.Tests.Asks;
using Parle.Tests.Contract;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Auditing;

public class AnAuditor(TestCluster cluster)
{
    [Fact]
    public async Task reads_every_fact_in_order_with_who_and_by_what_right()
    {
        var (service, host) = await Host();
        var (ana, ben) = (host.Agents[0], host.Agents[1]);
        await (await ana.Say("only for you", to: ben.Address)).Json(HttpStatusCode.Created);
        var auditor = await Appoint(service, host, contents: false);

        var record = await Record(auditor, host.RoomID);
        record.HasExactly("room_id", "facts", "next");
        record.IsNull("next");
        var facts = record.GetProperty("facts").EnumerateArray().ToList();
        Assert.Equal(Enumerable.Range(1, facts.Count).Select(i => (long)i), facts.Select(fact => fact.GetProperty("version").GetInt64()));
        Assert.All(facts, fact => fact.HasExactly(
            "version", "event_id", "type", "created_at", "data", "actor", "principal", "authority", "correlation", "placement"));
        var direct = facts.Single(fact => fact.Text("type") == "message_submitted");
        Assert.Equal(
            $"agent:{await service.Scalar<Guid>("select agent_id from parle.agent_sessions where session_id = $1", ana.SessionID)}/session:"
            + $"{ana.SessionID}", direct.Text("actor"));
        Assert.Equal($"{host.Owner.PrincipalID}", direct.Text("principal"));
        Assert.StartsWith("seat:", direct.GetProperty("authority")[0].GetString());
        Assert.Equal(2, direct.GetProperty("placement").GetProperty("private").GetArrayLength());
        Assert.DoesNotContain("only for you", record.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task with_contents_can_check_the_digests_and_sees_what_was_erased()
    {
        var (service, host) = await Host();
        var ana = host.Agents[0];
        await (await ana.Say("héllo")).Json(HttpStatusCode.Created);
        var ask = await ana.Opens(Asking.Help().With("context", Asking.Packet("a", "b")));
        await (await ana.Send(
            HttpMethod.Post, $"/v/rooms/{host.RoomID}/asks/{ask}/context/{(await ana.ItemsOf(ask))[0]}/withdraw", key: "withdraw"))
            .Json(HttpStatusCode.Created);
        var auditor = await Appoint(service, host, contents: true);

        var facts = (await Record(auditor, host.RoomID)).GetProperty("facts").EnumerateArray().ToList();
        var said = facts.Single(fact => fact.Text("type") == "message_submitted");
        var content = Assert.Single(said.GetProperty("contents").EnumerateArray());
        var digest = SHA256.HashData(
            [.. content.GetProperty("salt").GetBytesFromBase64(), .. Encoding.UTF8.GetBytes(content.Text("body"))]);
        Assert.Equal(("""{"body":"héllo"}""", Convert.ToHexStringLower(digest)),
            (content.Text("body"), said.GetProperty("data").GetProperty("content").Text("sha256")));
        var opened = facts.Single(fact => fact.Text("type") == "ask_opened").GetProperty("contents").EnumerateArray().ToList();
        Assert.Equal([false, true, false], opened.Select(one => one.TryGetProperty("erased", out var erased) && erased.GetBoolean()));
        Assert.Empty(facts[0].GetProperty("contents").EnumerateArray());
    }

    [Fact]
    public async Task pages_through_a_long_record()
    {
        var (service, host) = await Host();
        for (var i = 0; i < 5; i++)
        {
            await (await host.Agents[0].Say($"{i} {new string('x', 60_000)}")).Json(HttpStatusCode.Created);
        }

        var auditor = await Appoint(service, host, contents: true);
        var (versions, after) = (new List<long>(), 0L);
        while (true)
        {
            var page = await Record(auditor, host.RoomID, $"?after={after}&limit=3");
            versions.AddRange(page.GetProperty("facts").EnumerateArray().Select(fact => fact.GetProperty("version").GetInt64()));
            if (page.GetProperty("next").ValueKind is JsonValueKind.Null)
            {
                break;
            }

            after = page.GetProperty("next").GetInt64();
            Assert.Equal(versions[^1], after);
        }

        Assert.Equal(Enumerable.Range(1, (int)(await service.RecordOf(host.RoomID)).Facts).Select(i => (long)i), versions);
        foreach (var query in (string[])["?after=-1", "?after=x", "?limit=0", "?limit=201", "?limit=1&limit=2"])
        {
            await (await Get(auditor, host.RoomID, query)).Refuses("malformed_request");
        }
    }

    [Fact]
    public async Task is_itself_on_the_record_before_it_is_answered()
    {
        var (service, host) = await Host();
        var auditor = await Appoint(service, host, contents: false);
        var shown = (await Record(auditor, host.RoomID)).GetProperty("facts").GetArrayLength();
        await Record(auditor, host.RoomID, $"?after={shown}"); // Shows nothing, so nothing is written.

        var read = Assert.Single((await (await host.Owner.Get($"/v/rooms/{host.RoomID}/record-reads")).Json(HttpStatusCode.OK))
            .GetProperty("reads").EnumerateArray());
        read.HasExactly("event_id", "reader", "reader_id", "question", "from", "to", "contents", "read_at", "filter", "facts");
        Assert.Equal(("auditor", 1, shown, false), (read.Text("reader"), read.GetProperty("from").GetInt64(),
            read.GetProperty("to").GetInt64(), read.GetProperty("contents").GetBoolean()));
        Assert.Equal(1, await service.Count(read.GetProperty("reader_id").GetGuid(), "record_read"));
    }

    [Fact]
    public async Task is_appointed_once_for_one_key_listed_and_revoked()
    {
        var (service, host) = await Host();
        var path = $"/v/rooms/{host.RoomID}/auditors";
        var first = await (await host.Owner.Post(path, new { label = "year's end", contents = true, ttl_seconds = 60 }, "key"))
            .Json(HttpStatusCode.Created);
        first.HasExactly("auditor_id", "room_id", "contents", "expires_at", "token", "curl", "replayed");
        Assert.Matches("^parle_aud_[A-Za-z0-9_-]{43}$", first.Text("token"));
        Assert.Equal(first.Text("token"), (await (await host.Owner.Post(
            path, new { label = "year's end", contents = true, ttl_seconds = 60 }, "key")).Json(HttpStatusCode.OK)).Text("token"));
        await (await host.Owner.Post(path, new { label = "another" }, "key")).Refuses("idempotency_conflict");
        await (await host.Owner.Post(path, new { ttl_seconds = 0 })).Refuses("validation_failed");

        var listed = Assert.Single((await (await host.Owner.Get(path)).Json(HttpStatusCode.OK)).GetProperty("auditors").EnumerateArray());
        Assert.Equal(("year's end", first.Text("auditor_id")), (listed.Text("label"), listed.Text("auditor_id")));
        Assert.False(listed.GetProperty("safety_facts").GetProperty("has_bidi").GetBoolean());
        listed.IsNull("revoked_at");
        await Record(first.Text("token"), host.RoomID);
        await (await host.Owner.Post($"{path}/{first.Text("auditor_id")}/revoke")).IsEmptyWith(HttpStatusCode.NoContent);
        await (await host.Owner.Post($"{path}/{first.Text("auditor_id")}/revoke")).Refuses("not_found");
        await (await Get(first.Text("token"), host.RoomID)).Refuses("invalid_auditor_token");
        Assert.Empty(
            await service.Rows("select 1 from parle.mt_events where data::text like '%year''s end%' or data::text like '%parle_aud_%'",
                row => row.GetInt32(0)));
    }

    [Fact]
    public async Task is_the_owners_to_appoint()
    {
        var (service, host) = await Host();
        var (admin, stranger) = (await service.NewPerson(), await service.NewPerson());
        await service.Provision(new(Rooms: [new("build", host.Owner.Handle, Seats: [new(Principal: admin.Handle, Rights: ["admin"])])]));
        foreach (var (method, end) in ((HttpMethod, string)[])[(HttpMethod.Post, "auditors"), (HttpMethod.Get, "auditors"),
            (HttpMethod.Post, $"auditors/{Guid.NewGuid()}/revoke"), (HttpMethod.Get, "record-reads")])
        {
            var body = method == HttpMethod.Post && end == "auditors" ? "{}" : null;
            Assert.Equal(
                "not_owner", (await (await admin.Send(method, $"/v/rooms/{host.RoomID}/{end}", body)).Refuses("forbidden")).Text("reason"));
            var denials = new HashSet<(HttpStatusCode, string)>();
            foreach (var room in (string[])[$"{host.RoomID}", $"{Guid.NewGuid()}", "kitchen"])
            {
                denials.Add(await (await stranger.Send(method, $"/v/rooms/{room}/{end}", body)).Bytes());
            }

            Assert.Equal(HttpStatusCode.NotFound, Assert.Single(denials).Item1);
        }
    }

    [Fact]
    public async Task sees_one_room_only_and_nothing_else()
    {
        var (service, host) = await Host();
        var other = await service.NewOwnedRoom(1);
        var token = await Appoint(service, host, contents: true);
        var expired = await Appoint(service, host, contents: true);
        await service.Rows("update parle.auditors set expires_at = now() - interval '1 second' where auditor_id = (select auditor_id from "
            + "parle.auditors where room_id = $1 order by auditor_id desc limit 1)", _ => 0, host.RoomID);

        var rooms = new HashSet<(HttpStatusCode, string)>();
        foreach (var room in (string[])[$"{other.RoomID}", $"{Guid.NewGuid()}", "kitchen", $"{host.RoomID:N}"])
        {
            rooms.Add(await (await Get(token, room)).Bytes());
        }

        Assert.Equal(HttpStatusCode.NotFound, Assert.Single(rooms).Item1);
        var tokens = new HashSet<(HttpStatusCode, string)>();
        foreach (var wrong in (string[])[expired, host.Agents[0].Token, $"parle_aud_{new string('a', 43)}", "", token + "x"])
        {
            tokens.Add(await (await Get(wrong, host.RoomID)).Bytes());
        }

        Assert.Equal(HttpStatusCode.Unauthorized, Assert.Single(tokens).Item1);
        using var client = service.Client();
        client.DefaultRequestHeaders.Add("Authorization", $"Bearer {token}");
        await (await client.GetAsync($"/v/rooms/{host.RoomID}/projection")).Refuses("invalid_agent_token");
        await (await client.GetAsync("/v/operator/rooms")).Refuses("invalid_operator_token");
    }

    private async Task<(ParleService Service, OwnedRoom Host)> Host()
    {
        var service = await cluster.Service;
        return (service, await service.NewOwnedRoom(2));
    }

    private static async Task<string> Appoint(ParleService service, OwnedRoom host, bool contents)
    {
        _ = service;
        return (await (await host.Owner.Post($"/v/rooms/{host.RoomID}/auditors", new { contents })).Json(HttpStatusCode.Created))
            .Text("token");
    }

    private async Task<JsonElement> Record(string token, Guid roomID, string query = "") =>
        await (await Get(token, roomID, query)).Json(HttpStatusCode.OK);

    private async Task<HttpResponseMessage> Get<TRoom>(string token, TRoom room, string query = "")
    {
        using var client = (await cluster.Service).Client();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        return await client.GetAsync($"/v/rooms/{room}/record{query}", TestContext.Current.CancellationToken);
    }
}
