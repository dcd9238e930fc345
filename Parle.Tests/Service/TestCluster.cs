using Npgsql;
using Parle.Api.Hosting;
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
        await using var seed = await ParleService.Start(Connection(Template));
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

    /// Ends every connection to a database and removes it.
    public async Task Drop(string connectionString)
    {
        await using var connection = new NpgsqlConnection(Connection("postgres"));
        await connection.OpenAsync();
        await using var drop = new NpgsqlCommand($"drop database {new NpgsqlConnectionStringBuilder(connectionString).Database} with (force)", connection);
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
        new NpgsqlConnectionStringBuilder(postgres!.ConnectionString) { Database = database, MaxPoolSize = 15, Pooling = database != Template && database != "postgres" }.ConnectionString;
}
