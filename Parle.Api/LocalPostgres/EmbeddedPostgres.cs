using System.Text;
using Npgsql;
using Parle.Api.Platform;

namespace Parle.Api.LocalPostgres;

/// <summary>
/// A private PostgreSQL: the first process that uses a data folder starts it, others attach to it, the last one out stops it.
/// </summary>
/// <remarks>
/// The server outlives a killed process, and the next one attaches to it. It listens on a Unix socket only, in a folder that only its owner
/// can enter; on Windows on 127.0.0.1 with a random password. The service manager should signal the service alone (systemd:
/// <c>KillMode=mixed</c>), so that PostgreSQL is there until the service has drained.
/// </remarks>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    private const UnixFileMode ownersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int longestName = 63; // PostgreSQL cuts longer names.

    private static readonly TimeSpan connectBound = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan interval = TimeSpan.FromMilliseconds(5);

    private readonly string root;
    private readonly bool durable;
    private readonly FileStream lease;
    private readonly CancellationTokenSource disposed = new();
    private readonly Task trimming;
    private int disposals;

    private EmbeddedPostgres(string root, bool durable, FileStream lease, string connectionString)
    {
        this.root = root;
        this.durable = durable;
        this.lease = lease;
        ConnectionString = connectionString;
        trimming = TrimLogAsync(disposed.Token);
    }

    /// <summary>Connects the superuser <c>postgres</c> to the database. A pool holds at most 40 connections, the server 200.</summary>
    public string ConnectionString { get; }

    /// <summary>
    /// Attaches to the data folder's PostgreSQL, or starts it, or first initialises it; makes the database if it is missing.
    /// </summary>
    /// <param name="dataFolder">
    /// The folder of all data, on a local file system. Made if missing, and closed to others if new or empty; its subfolder
    /// <c>pg</c> always is.
    /// </param>
    /// <param name="durable">Whether a commit is on disk before it is acknowledged. Only tests can do without.</param>
    /// <param name="database">The database's name, at most 63 bytes of UTF-8.</param>
    /// <param name="ct">Ends the start. A server that was just being started may be left running, for the next call to attach to.</param>
    /// <returns>A share in the running server, to be disposed.</returns>
    /// <exception cref="ArgumentException">The database's name is empty or too long.</exception>
    /// <exception cref="PostgresNotFoundException">No PostgreSQL is installed, or not the version that wrote the data.</exception>
    /// <exception cref="PostgresStartException">PostgreSQL does not start, or not within 5 minutes; or another process runs it without
    /// durability, and this call asks for it.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(
        string dataFolder, bool durable = true, string database = "parle", CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(dataFolder);
        ArgumentException.ThrowIfNullOrEmpty(database);
        if (Encoding.UTF8.GetByteCount(database) > longestName)
            throw new ArgumentException($"A database's name has at most {longestName} bytes.", nameof(database));

        var root = Prepare(dataFolder);
        using var starting = await FileLock.ExclusiveAsync(StartLock(root), ct);
        var lease = FileLock.Shared(LeaseFile(root));
        try
        {
            return new(root, durable, lease, await ReachAsync(root, database, durable, ct));
        }
        catch
        {
            await LeaveAsync(root, lease);
            throw;
        }
    }

    /// <summary>
    /// Restarts the server if it has died, under the same connection string. Not for Windows, where its port would change.
    /// </summary>
    /// <returns>Whether it had died.</returns>
    /// <exception cref="PostgresNotFoundException">The programs are gone.</exception>
    /// <exception cref="PostgresStartException">PostgreSQL does not start.</exception>
    public async Task<bool> ReviveAsync(CancellationToken ct)
    {
        if (OperatingSystem.IsWindows() || PostgresCluster.In(root).IsAlive)
            return false;
        using var starting = await FileLock.ExclusiveAsync(StartLock(root), ct);
        await PostgresCluster.In(root).EnsureRunningAsync(durable, ct);
        return true;
    }

    /// <summary>
    /// Releases the share. The last one to be released stops PostgreSQL (fast: clients are cut off), which takes at most 70 seconds.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposals, 1) == 1)
            return;
        await disposed.CancelAsync();
        await trimming;
        disposed.Dispose();

        // A later start in this process would find the idle connections broken.
        await using (var connection = new NpgsqlConnection(ConnectionString))
            NpgsqlConnection.ClearPool(connection);
        using var starting = await FileLock.ExclusiveAsync(StartLock(root), CancellationToken.None);
        await LeaveAsync(root, lease);
    }

    // The caller holds the start lock, so nobody takes a lease between the look and the stop.
    private static async Task LeaveAsync(string root, FileStream lease)
    {
        await lease.DisposeAsync();
        using var alone = FileLock.TryExclusive(LeaseFile(root));
        if (alone is null)
            return;
        await PostgresCluster.In(root).StopAsync();
        PostgresSocket.Remove(root);
    }

    private static string StartLock(string root) => Path.Combine(root, "start.lock");

    private static string LeaseFile(string root) => Path.Combine(root, "lease");

    // The server trusts every client of its socket, so the folder's mode protects it.
    private static string Prepare(string dataFolder)
    {
        var data = Path.GetFullPath(dataFolder);
        var root = Path.Combine(data, "pg");
        OwnPlace.Folder(data);
        if (!OperatingSystem.IsWindows() && !Directory.EnumerateFileSystemEntries(data).Any())
            File.SetUnixFileMode(data, ownersOnly);
        OwnPlace.Folder(root);
        var real = WithoutLinks(root);
        if (!OperatingSystem.IsWindows() && real == Path.Combine(WithoutLinks(data), "pg")) // The target of a link is left as it is.
            File.SetUnixFileMode(real, ownersOnly);
        else if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(real) != ownersOnly)
            throw new StartException($"{root} leads to {real}, which others can enter. Run: chmod 700 {real}");
        return real;
    }

    // The same folder must have the same name for every process that uses it.
    private static string WithoutLinks(string path)
    {
        if (Path.GetDirectoryName(path) is not { } parent)
            return path;
        var folder = new DirectoryInfo(Path.Combine(WithoutLinks(parent), Path.GetFileName(path)));
        return folder.ResolveLinkTarget(returnFinalTarget: true) is { } target ? WithoutLinks(target.FullName) : folder.FullName;
    }

    private static async Task<string> ConnectionStringAsync(string root, Postmaster postmaster, string database, CancellationToken ct)
    {
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = OperatingSystem.IsWindows() ? "127.0.0.1" : postmaster.SocketFolder,
            Port = postmaster.Port,
            Username = "postgres",
            Database = database,
            MaxPoolSize = 40,
        };
        if (OperatingSystem.IsWindows())
            connection.Password = await File.ReadAllTextAsync(PostgresCluster.PasswordFile(root), ct);
        return connection.ConnectionString;
    }

    private static async Task<string> ReachAsync(string root, string database, bool durable, CancellationToken ct)
    {
        for (var since = TimeProvider.System.GetTimestamp(); ; await Task.Delay(interval, ct))
        {
            var postmaster = await PostgresCluster.In(root).EnsureRunningAsync(durable, ct);
            var connectionString = await ConnectionStringAsync(root, postmaster, database, ct);
            try
            {
                await using var server = Unpooled(connectionString, database);
                await using var connection = await server.OpenConnectionAsync(ct);
                await using var fsync = new NpgsqlCommand("show fsync", connection);
                if (durable && await fsync.ExecuteScalarAsync(ct) is not "on")
                    throw new PostgresStartException("PostgreSQL already runs here for somebody who asked for no durability.");
                return connectionString;
            }
            catch (PostgresException missing) when (missing.SqlState == PostgresErrorCodes.InvalidCatalogName)
            {
                await using var server = Unpooled(connectionString, "postgres");
                await using var connection = await server.OpenConnectionAsync(ct);
                await using var create = new NpgsqlCommand($"create database {Quoted(database)}", connection);
                await create.ExecuteNonQueryAsync(ct);
            }
            catch (NpgsqlException refused) when (refused.IsTransient && TimeProvider.System.GetElapsedTime(since) < connectBound)
            {
                // A server found alive may have been dying, or recovering from the crash of one of its processes: look again.
            }
            catch (NpgsqlException refused)
            {
                var log = PostgresCluster.Log(root).Since(0);
                throw new PostgresStartException($"PostgreSQL runs, but refuses connections.\n{log}", refused);
            }
        }
    }

    // For a look or two: without a pool, and without asking for all types that the server has.
    private static NpgsqlDataSource Unpooled(string connectionString, string database) =>
        new NpgsqlDataSourceBuilder(
            new NpgsqlConnectionStringBuilder(connectionString) { Database = database, Pooling = false }.ConnectionString)
            .ConfigureTypeLoading(types => types.EnableTypeLoading(false)).Build();

    private static string Quoted(string identifier)
    {
        using var commands = new NpgsqlCommandBuilder();
        return commands.QuoteIdentifier(identifier);
    }

    private async Task TrimLogAsync(CancellationToken ct)
    {
        using var minutes = new PeriodicTimer(TimeSpan.FromMinutes(1));
        try
        {
            while (await minutes.WaitForNextTickAsync(ct))
                TrimLog();
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private void TrimLog()
    {
        try
        {
            PostgresCluster.Log(root).Trim();
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            // A full disk or another process that trims at the same time: the next minute tries again.
        }
    }
}
