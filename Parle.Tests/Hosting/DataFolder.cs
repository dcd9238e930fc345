using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Parle.Tests.Hosting;

/// A fresh data folder, and what can be seen of the PostgreSQL in it from outside.
public sealed class DataFolder : IDisposable
{
    private readonly string outer = Directory.CreateTempSubdirectory("parle-test-").FullName;

    public DataFolder(string name = "data")
    {
        Path = System.IO.Path.Combine(outer, name);
        if (!OperatingSystem.IsWindows()) // Under root, PostgreSQL may run as another user, who must be let through.
            File.SetUnixFileMode(outer, File.GetUnixFileMode(outer) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }

    public string Path { get; }

    public string Root => System.IO.Path.Combine(Path, "pg");

    public string Cluster => Clusters.Single();

    public IReadOnlyList<string> Clusters =>
        [.. Directory.EnumerateDirectories(Root).Where(folder => System.IO.Path.GetFileName(folder).All(char.IsAsciiDigit))];

    public string PidFile => System.IO.Path.Combine(Cluster, "postmaster.pid");

    /// The server's pid; null when it was stopped in an orderly way, which removes the file, or is only just writing it.
    public int? ServerPid => File.Exists(PidFile) && File.ReadLines(PidFile).FirstOrDefault() is { Length: > 0 } pid
        ? int.Parse(pid, CultureInfo.InvariantCulture) : null;

    public static async Task<T> Ask<T>(string connectionString, string sql)
    {
        await using var connection = await Open(connectionString);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    public static async Task Do(string connectionString, string sql)
    {
        await using var connection = await Open(connectionString);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public void KillServer()
    {
        using var server = Process.GetProcessById(ServerPid!.Value);
        server.Kill();
    }

    // Without a pool, which would keep connections to a server that was killed.
    private static async Task<NpgsqlConnection> Open(string connectionString)
    {
        var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    public void Dispose() => Directory.Delete(outer, recursive: true);
}
