using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Parle.Api.Record;
using Parle.Domain.Rooms;
using Parle.Tests.Contract;
using Parle.Tests.Service;

namespace Parle.Tests.Record;

public class AnExportedRoom(TestCluster cluster)
{
    [Fact]
    public async Task holds_with_and_without_words()
    {
        var service = await cluster.Service;
        var roomID = await AnyRoom(service);

        Assert.StartsWith($"OK   file: room {roomID}", await Verifiers.Verify(await Export(service, roomID, contents: true)));
        var bare = await Export(service, roomID, contents: false);
        Assert.StartsWith($"OK   file: room {roomID}", await Verifiers.Verify(bare));
        Assert.DoesNotContain("to all", bare);
        Assert.Null(await service.Host.Services.GetRequiredService<RoomExport>()
            .Write(Guid.NewGuid(), false, TextWriter.Null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task agrees_with_every_receipt_that_was_given()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.All, History.FromAdmission);
        var files = new List<string>();
        foreach (var agent in room.Agents)
        {
            var said = await (await agent.Say("hello")).Json(HttpStatusCode.Created);
            var file = Path.GetTempFileName();
            await File.WriteAllTextAsync(file, await (await agent.Send(HttpMethod.Get, said.Text("receipt"))).Content
                .ReadAsStringAsync(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
            Assert.StartsWith("OK   file: message_submitted", await Verifiers.VerifyFile(file));
            files.AddRange(["--checkpoint", file]);
        }

        Assert.StartsWith("OK", await Verifiers.Verify(await Export(service, room.RoomID, contents: true), "file", [.. files]));
        files.Where(file => !file.StartsWith('-')).ToList().ForEach(File.Delete);
    }

    [Fact]
    public async Task can_be_read_in_another_parle_and_not_written()
    {
        var here = await cluster.Service;
        var roomID = await AnyRoom(here);
        var lines = (await Export(here, roomID, contents: true)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await using var there = await ParleService.Start(await cluster.NewDatabase());
        var import = there.Host.Services.GetRequiredService<RoomImport>();

        var imported = await import.Read(() => lines, null, TestContext.Current.CancellationToken);

        Assert.Equal((roomID, (long)lines.Count(line => line.StartsWith("{\"version\"", StringComparison.Ordinal))),
            (imported.RoomID, imported.Facts));
        var again = (await Export(there, roomID, contents: true)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("OK", await Verifiers.Verify(string.Join('\n', again) + "\n"));
        Assert.Equal(FactsOf(lines), FactsOf(again)[..^1]);
        Assert.Contains("room_imported", FactsOf(again)[^1]);
        var provisioned = await there.Provision(new([new("olga")], [], []) { Operators = [new("night")] });
        var client = there.Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", provisioned.Operators![0].Token);
        var record = await (await client.GetAsync($"/v/operator/rooms/{roomID}/record", TestContext.Current.CancellationToken))
            .Json(HttpStatusCode.OK);
        Assert.Equal(imported.Facts + 1, record.GetProperty("facts").GetArrayLength());
        await Assert.ThrowsAsync<ImportException>(() => import.Read(() => lines, null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task holds_where_words_were_taken_away()
    {
        var here = await cluster.Service;
        var room = await here.NewRoomWithPresent(History.All, History.FromAdmission);
        var said = await (await room.Agents[0].Say("a secret")).Json(HttpStatusCode.Created);
        var before = await Export(here, room.RoomID, contents: true);
        await (await room.Agents[0].Send(HttpMethod.Post, $"/v/rooms/{room.RoomID}/redactions",
            $$"""{"event_id":"{{said.Text("event_id")}}","reason":"secret"}""", "redact")).Json(HttpStatusCode.Created);

        var after = await Export(here, room.RoomID, contents: true);

        Assert.Contains("a secret", before);
        Assert.DoesNotContain("a secret", after);
        Assert.StartsWith("OK", await Verifiers.Verify(after));
        await using var there = await ParleService.Start(await cluster.NewDatabase());
        await there.Host.Services.GetRequiredService<RoomImport>()
            .Read(() => after.Split('\n', StringSplitOptions.RemoveEmptyEntries), null, TestContext.Current.CancellationToken);
        Assert.StartsWith("OK", await Verifiers.Verify(await Export(there, room.RoomID, contents: true)));
    }

    [Fact]
    public async Task that_does_not_hold_is_not_taken_in()
    {
        var here = await cluster.Service;
        var roomID = await AnyRoom(here);
        var lines = (await Export(here, roomID, contents: true)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith("{\"version\":3,", StringComparison.Ordinal)).ToList();
        await using var there = await ParleService.Start(await cluster.NewDatabase());

        var refused = await Assert.ThrowsAsync<ImportException>(
            () => there.Host.Services.GetRequiredService<RoomImport>().Read(() => lines, null, TestContext.Current.CancellationToken));

        Assert.Contains("fact 3: it is missing", refused.Message);
        Assert.Equal(0, await Hosting.DataFolder.Ask<long>(
            there.ConnectionString, $"select count(*) from parle.mt_events where stream_id = '{roomID}'"));
    }

    [Fact]
    public async Task is_signed_by_keys_that_endorse_each_other()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        var keys = service.Host.Services.GetRequiredService<SigningKeys>();
        var roomID = await AnyRoom(service);
        _ = await Export(service, roomID, contents: false);
        var first = (await keys.All(TestContext.Current.CancellationToken))[0].Key.ToString();
        var second = await keys.Rotate(TestContext.Current.CancellationToken);
        var third = await keys.Rotate(TestContext.Current.CancellationToken);
        await AnotherNodeSigns(service, roomID);
        var export = await Export(service, roomID, contents: false);

        Assert.Contains($"+{Convert.ToHexStringLower(third.Key.ID)}+", export);
        Assert.StartsWith("OK", await Verifiers.Verify(export, "file", "--keys", first)); // It endorsed the second, and that the third.
        Assert.Contains("no trusted key signed it", await Verifiers.Verify(export, "file", "--keys", second.Key.ToString()));
        Assert.Equal(0, await Hosting.DataFolder.Ask<long>(
            service.ConnectionString, "select count(*) from parle.signing_keys where secret is not null and number < 3"));
    }

    [Fact]
    public async Task is_gone_on_from_by_a_node_that_has_not_heard_of_a_new_key()
    {
        await using var here = await ParleService.Start(await cluster.NewDatabase());
        await using var there = await ParleService.Start(here.ConnectionString);
        var room = await here.NewRoomWithPresent(History.All);
        var log = new RoomLog(room.RoomID);
        // It knows the first key from here on.
        await there.Host.Services.GetRequiredService<Checkpoints>().Now(log, TestContext.Current.CancellationToken);
        await here.Host.Services.GetRequiredService<SigningKeys>().Rotate(TestContext.Current.CancellationToken);
        await (await room.Agents[0].Say("signed with the second key")).Json(HttpStatusCode.Created);
        await here.Host.Services.GetRequiredService<Checkpoints>().Now(log, TestContext.Current.CancellationToken);
        await (await room.Agents[0].Say("one more")).Json(HttpStatusCode.Created);

        var signed = await there.Host.Services.GetRequiredService<Checkpoints>().Now(log, TestContext.Current.CancellationToken);

        Assert.Equal(
            await log.Size(there.Host.Services.GetRequiredService<Npgsql.NpgsqlDataSource>(), TestContext.Current.CancellationToken),
            signed!.Checkpoint.Size);
        Assert.Empty(there.Host.Services.GetRequiredService<Checkpoints>().Broken);
    }

    private static async Task AnotherNodeSigns(ParleService service, Guid roomID)
    {
        await using var another = await ParleService.Start(service.ConnectionString);
        await another.Host.Services.GetRequiredService<Checkpoints>().Now(new RoomLog(roomID), TestContext.Current.CancellationToken);
    }

    private static async Task<Guid> AnyRoom(ParleService service)
    {
        var room = await service.NewRoomWithPresent(History.All, History.FromAdmission);
        await (await room.Agents[0].Say("to all")).Json(HttpStatusCode.Created);
        await (await room.Agents[1].Say("to ana", to: room.Agents[0].Address)).Json(HttpStatusCode.Created);
        return room.RoomID;
    }

    private static List<string> FactsOf(IEnumerable<string> lines) =>
        [.. lines.Where(line => line.StartsWith("{\"version\"", StringComparison.Ordinal))
            .Select(line => Domain.Contents.CanonicalJson.Of(System.Text.Json.JsonElement.Parse(line).GetProperty("fact")))];

    private static async Task<string> Export(ParleService service, Guid roomID, bool contents)
    {
        await using var output = new StringWriter();
        await service.Host.Services.GetRequiredService<RoomExport>().Write(roomID, contents, output, TestContext.Current.CancellationToken);
        return output.ToString();
    }
}
