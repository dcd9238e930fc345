using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Parle.Api.Record;
using Parle.Domain.Record;
using Parle.Domain.Rooms;
using Parle.Tests.Asks;
using Parle.Tests.Contract;
using Parle.Tests.Laws;
using Parle.Tests.Replaying;
using Parle.Tests.Service;

namespace Parle.Tests.Record;

/// An event that was stored before its type had all the members of today: its digests are those of what is stored, and stay so.
public class AnEventOfAnOlderVersion(TestCluster cluster)
{
    [Fact]
    public async Task keeps_its_digests_through_checks_rebuilds_receipts_and_imports()
    {
        var database = await cluster.NewDatabase();
        var (room, receipt) = await FilledByAnOlderVersion(database);
        await using var service = await ParleService.Start(database);
        var asker = room.Agents[0].At(service.Client());
        var leaves = await Leaves(service);

        Assert.StartsWith("OK   file: ask_opened", await Verified(asker, receipt));
        Assert.All(await service.Check(), view => Assert.True(view.Agrees, $"{view.View.Name}: {view.First}"));
        Assert.All(await service.Rebuild("timeline", "record_index"), view => Assert.Equal(0, view.Differing));

        Assert.Equal(leaves, await Leaves(service));
        Assert.StartsWith("OK   file: ask_opened", await Verified(asker, receipt));
        var lines = (await Export(service, room.RoomID)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("OK", await Verifiers.Verify(string.Join('\n', lines) + "\n"));
        await using var there = await ParleService.Start(await cluster.NewDatabase());
        await there.Host.Services.GetRequiredService<RoomImport>().Read(() => lines, null, TestContext.Current.CancellationToken);
        Assert.StartsWith("OK", await Verifiers.Verify(await Export(there, room.RoomID)));
        Assert.Equal(
            await service.Scalar<string>(
                "select string_agg(data::text, ' ' order by version) from parle.mt_events where stream_id = $1", room.RoomID),
            await there.Scalar<string>(
                "select string_agg(data::text, ' ' order by version) from parle.mt_events where stream_id = $1 and type <> 'room_imported'",
                room.RoomID));
        Assert.All(await there.Check(), view => Assert.True(view.Agrees, $"{view.View.Name}: {view.First}"));
    }

    // As by a version that knew neither of context nor of work: what is empty today was not there.
    private async Task<(TestRoom Room, string Receipt)> FilledByAnOlderVersion(string database)
    {
        await using var older = await ParleService.Start(database);
        var room = await older.NewRoomWithPresent(History.All, History.All);
        var opened = await (await room.Agents[0].Ask(Asking.Help())).Json(HttpStatusCode.Created);
        await older.Execute("alter table parle.mt_events disable trigger user; alter table parle.checkpoints disable trigger user");
        await older.Execute("delete from parle.checkpoints; update parle.mt_events set data = (select jsonb_object_agg(key, value) from "
            + "jsonb_each(data) where value <> '[]') where type like 'ask_%'");
        await using (var connection = new NpgsqlConnection(database))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            foreach (var (id, leaf, entryLeaf) in await Stored(connection, room.RoomID))
            {
                await using var write = new NpgsqlCommand("update parle.timeline_rows set leaf = $2 where event_id = $1", connection)
                { Parameters = { new() { Value = id }, new() { Value = leaf } } };
                await write.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
                await using var index = new NpgsqlCommand("update parle.record_index set leaf = $2 where event_id = $1", connection)
                { Parameters = { new() { Value = id }, new() { Value = entryLeaf } } };
                Assert.Equal(1, await index.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
            }
        }

        await older.Execute("alter table parle.mt_events enable trigger user; alter table parle.checkpoints enable trigger user");
        Assert.Equal(
            1, await older.Scalar<long>("select count(*) from parle.mt_events where type = 'ask_opened' and not data ? 'context'"));
        return (room, opened.Text("receipt"));
    }

    private static async Task<List<(Guid ID, byte[] Leaf, byte[] EntryLeaf)>> Stored(NpgsqlConnection connection, Guid roomID)
    {
        await using var command = new NpgsqlCommand(
            "select id, type, timestamp, data::text, headers::text, correlation_id from parle.mt_events where stream_id = $1", connection)
        { Parameters = { new() { Value = roomID } } };
        await using var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var stored = new List<(Guid, byte[], byte[])>();
        while (await rows.ReadAsync(TestContext.Current.CancellationToken))
        {
            var (id, type, at, data, headers) = (rows.GetGuid(0), rows.GetString(1), rows.GetFieldValue<DateTimeOffset>(2),
                JsonElement.Parse(rows.GetString(3)), JsonElement.Parse(rows.GetString(4)));
            stored.Add((id, MerkleTree.LeafHash(CanonicalFact.Of(roomID, id, type, at, data, headers)), MerkleTree.LeafHash(
                CanonicalFact.EntryOf(roomID, id, type, at, data, headers, rows.IsDBNull(5) ? null : rows.GetString(5)))));
        }

        return stored;
    }

    private static Task<string> Leaves(ParleService service) => service.Scalar<string>(
        "select (select string_agg(encode(leaf, 'hex'), ' ' order by event_id) from parle.timeline_rows) || ' ' || (select "
        + "string_agg(encode(leaf, 'hex'), ' ' order by event_id) from parle.record_index)");

    private static async Task<string> Verified(TestAgent agent, string receipt)
    {
        var text = await (await agent.Send(HttpMethod.Get, receipt)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return await Verifiers.Verify(text);
    }

    private static async Task<string> Export(ParleService service, Guid roomID)
    {
        await using var output = new StringWriter();
        await service.Host.Services.GetRequiredService<RoomExport>().Write(roomID, true, output, TestContext.Current.CancellationToken);
        return output.ToString();
    }
}
