using Npgsql;

namespace Parle.Api.Hosting;

/// <summary>The database that the service works on: the one it was given, or a private one of its own.</summary>
public sealed class ParleDatabase : IAsyncDisposable
{
    /// <summary>The name of the connection string that names an existing database.</summary>
    public const string ConnectionName = "Parle";

    private readonly EmbeddedPostgres? postgres;

    private ParleDatabase(NpgsqlDataSource dataSource, EmbeddedPostgres? postgres) => (DataSource, this.postgres) = (dataSource, postgres);

    /// <summary>Connections to it.</summary>
    public NpgsqlDataSource DataSource { get; }

    /// <summary>Whether the service runs this database itself, and so also keeps its schema current.</summary>
    public bool IsPrivate => postgres is not null;

    /// <summary>Opens the database named by <c>ConnectionStrings:Parle</c>, or starts or joins the private one in the data folder.</summary>
    /// <exception cref="PostgresNotFoundException">No database is named and no PostgreSQL programs are found.</exception>
    public static async Task<ParleDatabase> Open(IConfiguration configuration, CancellationToken cancellation = default)
    {
        if (configuration.GetConnectionString(ConnectionName) is { Length: > 0 } named)
        {
            return new(Connect(named), null);
        }

        var postgres = await EmbeddedPostgres.StartAsync(DataFolder.Create(configuration), configuration.GetValue("Parle:DurablePrivateDatabase", true), "parle", cancellation);
        return new(Connect(postgres.ConnectionString), postgres);
    }

    /// <summary>A stand-in for commands that look at the program and not at the data; connecting to it fails.</summary>
    public static ParleDatabase None() => new(Connect("Host=localhost;Port=1;Database=none"), null);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        if (postgres is not null)
        {
            await postgres.DisposeAsync();
        }
    }

    // Every statement of the service is one of a few dozen: prepared once per connection, they are planned once.
    private static NpgsqlDataSource Connect(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "parle" };
        if (settings.MaxAutoPrepare == 0)
        {
            (settings.MaxAutoPrepare, settings.AutoPrepareMinUsages) = (200, 2);
        }

        return new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }
}
