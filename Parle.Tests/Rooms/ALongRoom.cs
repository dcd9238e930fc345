using System.Net;
using Npgsql;
using Parle.Api.Writing;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Rooms;

public class ALongRoom(TestCluster cluster)
{
    [Fact]
    public async Task is_known_to_another_node_from_its_snapshot_and_the_facts_after_it()
    {
        var database = await cluster.NewDatabase();
        await using var first = await ParleService.Start(database);
        var room = await first.NewRoomWithPresent(History.All, History.All);
        const int Messages = RoomStates.SnapshotEvery + 20;
        for (var i = 0; i < Messages; i++)
        {
            await (await room.Agents[i % 2].Say($"message {i}", to: i % 10 == 0 ? room.Agents[0].Address : null))
                .Json(HttpStatusCode.Created);
        }

        await using var second = await ParleService.Start(database);
        var ana = room.Agents[0].At(second.Client());
        var next = await (await ana.Say("from the other node")).Json(HttpStatusCode.Created);

        Assert.Equal(1, await CountOf(database, "select count(*) from parle.room_snapshots"));
        Assert.Equal(3 + Messages + 1, next.Seq()); // Three seats were admitted before.
        Assert.Equal(await LastSeq(ana), next.Seq());
    }

    private static async Task<long> LastSeq(TestAgent agent)
    {
        long cursor = 0;
        while (await agent.Read(cursor) is var page && page.Messages().Count > 0)
        {
            cursor = page.GetProperty("watermark").GetInt64();
        }

        return cursor;
    }

    private static async Task<long> CountOf(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
