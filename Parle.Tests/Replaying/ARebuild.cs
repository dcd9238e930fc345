using System.Collections.Concurrent;
using System.Net;
using Npgsql;
using Parle.Domain.Rooms;
using Parle.Projections.Replaying;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Replaying;

public class ARebuild(TestCluster cluster)
{
    [Fact]
    public async Task is_refused_while_another_one_runs()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        Exception? refusal = null;
        await service.Rebuilding(progress => refusal ??= progress.Doing.StartsWith("comparing", StringComparison.Ordinal)
            ? Xunit.Record.Exception(() => service.Check().GetAwaiter().GetResult()) : null)
            .Check(Views.Named(), TestContext.Current.CancellationToken);

        Assert.Equal("Another rebuild or check runs on this database.", Assert.IsType<RebuildException>(refusal).Message);
    }

    /// A killed rebuild leaves that schema, and a connection that is gone.
    [Fact]
    public async Task starts_clean_after_one_that_was_killed()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        await service.NewRoomWithPresent(History.All);
        await service.Execute("create schema parle_rebuild; create table parle_rebuild.timeline_rows as select * from parle.timeline_rows; "
            + "create table parle_rebuild.differing_timeline_rows (n bigint)");

        Assert.All(await service.Rebuild(), view => Assert.True(view.Agrees));
        Assert.Equal(0, await service.Scalar<long>("select count(*) from pg_namespace where nspname = 'parle_rebuild'"));
    }

    [Fact]
    public async Task leaves_nothing_behind_when_it_is_interrupted()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        await service.NewRoomWithPresent(History.All);
        using var interruption = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => service.Rebuilding(_ => interruption.Cancel()).Replace(Views.Named(), interruption.Token));
        Assert.Equal(0, await service.Scalar<long>("select count(*) from pg_namespace where nspname = 'parle_rebuild'"));
        Assert.All(await service.Check(), view => Assert.True(view.Agrees));
    }

    /// A backup reads every table in one transaction, and holds no writer up.
    [Fact]
    public async Task waits_for_a_backup_while_writers_go_on()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        var room = await service.NewRoomWithPresent(History.All);
        await using var backup = new NpgsqlConnection(service.ConnectionString);
        await backup.OpenAsync(TestContext.Current.CancellationToken);
        var reading = await backup.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var read = new NpgsqlCommand("lock table parle.mt_streams in access share mode", backup))
        {
            await read.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var told = new ConcurrentQueue<string>();
        var waiting = new TaskCompletionSource();
        var check = service.Rebuilding(progress =>
        {
            told.Enqueue(progress.Doing);
            waiting.TrySetResult();
        }).Check(Views.Named(), TestContext.Current.CancellationToken);
        await waiting.Task;
        await (await room.Agents[0].Say("hello")).Json(HttpStatusCode.Created);
        await reading.RollbackAsync(TestContext.Current.CancellationToken);

        Assert.All(await check, view => Assert.True(view.Agrees));
        Assert.Contains("waiting", told.First(), StringComparison.Ordinal);
    }
}
