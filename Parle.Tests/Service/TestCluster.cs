using Npgsql;
using Parle.Api.LocalPostgres;
using Parle.Tests.Service;

[assembly: AssemblyFixture(typeof(TestCluster))]

namespace Parle.Tests.Service;

/// A private PostgreSQL for one run of the tests, with a database that has the schema and nothing else, to copy from.
public sealed class TestCluster : IAsyncLifetime
{
    private const string Template = "parle_template";

    private readonly string folder = Path.Combine(Path.GetTempPath(), $"parle-tests-{Guid.NewGuid():N}");
    private readonly SemaphoreSlim copying = new(1);
    private readonly Lazy<Task<ParleService>> shared;
    private EmbeddedPostgres? postgres;

    public TestCluster() => shared = new(async () => await ParleService.Start(await NewDatabase()));

    /// The service that most tests share: each brings its own people and rooms.
    public Task<ParleService> Service => shared.Value;

    public async ValueTask InitializeAsync()
    {
        postgres = await EmbeddedPostgres.StartAsync(folder, durable: false, Template);
        await using (await ParleService.Start(Connection(Template)))
        {
        }

        await using var connection = new NpgsqlConnection(Connection(Template));
        await connection.OpenAsync();
        await Execute(connection, "delete from parle.incarnations"); // A copy of it is not a restored database, but a new one.
        NpgsqlConnection.ClearPool(connection);
    }

    /// A database of its own, with the schema and nothing else.
    public async Task<string> NewDatabase()
    {
        var name = $"parle_{Guid.NewGuid():N}";
        await copying.WaitAsync(); // PostgreSQL copies a template for one at a time.
        try
        {
            await using var connection = new NpgsqlConnection(Connection("postgres"));
            await connection.OpenAsync();
            await using var copy = new NpgsqlCommand($"create database {name} template {Template}", connection);
            await copy.ExecuteNonQueryAsync();
        }
        finally
        {
            copying.Release();
        }

        return Connection(name);
    }

    /// A database of its own, without even the schema.
    public async Task<string> EmptyDatabase()
    {
        var name = $"parle_{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection(Connection("postgres"));
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"create database {name}", connection);
        await create.ExecuteNonQueryAsync();
        return Connection(name);
    }

    /// A copy of a database as it is now; whoever is connected to it has to connect again.
    public async Task<string> CopyOf(string connectionString)
    {
        var (from, name) = (new NpgsqlConnectionStringBuilder(connectionString).Database, $"parle_{Guid.NewGuid():N}");
        await copying.WaitAsync();
        try
        {
            await using var connection = new NpgsqlConnection(Connection("postgres"));
            await connection.OpenAsync();
            await Execute(connection, $"alter database {from} allow_connections false");
            await Execute(connection, $"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{from}'");
            while (await Count(connection, from!) > 0)
            {
                await Task.Yield(); // They end as soon as they look.
            }

            await Execute(connection, $"create database {name} template {from}");
            await Execute(connection, $"alter database {from} allow_connections true");
        }
        finally
        {
            copying.Release();
        }

        return Connection(name);
    }

    /// Puts a copy in the place of a database, under whose name it goes on.
    public async Task Replace(string connectionString, string copy)
    {
        var (name, other) = (new NpgsqlConnectionStringBuilder(connectionString).Database,
            new NpgsqlConnectionStringBuilder(copy).Database);
        await using var connection = new NpgsqlConnection(Connection("postgres"));
        await connection.OpenAsync();
        await Execute(connection, $"drop database {name} with (force)");
        await Execute(connection, $"alter database {other} rename to {name}");
    }

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<long> Count(NpgsqlConnection connection, string database)
    {
        await using var command = new NpgsqlCommand("select count(*) from pg_stat_activity where datname = $1", connection)
        { Parameters = { new() { Value = database } } };
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// Ends every connection to a database and removes it.
    public async Task Drop(string connectionString)
    {
        await using var connection = new NpgsqlConnection(Connection("postgres"));
        await connection.OpenAsync();
        await using var drop = new NpgsqlCommand(
            $"drop database {new NpgsqlConnectionStringBuilder(connectionString).Database} with (force)", connection);
        await drop.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (shared.IsValueCreated)
        {
            await (await shared.Value).DisposeAsync();
        }

        NpgsqlConnection.ClearAllPools();
        if (postgres is not null)
        {
            await postgres.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    // Small pools: many services of one test run share the cluster's connections.
    private string Connection(string database) =>
        new NpgsqlConnectionStringBuilder(postgres!.ConnectionString)
        { Database = database, MaxPoolSize = 15, Pooling = database != Template && database != "postgres" }.ConnectionString;
}
