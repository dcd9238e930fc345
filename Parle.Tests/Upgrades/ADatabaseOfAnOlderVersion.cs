using System.IO.Compression;
using System.Net;
using System.Text.Json;
using Npgsql;
using Parle.Tests.Asks;
using Parle.Tests.Contract;
using Parle.Tests.Crash;
using Parle.Tests.Laws;
using Parle.Tests.Record;
using Parle.Tests.Replaying;
using Parle.Tests.Service;
using Parle.Tests.Tidiness;

namespace Parle.Tests.Upgrades;

/// Databases that older versions filled by their own code, with nearly every kind of fact, a deadline under way and proofs given out: see
/// README.md here.
public sealed class ADatabaseOfAnOlderVersion(TestCluster cluster)
{
    private const string Leaves = """
        select concat(
            (select string_agg(encode(leaf, 'hex'), ' ' order by event_id) from parle.timeline_rows), '; ',
            (select string_agg(encode(leaf, 'hex'), ' ' order by stream_id, version) from parle.record_index))
        """;

    public static TheoryData<string> Versions => SourceFiles.Repository is null ? ["none"] : [.. Directory.GetFiles(Folder, "*.sql.gz")
        .Select(file => Path.GetFileName(file)[..^".sql.gz".Length]).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(SourceFiles.Repository!, "Parle.Tests", "Upgrades");

    [Theory, MemberData(nameof(Versions))]
    public async Task is_upgraded_and_goes_on(string version)
    {
        SourceFiles.Need();
        var given = JsonElement.Parse(
            await File.ReadAllTextAsync(Path.Combine(Folder, $"{version}.json"), TestContext.Current.CancellationToken));
        await using var service = await ParleService.Start(await Restored(version)); // Puts the schema in place, as db-apply does.

        // Its tokens open what they opened, and show what they showed.
        var roomID = given.GetProperty("room").GetGuid();
        var ana = new TestAgent(service.Client(), roomID, given.GetProperty("ana").Text("token"));
        await ana.StartSession();
        await ana.Enter();
        var shown = new List<JsonElement>();
        for (var page = await ana.Read(); page.Messages().Count > 0; page = await ana.Read(page.GetProperty("watermark").GetInt64()))
        {
            shown.AddRange(page.Messages());
        }

        var before = given.GetProperty("view").EnumerateArray().Select(Row).ToList();
        Assert.Equal(before, shown.Take(before.Count).Select(Row));

        // A message that was sent then and is sent again now is the same message, in any order of its members.
        var again = await (await ana.Post(
            """{"payload":{"body":"Version 2.1 is built. Do your tests pass?"},"type":"message_submitted"}""", given.Text("kept")))
            .Json(HttpStatusCode.OK);
        Assert.Equal(
            (given.GetProperty("digest").Text("event_id"), true), (again.Text("event_id"), again.GetProperty("replayed").GetBoolean()));

        // A deadline that was on its way arrives.
        await Until.Holds(async () => await ana.StateOf(given.GetProperty("open").GetGuid()) is "expired");

        // Its views are what the record says, but for those that know more since; a rebuild puts these right, and changes no digest.
        Assert.Equal(version is "before-0.13" ? ["identities", "person_sessions"] : [],
            (await service.Check()).Where(finding => !finding.Agrees).Select(finding => finding.View.Name).Order());
        var leaves = await service.Scalar<string>(Leaves);
        await service.Rebuild();
        Assert.All(await service.Check(), finding => Assert.True(finding.Agrees, $"{finding.View.Name}: {finding.First}"));
        Assert.Equal(leaves, await service.Scalar<string>(Leaves));
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task gave_out_proofs_that_hold(string version)
    {
        SourceFiles.Need();
        var folder = Directory.CreateTempSubdirectory("parle-upgrade-").FullName;
        try
        {
            var given = JsonElement.Parse(
                await File.ReadAllTextAsync(Path.Combine(Folder, $"{version}.json"), TestContext.Current.CancellationToken));
            var (keys, receipt, export) = (Path.Combine(folder, "keys.json"), Path.Combine(folder, "receipt.json"),
                Path.Combine(folder, "room.ndjson"));
            await File.WriteAllTextAsync(keys, given.GetProperty("keys").GetRawText(), TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(receipt, given.GetProperty("receipt").GetRawText(), TestContext.Current.CancellationToken);
            await using (var packed = new GZipStream(
                File.OpenRead(Path.Combine(Folder, $"{version}.ndjson.gz")), CompressionMode.Decompress))
            await using (var unpacked = File.Create(export))
            {
                await packed.CopyToAsync(unpacked, TestContext.Current.CancellationToken);
            }

            Assert.StartsWith("OK", await Verifiers.VerifyFile(receipt, "--keys", keys), StringComparison.Ordinal);
            Assert.StartsWith("OK", await Verifiers.VerifyFile(export, "--keys", keys), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Row(JsonElement row) =>
        $"{row.GetProperty("seq")} {row.Text("event_id")} {row.Text("event_type")} {JsonSerializer.Serialize(row.GetProperty("payload"))}";

    private async Task<string> Restored(string version)
    {
        var database = await cluster.EmptyDatabase();
        await using var packed = new GZipStream(File.OpenRead(Path.Combine(Folder, $"{version}.sql.gz")), CompressionMode.Decompress);
        using var text = new StreamReader(packed);
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var restore = new NpgsqlCommand(await text.ReadToEndAsync(TestContext.Current.CancellationToken), connection);
        await restore.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        NpgsqlConnection.ClearPool(connection);
        return database;
    }
}
