using Npgsql;
using Parle.Api.LocalPostgres;
using Parle.Api.Platform;
using Parle.Projections.Record;

namespace Parle.Api.Database;

/// <summary>The database that the service works on: the one it was given, or a private one of its own.</summary>
public sealed class ParleDatabase : IAsyncDisposable
{
    /// <summary>The name of the connection string that names an existing database.</summary>
    public const string ConnectionName = "Parle";

    /// <summary>The name of the connection string of whom the tables belong to, where that is another account.</summary>
    public const string OwnerConnectionName = "ParleOwner";

    private ParleDatabase(string connectionString, string? ownersConnectionString, EmbeddedPostgres? postgres) =>
        (Service, Owner, Postgres) = (Connect(connectionString, actingAs: RecordGuards.ServiceRole, Generation),
            Connect(ownersConnectionString ?? connectionString, actingAs: null, generation: null), postgres);

    /// <summary>
    /// Connections that act as the service's role: they add facts and keep views, and can change neither the record nor the schema.
    /// </summary>
    public NpgsqlDataSource Service { get; }

    /// <summary>Which incarnation of the database the service's connections lead to.</summary>
    public Generation Generation { get; } = new();

    /// <summary>Connections of whom the tables belong to, for work on the schema.</summary>
    public NpgsqlDataSource Owner { get; }

    /// <summary>The private PostgreSQL; null when the database was named.</summary>
    public EmbeddedPostgres? Postgres { get; }

    /// <summary>Whether the service runs this database itself, and so also keeps its schema current.</summary>
    public bool IsPrivate => Postgres is not null;

    /// <summary>
    /// Opens the database named by <c>ConnectionStrings:Parle</c>, or starts or joins the private one in the data folder.
    /// </summary>
    /// <exception cref="PostgresNotFoundException">No database is named and no PostgreSQL programs are found.</exception>
    public static async Task<ParleDatabase> Open(IConfiguration configuration, CancellationToken cancellation = default)
    {
        if (configuration.GetConnectionString(ConnectionName) is { Length: > 0 } named)
        {
            var owner = configuration.GetConnectionString(OwnerConnectionName) is { Length: > 0 } another ? another : null;
            MustBeOne(named, ConnectionName);
            MustBeOne(owner ?? named, OwnerConnectionName);
            return new(named, owner, null);
        }

        var postgres = await EmbeddedPostgres.StartAsync(
            DataFolder.Create(configuration), configuration.GetValue("Parle:DurablePrivateDatabase", true), "parle", cancellation);
        return new(postgres.ConnectionString, null, postgres);
    }

    /// <summary>A stand-in for commands that look at the program and not at the data; connecting to it fails.</summary>
    public static ParleDatabase None() => new("Host=localhost;Port=1;Database=none", null, null);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Owner.DisposeAsync();
        if (Postgres is not null)
        {
            await Postgres.DisposeAsync();
        }
    }

    // What is wrong with it may be the password: only the word is told that is none of Npgsql's.
    private static void MustBeOne(string connectionString, string name)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString);
            if (settings.Host is not { Length: > 0 })
            {
                throw new StartException(
                    $"ConnectionStrings__{name} names no Host. Write it as: Host=localhost;Database=parle;Username=parle");
            }
        }
        catch (Exception wrong)
            when (wrong is ArgumentException or FormatException or KeyNotFoundException or InvalidCastException or OverflowException)
        {
            var word = connectionString.Split(';').Select(part => part.Split('=')[0].Trim())
                .FirstOrDefault(key => key.Length > 0 && !IsKnown(key));
            throw new StartException($"ConnectionStrings__{name} is no connection "
                + $"string{(word is null ? "" : $": there is no \"{word}\"")}. Write it as: Host=localhost;Database=parle;Username=parle");
        }
    }

    private static bool IsKnown(string key)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder().ContainsKey(key);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    // Every statement of the service is one of a few dozen: prepared once per connection, they are planned once.
    private static NpgsqlDataSource Connect(string connectionString, string? actingAs, Generation? generation)
    {
        // Nothing is left behind on a connection that a reset would have to clean away, and a reset can throw prepared statements
        // away that Npgsql still counts on (seen after a batch that failed half way: 26000).
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        { ApplicationName = "parle", NoResetOnClose = true, ReadBufferSize = 32 * 1024 };
        if (settings.MaxAutoPrepare == 0)
        {
            (settings.MaxAutoPrepare, settings.AutoPrepareMinUsages) = (200, 2);
        }

        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        if (actingAs is not null)
        {
            // Before the schema was ever put in place there is no such role; what is opened then says so in the service's readiness.
            var act = $"select set_config('role', rolname, false) from pg_catalog.pg_roles where rolname = '{actingAs}'";
            builder.UsePhysicalConnectionInitializer(connection => Begin(connection, act, generation!).GetAwaiter().GetResult(),
                connection => Begin(connection, act, generation!));
        }

        return builder.Build();
    }

    private static async Task Begin(NpgsqlConnection connection, string act, Generation generation)
    {
        await using (var acting = new NpgsqlCommand(act, connection))
        {
            await acting.ExecuteNonQueryAsync();
        }

        await generation.Look(connection);
    }
}
