using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Npgsql;
using Parle.Tests.Asks;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class RedactingWhatWasSaid(TestCluster cluster)
{
    private readonly string secret = $"the password is {Guid.NewGuid():N}";

    [Fact]
    public async Task shows_who_did_it_and_why_in_its_place()
    {
        var room = await (await cluster.Service).NewOwnedRoom(2);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        var said = await EventOf(await ana.Say(secret));
        var cursor = (await ben.Read()).GetProperty("watermark").GetInt64();
        Assert.Contains(secret, (await ben.Read()).ToString(), StringComparison.Ordinal);

        var redaction = await EventOf(await Redact(ana, said));

        foreach (var reader in room.Agents)
        {
            Assert.DoesNotContain(secret, (await reader.Read()).ToString(), StringComparison.Ordinal);
            var row = (await reader.Read()).Messages().Single(row => Id(row, "event_id") == said);
            Assert.Equal(("", JsonValueKind.Null), (row.Body(), row.GetProperty("fence").ValueKind));
            Assert.Equal($"Redacted by @{room.Owner.Handle}.helper (secret).", row.Text("content"));
            Assert.Equal((redaction, said, "secret"), In(row));
        }

        var told = Assert.Single((await ben.Read(cursor)).Messages());
        Assert.Equal(("content_redacted", (redaction, said, "secret")), (told.Text("event_type"), In(told)));
        Assert.Equal($"@{room.Owner.Handle}.helper redacted what was said (secret).", told.Body());
    }

    [Fact]
    public async Task leaves_nothing_of_it_in_a_dump_of_the_database()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        var room = await service.NewOwnedRoom(2);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        var said = await EventOf(await ana.Say(secret));
        var whispered = await EventOf(await ben.Say(secret, to: ana.Address));
        await ana.Drain();
        var ask = await ana.Opens(Asking.Help().With("title", secret).With("context", Asking.Packet(secret, secret)));
        await ben.Does(ask, "claim", new { });
        await ben.Does(ask, "answer", new { answer = new { text = secret } });
        Assert.Contains(secret, await Dump(service), StringComparison.Ordinal);
        var items = await ben.ItemsOf(ask);
        var answer = Id((await ben.See(ask)).GetProperty("history").EnumerateArray().Last(), "event_id");

        await (await Redact(ana, said)).Json(HttpStatusCode.Created);
        await (await room.Owner.Post(Redactions(ana), new { event_id = whispered, reason = "abuse" }, "whispered"))
            .Json(HttpStatusCode.Created);
        await (await ana.Send(HttpMethod.Post, Redactions(ana), $$"""{"item_id":"{{items[0]}}","reason":"mistake"}""", "item"))
            .Json(HttpStatusCode.Created);
        Assert.Equal("redacted", (await ben.Item(ask, items[0])).Text("gone"));
        await (await Redact(ana, ask)).Json(HttpStatusCode.Created);
        await (await Redact(ben, answer)).Json(HttpStatusCode.Created);

        Assert.DoesNotContain(secret, await Dump(service), StringComparison.Ordinal);
        foreach (var reader in room.Agents)
        {
            Assert.DoesNotContain(secret, $"{await reader.Read()}{await reader.Drain()}{await reader.See(ask)}", StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task happens_once_under_its_key_and_in_all()
    {
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(1);
        var ana = room.Agents[0];
        var said = await EventOf(await ana.Say(secret));
        var first = await (await Redact(ana, said, "key")).Json(HttpStatusCode.Created);

        var again = await (await Redact(ana, said, "key")).Json(HttpStatusCode.OK);
        var anew = await (await Redact(ana, said)).Json(HttpStatusCode.OK);

        Assert.Equal((Id(first, "event_id"), true), (Id(again, "event_id"), again.GetProperty("replayed").GetBoolean()));
        Assert.Equal(JsonValueKind.Null, anew.GetProperty("event_id").ValueKind);
        Assert.Equal(1, await service.Count(ana.RoomID, "content_redacted"));
        await (await ana.Send(HttpMethod.Post, Redactions(ana), $$"""{"event_id":"{{said}}","reason":"legal"}""", "key"))
            .Refuses("idempotency_conflict");
    }

    [Fact]
    public async Task is_for_authors_and_the_owner()
    {
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(3);
        var (ana, ben, cleo) = (room.Agents[0], room.Agents[1], room.Agents[2]);
        var common = await EventOf(await ben.Say("to all"));
        var hidden = await EventOf(await ben.Say("to Ana", to: ana.Address));
        var elsewhere = await EventOf(
            await (await service.NewRoomWithPresent(Domain.Rooms.History.FromAdmission)).Agents[0].Say("elsewhere"));

        Assert.Equal("not_author", (await (await Redact(cleo, common)).Refuses("forbidden")).Text("reason"));
        var refusals = new List<string>();
        foreach (var unseen in (Guid[])[hidden, elsewhere, Guid.NewGuid()])
        {
            using var answer = await Redact(cleo, unseen);
            refusals.Add($"{answer.StatusCode} {await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
        }

        Assert.StartsWith("NotFound", Assert.Single(refusals.Distinct()), StringComparison.Ordinal);
        await (await room.Owner.Post(Redactions(ana), new { event_id = elsewhere, reason = "legal" }, "elsewhere")).Refuses("not_found");
        await (await room.Owner.Post(Redactions(ana), new { event_id = common, reason = "legal" }, "common")).Json(HttpStatusCode.Created);
        await (await Redact(ben, hidden)).Json(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("""{"event_id":"019a7c1e-58a0-7c5e-9f59-3b1c7e0a5d11","reason":"because I like to"}""")]
    [InlineData("""{"event_id":"019a7c1e-58a0-7c5e-9f59-3b1c7e0a5d11"}""")]
    [InlineData("""{"reason":"secret"}""")]
    [InlineData(
        """{"event_id":"019a7c1e-58a0-7c5e-9f59-3b1c7e0a5d11","item_id":"019a7c1e-58a0-7c5e-9f59-3b1c7e0a5d11","reason":"secret"}""")]
    public async Task says_what_and_why(string body)
    {
        var ana = (await (await cluster.Service).NewOwnedRoom(1)).Agents[0];
        await (await ana.Send(HttpMethod.Post, Redactions(ana), body, "key")).Refuses("validation_failed");
    }

    [Fact]
    public async Task is_offered_ready_to_send()
    {
        var room = await (await cluster.Service).NewOwnedRoom(2);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        Assert.False((await Offered(ben)).Allowed);
        await (await ana.Say("of another")).Json(HttpStatusCode.Created);
        Assert.False((await Offered(ben)).Allowed);
        await (await ben.Say("of its own")).Json(HttpStatusCode.Created);

        await (await Offered(ben)).Succeeds(ben);

        Assert.False((await Offered(ben)).Allowed);
    }

    [Fact]
    public async Task leaves_no_trace_in_views_that_did_not_have_it()
    {
        var room = await (await cluster.Service).NewOwnedRoom(3);
        var (ana, ben, cleo) = (room.Agents[0], room.Agents[1], room.Agents[2]);
        var whispered = await EventOf(await ana.Say(secret, to: ben.Address));
        var (before, affordances) = ($"{await cleo.Read()}", await Affordances(cleo));

        await (await Redact(ana, whispered)).Json(HttpStatusCode.Created);

        Assert.Equal((before, affordances), ($"{await cleo.Read()}", await Affordances(cleo)));
        Assert.Equal("content_redacted", (await ben.Read()).Messages()[^1].Text("event_type"));
        var next = await (await cleo.Say("hello")).Json(HttpStatusCode.Created);
        Assert.Equal(JsonElement.Parse(before).GetProperty("watermark").GetInt64() + 1, next.Seq());
    }

    private static async Task<string> Affordances(TestAgent agent) =>
        string.Join('\n', (await Offer.All(agent)).Select(offer => $"{offer.Action.Id} {offer.Allowed} {offer.Reason} {offer.AskID}"));

    private static async Task<Offer> Offered(TestAgent agent) =>
        (await Offer.All(agent)).Single(offer => offer.Action.Id == "redact_content");

    private static string Redactions(TestAgent agent) => $"/v/rooms/{agent.RoomID}/redactions";

    private static Task<HttpResponseMessage> Redact(TestAgent agent, Guid eventID, string? key = null) =>
        agent.Send(
            HttpMethod.Post, Redactions(agent), $$"""{"event_id":"{{eventID}}","reason":"secret"}""", key ?? Guid.NewGuid().ToString());

    private static async Task<Guid> EventOf(HttpResponseMessage answer) => Id(await answer.Json(HttpStatusCode.Created), "event_id");

    private static (Guid, Guid, string?) In(JsonElement row) =>
        row.GetProperty("payload").GetProperty("redaction") is var redaction
            ? (Id(redaction, "event_id"), Id(redaction, "fact_id"), redaction.Text("reason")) : default;

    private static Guid Id(JsonElement of, string name) => of.GetProperty(name).GetGuid();

    private static async Task<string> Dump(ParleService service)
    {
        var database = new NpgsqlConnectionStringBuilder(service.ConnectionString);
        var folder = await service.Scalar<string>("select setting from pg_config where name = 'BINDIR'");
        Assert.SkipUnless(File.Exists(Path.Combine(folder, "pg_dump")), "There is no pg_dump beside PostgreSQL.");
        var start = new ProcessStartInfo(Path.Combine(folder, "pg_dump"),
            ["--inserts", "--host", database.Host!, "--port", $"{database.Port}", "--username", database.Username!, database.Database!])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["PGPASSWORD"] = database.Password;
        using var dump = Process.Start(start)!;
        var text = await dump.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await dump.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, dump.ExitCode);
        return text;
    }
}
