using System.Net;
using Npgsql;
using Parle.Domain.Rooms;
using Parle.Tests.Crash;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

/// A backup goes on in the place of what had gone on since it was made.
public class ARestoredDatabase(TestCluster cluster)
{
    [Fact]
    public async Task refuses_cursors_of_what_was_lost_and_says_from_where_to_go_on()
    {
        await using var lost = await Lost.Of(cluster);
        var ben = lost.Ben;
        for (var i = 0; i < 6; i++)
        {
            await Said(lost.Ana, $"after {i}"); // As many as were lost, and more: the old cursor lies within them.
        }

        foreach (var surface in (string[])["projection", "inbound", "stream"])
        {
            foreach (var generation in (string[])["", "&generation=g0"])
            {
                var gap = await (await ben.Send(HttpMethod.Get, $"/v/rooms/{ben.RoomID}/{surface}?since_seq={lost.OldCursor}{generation}"))
                    .IsRefused("cursor_gap", "earliest_available_seq", "generation");
                Assert.Equal((lost.Common, "g1"), (gap.GetProperty("earliest_available_seq").GetInt64(), gap.Text("generation")));
            }
        }

        using var again = ben.Request(HttpMethod.Get, $"/v/rooms/{ben.RoomID}/stream");
        again.Headers.Add("Last-Event-ID", $"{lost.OldCursor}");
        await (await ben.Send(again)).IsRefused("cursor_gap", "earliest_available_seq", "generation");

        var page = await ben.Read(lost.Common);
        Assert.Equal(["after 0", "after 1", "after 2", "after 3", "after 4", "after 5"], page.Messages().Select(row => row.Body()));
        Assert.Equal("g1", page.Text("generation"));

        // From here on its cursor is of this incarnation, whether it says so or not.
        var watermark = page.GetProperty("watermark").GetInt64();
        await Said(lost.Ana, "and one more");
        Assert.Equal("and one more", Assert.Single((await ben.Read(watermark)).Messages()).Body());
        Assert.Equal("and one more", Assert.Single((await ben.Inbound(watermark)).Messages()).Body());
    }

    [Fact]
    public async Task takes_cursors_of_what_is_left_as_before()
    {
        await using var lost = await Lost.Of(cluster);
        await Said(lost.Ana, "after");

        var page = await lost.Ben.Read(lost.Common - 1);

        Assert.Equal(["before 2", "after"], page.Messages().Select(row => row.Body()));
        Assert.Equal("after", Assert.Single((await lost.Ben.Read(lost.Common)).Messages()).Body());
    }

    [Fact]
    public async Task takes_a_cursor_that_names_its_own_generation_from_a_session_it_never_saw()
    {
        await using var lost = await Lost.Of(cluster);
        await Said(lost.Ana, "after");
        var fresh = lost.Ben.Again();
        await fresh.StartSession();
        await fresh.Enter();

        await (await fresh.Send(HttpMethod.Get, $"{fresh.Projection}?since_seq={lost.Common + 1}"))
            .IsRefused("cursor_gap", "earliest_available_seq", "generation");
        Assert.Empty((await (await fresh.Send(HttpMethod.Get, $"{fresh.Projection}?since_seq={lost.Common + 1}&generation=g1"))
            .Json(HttpStatusCode.OK)).Messages());
        await (await fresh.Send(HttpMethod.Get, $"{fresh.Projection}?since_seq=0&generation=g2")).IsRefused("malformed_request");
    }

    [Fact]
    public async Task is_noticed_by_a_node_that_was_not_stopped()
    {
        var original = await cluster.NewDatabase();
        await using var service = await ParleService.Start(original);
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        await Said(ana, "before");
        var common = (await ben.Read()).GetProperty("watermark").GetInt64();
        var backup = await cluster.CopyOf(original);
        await Said(ana, "lost");
        var cursor = (await ben.Read(common)).GetProperty("watermark").GetInt64();

        await cluster.Replace(original, backup);
        await Until.Holds(async () => (await ana.Say("after", "after")).IsSuccessStatusCode); // Connections of before may fail first.

        await (await ben.Send(HttpMethod.Get, $"{ben.Projection}?since_seq={cursor}"))
            .IsRefused("cursor_gap", "earliest_available_seq", "generation");
        Assert.Equal("after", Assert.Single((await ben.Read(common)).Messages()).Body());
        Assert.Contains((await (await ben.Send(HttpMethod.Get, $"/v/rooms/{ben.RoomID}/ledger")).Json(HttpStatusCode.OK))
            .GetProperty("shown").EnumerateArray(), shown => shown.GetProperty("upto").GetInt64() == common + 1);
    }

