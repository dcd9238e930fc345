using Npgsql;
using Parle.Tests.Service;

namespace Parle.Tests.Writing;

/// A service with one room writer of a short queue, on a database whose record can be held shut so that commands gather in it.
public sealed class ABusyRoomWriter(TestCluster cluster) : IAsyncLifetime
{
    public const int Capacity = 8;

    public ParleService Service { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Service = await ParleService.Start(await cluster.NewDatabase(), ("Parle:Lanes", "1"), ("Parle:LaneCapacity", $"{Capacity}"));

    /// Lets nobody append facts until disposed; reading goes on.
    public Task<HeldRecord> Hold() => Hold(Service);

    public async Task<HeldRecord> Hold(ParleService service)
    {
        var connection = new NpgsqlConnection(service.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var hold = new NpgsqlCommand("lock table parle.mt_events in exclusive mode", connection, transaction);
        await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return new(connection);
    }

    public Task<string> NewDatabase() => cluster.NewDatabase();

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}

/// A record that takes no facts until this is disposed.
public sealed class HeldRecord(NpgsqlConnection holding) : IAsyncDisposable
{
    /// Returns when somebody waits to append: the writer's pass has begun, and what comes now will be of the next one.
    public async Task SomebodyWaits()
    {
        await using var look = new NpgsqlCommand(
            "select count(*) from pg_locks where not granted and relation = 'parle.mt_events'::regclass and database = (select oid from "
            + "pg_database where datname = current_database())", holding);
        while ((long)(await look.ExecuteScalarAsync(TestContext.Current.CancellationToken))! == 0)
        {
            await Task.Yield();
        }
    }

    public ValueTask DisposeAsync() => holding.DisposeAsync();
}
