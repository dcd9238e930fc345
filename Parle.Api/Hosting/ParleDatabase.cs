using Npgsql;

namespace Parle.Api.Hosting;

/// <summary>The database that the service works on: the one it was given, or a private one of its own.</summary>
public sealed class ParleDatabase : IAsyncDisposable
{
    /// <summary>The name of the connection string that names an existing database.</summary>
    public const string ConnectionName = "Parle";

    private ParleDatabase(NpgsqlDataSource dataSource, EmbeddedPostgres? postgres) => (DataSource, Postgres) = (dataSource, postgres);

    /// <summary>Connections to it.</summary>
    public NpgsqlDataSource DataSource { get; }

    /// <summary>The private PostgreSQL; null when the database was named.</summary>
    public EmbeddedPostgres? Postgres { get; }

    /// <summary>Whether the service runs this database itself, and so also keeps its schema current.</summary>
    public bool IsPrivate => Postgres is not null;

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
        if (Postgres is not null)
        {
            await Postgres.DisposeAsync();
        }
    }

    // Every statement of the service is one of a few dozen: prepared once per connection, they are planned once.
    private static NpgsqlDataSource Connect(string connectionString)
    {
        // Nothing is left behind on a connection that a reset would have to clean away, and a reset can throw prepared statements
        // away that Npgsql still counts on (seen after a batch that failed half way: 26000).
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "parle", NoResetOnClose = true };
        if (settings.MaxAutoPrepare == 0)
        {
            (settings.MaxAutoPrepare, settings.AutoPrepareMinUsages) = (200, 2);
        }

        return new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }
}
