using Medallion.Threading.Postgres;
using Npgsql;
using Parle.Tests.Service;

namespace Parle.Tests.Shims;

/// The async daemon elects its leader with this lock. Written against what the shim and the real package have in common.
public abstract class ADistributedLock(TestCluster cluster, bool inTransaction) : IAsyncLifetime
{
    private static long lastKey = 7_340_000;

    private readonly long key = Interlocked.Increment(ref lastKey);
    private NpgsqlDataSource mine = null!;
    private NpgsqlDataSource theirs = null!;

    public async ValueTask InitializeAsync()
    {
        var database = (await cluster.Service).ConnectionString;
        mine = NpgsqlDataSource.Create($"{database};Application Name=mine");
        theirs = NpgsqlDataSource.Create($"{database};Application Name=theirs");
    }

    [Fact]
    public async Task has_one_holder_at_a_time()
    {
        await using var held = await Lock(mine).TryAcquireAsync();

        Assert.NotNull(held);
        Assert.Null(await Lock(theirs).TryAcquireAsync());
        Assert.False(held.HandleLostToken.IsCancellationRequested);
    }

    [Fact]
    public async Task is_free_again_when_released()
    {
        var held = await Lock(mine).TryAcquireAsync();
        await held!.DisposeAsync();
        await held.DisposeAsync(); // Twice is once.

        await using var next = await Lock(theirs).TryAcquireAsync();
        Assert.NotNull(next);
        Assert.False(next.HandleLostToken.IsCancellationRequested);
    }

    [Fact]
    public async Task is_handed_to_whoever_waits()
    {
        var held = await Lock(mine).TryAcquireAsync();
        var waiting = Lock(theirs).TryAcquireAsync(TimeSpan.FromSeconds(30)).AsTask();
        await held!.DisposeAsync();

        await using var next = await waiting;
        Assert.NotNull(next);
    }

    [Fact]
    public async Task is_free_again_and_known_as_lost_when_its_connection_ends()
    {
        await using var held = await Lock(mine).TryAcquireAsync();
        var lost = new TaskCompletionSource();
        await using var _ = held!.HandleLostToken.Register(lost.SetResult);

        await using var end = theirs.CreateCommand(
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and ((classid::bigint << 32) | objid::bigint) "
            + "= $1");
        end.Parameters.Add(new() { Value = key });
        await end.ExecuteNonQueryAsync();

        await lost.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await using var next = await Lock(theirs).TryAcquireAsync(TimeSpan.FromSeconds(30));
        Assert.NotNull(next);
    }

    [Fact]
    public async Task leaves_other_keys_alone()
    {
        await using var held = await Lock(mine).TryAcquireAsync();
        await using var other = await new PostgresDistributedLock(new(-key), theirs, Options).TryAcquireAsync();

        Assert.NotNull(held);
        Assert.NotNull(other);
    }

    public async ValueTask DisposeAsync()
    {
        await mine.DisposeAsync();
        await theirs.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private PostgresDistributedLock Lock(NpgsqlDataSource source) => new(new PostgresAdvisoryLockKey(key), source, Options);

    private void Options(PostgresConnectionOptionsBuilder options) => options.UseTransaction(inTransaction);
}

public class ALockHeldByASession(TestCluster cluster) : ADistributedLock(cluster, inTransaction: false);

public class ALockHeldByATransaction(TestCluster cluster) : ADistributedLock(cluster, inTransaction: true);
