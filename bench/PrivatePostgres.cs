using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Parle.Bench;

/// <summary>The server's private PostgreSQL, seen from outside: its socket, its settings, and that it goes away with its folder.</summary>
internal sealed class PrivatePostgres(string dataFolder)
{
    private static readonly string[] Told =
        ["server_version", "fsync", "synchronous_commit", "full_page_writes", "wal_sync_method", "shared_buffers", "max_wal_size"];

    private readonly string root = Path.Combine(dataFolder, "pg");

    /// <summary>The folder of its Unix socket.</summary>
    public string SocketFolder =>
        File.Exists(Path.Combine(root, "socket-folder")) ? File.ReadAllText(Path.Combine(root, "socket-folder")).Trim() : root;

    /// <summary>The process id of the running server; null when there is none.</summary>
    public int? ID =>
        Directory.Exists(root) && Directory.EnumerateDirectories(root).Select(folder => Path.Combine(folder, "postmaster.pid"))
            .FirstOrDefault(File.Exists) is { } file
            ? int.Parse(File.ReadLines(file).First(), CultureInfo.InvariantCulture)
            : null;

    /// <summary>The settings that decide how dear a commit is.</summary>
    public async Task<string> Settings(CancellationToken cancellation)
    {
        await using var connection = await Connect("postgres", cancellation);
        var settings = new List<string>();
        foreach (var name in Told)
        {
            await using var show = new NpgsqlCommand($"show {name}", connection);
            settings.Add($"{name}={await show.ExecuteScalarAsync(cancellation)}");
        }

        return string.Join(", ", settings);
    }

    /// <summary>Runs a script in a database.</summary>
    public async Task Execute(string database, string sql, CancellationToken cancellation)
    {
        await using var connection = await Connect(database, cancellation);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Returns when nothing is behind the record and everything is written to disk.</summary>
    public async Task RestIsDone(CancellationToken cancellation)
    {
        while (await FactsBehind(cancellation) > 0)
        {
            await Task.Delay(50, cancellation);
        }

        await Execute("postgres", "checkpoint", cancellation);
    }

    // The positions of the record that asynchronous views still lack.
    private async Task<long> FactsBehind(CancellationToken cancellation)
    {
        await using var connection = await Connect("parle", cancellation);
        await using var command = new NpgsqlCommand(
            "select coalesce((select max(seq_id) from parle.mt_events), 0) - coalesce((select last_seq_id from parle.mt_event_progression "
            + "where name = 'RoomSummaries:All'), 0)", connection);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Makes sure that it is gone, after its last user may have been killed.</summary>
    public async Task Stop()
    {
        if (ID is not { } id)
        {
            return;
        }

        try
        {
            using var postmaster = Process.GetProcessById(id);
            Signals.Send(id, Signals.Quit);
            await postmaster.WaitForExitAsync();
        }
        catch (ArgumentException)
        {
            // Gone already.
        }
    }

    /// <summary>A connection to a database.</summary>
    public async Task<NpgsqlConnection> Connect(string database, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection($"Host={SocketFolder};Port=5432;Username=postgres;Database={database};Pooling=false");
        await connection.OpenAsync(cancellation);
        return connection;
    }
}