    /// As after a volume was set back: nothing inside tells, but the cursor does, and whoever did it can say so.
    [Fact]
    public async Task that_has_all_its_marks_is_told_by_who_points_beyond_its_end_or_by_its_operator()
    {
        var original = await cluster.NewDatabase();
        await using (var service = await ParleService.Start(original))
        {
            var (ana, ben) = (await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission)).Agents is [var one, var other]
                ? (one, other) : default;
            await Said(ana, "before");
            var head = (await ben.Read()).GetProperty("watermark").GetInt64();
            foreach (var surface in (string[])["projection", "inbound", "stream"])
            {
                var gap = await (await ben.Send(HttpMethod.Get, $"/v/rooms/{ben.RoomID}/{surface}?since_seq={head + 1}&generation=g0"))
                    .IsRefused("cursor_gap", "earliest_available_seq", "generation");
                Assert.Equal((head, "g0"), (gap.GetProperty("earliest_available_seq").GetInt64(), gap.Text("generation")));
            }

            Assert.Empty((await (await ben.Send(HttpMethod.Get, $"{ben.Projection}?since_seq={head}&generation=g0"))
                .Json(HttpStatusCode.OK)).Messages());
            Assert.Empty((await ben.Read(head + 1)).Messages()); // Published clients do not say.
        }

        await using (var owner = NpgsqlDataSource.Create(original))
        await using (var say = owner.CreateCommand(
            "update parle.incarnations set witness = 'restored' where number = (select max(number) from parle.incarnations)"))
        {
            Assert.Equal(1, await say.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        }

        await using (var service = await ParleService.Start(original))
        {
            Assert.Equal("g1", await GenerationOf(service));
        }
    }

    [Fact]
    public async Task is_another_one_each_time()
    {
        var original = await cluster.NewDatabase();
        await using (var service = await ParleService.Start(original))
        {
            Assert.Equal("g0", await GenerationOf(service));
        }

        await using (var service = await ParleService.Start(original))
        {
            Assert.Equal("g0", await GenerationOf(service));
        }

        var copy = await cluster.CopyOf(original);
        await using (var service = await ParleService.Start(copy))
        {
            Assert.Equal("g1", await GenerationOf(service));
        }

        await using (var service = await ParleService.Start(await cluster.CopyOf(copy)))
        {
            Assert.Equal("g2", await GenerationOf(service));
        }
    }

    private static async Task<string> GenerationOf(ParleService service) =>
        (await (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0].Read()).Text("generation");

    private static async Task Said(TestAgent agent, string words) => await (await agent.Say(words)).Json(HttpStatusCode.Created);

    /// A service on the backup of a room, with a reader whose cursor is of rows that were written after the backup.
    private sealed record Lost(ParleService Service, TestAgent Ana, TestAgent Ben, long Common, long OldCursor) : IAsyncDisposable
    {
        public static async Task<Lost> Of(TestCluster cluster)
        {
            var original = await cluster.NewDatabase();
            await using var before = await ParleService.Start(original);
            var room = await before.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
            var (ana, ben) = (room.Agents[0], room.Agents[1]);
            for (var i = 0; i < 3; i++)
            {
                await Said(ana, $"before {i}");
            }

            var common = (await ben.Read()).GetProperty("watermark").GetInt64();
            var backup = await cluster.CopyOf(original);
            for (var i = 0; i < 5; i++)
            {
                await Said(ana, $"lost {i}");
            }

            var cursor = (await ben.Read(common)).GetProperty("watermark").GetInt64();
            Assert.Equal(common + 5, cursor);
            var after = await ParleService.Start(backup);
            return new(after, ana.At(after.Client()), ben.At(after.Client()), common, cursor);
        }

        public ValueTask DisposeAsync() => Service.DisposeAsync();
    }
}
