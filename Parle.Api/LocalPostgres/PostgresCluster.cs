using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Parle.Api.Platform;

namespace Parle.Api.LocalPostgres;

/// <summary>
/// One database cluster, "root/major version": initialised, started and stopped. The caller holds the start lock, so that no other process
/// does the same.
/// </summary>
internal sealed class PostgresCluster
{
    // Recovery after a crash replays at most max_wal_size, which takes seconds; this is for slow disks.
    private static readonly TimeSpan startBound = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan orphansBound = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan fastStopBound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan quitBound = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan interval = TimeSpan.FromMilliseconds(5);

    private const string tunables = """

        # A private PostgreSQL of Parle. What durability and reachability depend on is given on the command line instead.
        shared_buffers = 128MB
        max_wal_size = 2GB
        max_connections = 200
        log_checkpoints = off
        log_line_prefix = '%m [%p] '

        """;

    private readonly string root;
    private readonly int? major; // Null until it is known which version will make the cluster.

    private PostgresCluster(string root, int? major) => (this.root, this.major) = (root, major);

    /// <summary>The file that keeps the superuser's password, where the server is reached by TCP.</summary>
    public static string PasswordFile(string root) => Path.Combine(root, "password");

    /// <summary>The log of a root folder's server.</summary>
    public static PostgresLog Log(string root) => new(Path.Combine(root, "postgresql.log"));

    /// <summary>The cluster in a root folder, initialised or not: of several, the one of the highest version.</summary>
    public static PostgresCluster In(string root)
    {
        var versions = from folder in Directory.EnumerateDirectories(root)
                       where File.Exists(Path.Combine(folder, "PG_VERSION"))
                       select Version(Path.GetFileName(folder));
        return new(root, versions.Max());

        static int? Version(string name) =>
            int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;
    }

    /// <summary>Whether its server is alive, even if not yet or no longer ready.</summary>
    public bool IsAlive => Living() is not null;

    /// <summary>Returns the running server; initialises and starts it first if necessary.</summary>
    /// <exception cref="PostgresNotFoundException">It has to be started, and no programs are installed.</exception>
    /// <exception cref="PostgresStartException">PostgreSQL does not start.</exception>
    public async Task<Postmaster> EnsureRunningAsync(bool durable, CancellationToken ct)
    {
        var cluster = this;
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(ct);
        bound.CancelAfter(startBound);
        try
        {
            while (true)
            {
                if (cluster.Living() is not { } postmaster)
                    cluster = await cluster.StartAsync(durable, bound.Token);
                else if (postmaster.IsReady)
                    return postmaster;
                else
                    await Task.Delay(interval, bound.Token); // Its starter was killed, or it is being stopped.
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new PostgresStartException($"PostgreSQL was not ready after {startBound}.\n{Log(root).Since(0)}");
        }
    }

    /// <summary>Stops the server, if it runs, and waits for its end: at most 70 seconds, then it is left running.</summary>
    public async Task StopAsync()
    {
        if (Living() is not { } postmaster)
            return;
        if (OperatingSystem.IsWindows())
        {
            var programs = await PostgresPrograms.FindAsync(major, CancellationToken.None);
            string[] stop = [programs["pg_ctl"], "stop", "-D", Folder, "-m", "fast", "-w", "-t", $"{fastStopBound.TotalSeconds}"];
            await ChildProcess.RunAsync(stop, root, CancellationToken.None);
            return;
        }

        postmaster.Interrupt();
        if (await IsGoneAsync(postmaster, fastStopBound))
            return;
        postmaster.Quit(); // Nothing that was committed is lost: the next start recovers it.
        await IsGoneAsync(postmaster, quitBound);
    }

    private string Folder => Path.Combine(root, $"{major}");

    private Postmaster? Living() => major is not null && Postmaster.Of(Folder) is { IsAlive: true } postmaster ? postmaster : null;

    private static async Task<bool> IsGoneAsync(Postmaster postmaster, TimeSpan bound)
    {
        for (var since = TimeProvider.System.GetTimestamp(); postmaster.IsAlive; await Task.Delay(interval))
        {
            if (TimeProvider.System.GetElapsedTime(since) > bound)
                return false;
        }

        return true;
    }

    private async Task<PostgresCluster> StartAsync(bool durable, CancellationToken ct)
    {
        var programs = await PostgresPrograms.FindAsync(major, ct);
        var account = await PostgresAccount.OfAsync(major is null ? root : Folder, ct);
        await account.OwnAsync(Path.GetDirectoryName(root)!, recursive: false, ct);
        await account.OwnAsync(root, recursive: true, ct);
        await account.ReachAsync(root, ct);
        if (major is null)
            await InitialiseAsync(programs, account, ct);

        var cluster = new PostgresCluster(root, programs.Major);
        await cluster.StartAsync(programs, account, durable, ct);
        return cluster;
    }

    // A cluster is made under another name, so that one with its own name is whole, whenever this process may be killed.
    private async Task InitialiseAsync(PostgresPrograms programs, PostgresAccount account, CancellationToken ct)
    {
        foreach (var abandoned in Directory.EnumerateDirectories(root, "*.new-*"))
            Discard(abandoned);

        var folder = Path.Combine(root, $"{programs.Major}.new-{Guid.NewGuid():n}");
        string[] authentication = ["--auth-local=trust", "--auth-host=reject"];
        if (OperatingSystem.IsWindows())
        {
            await File.WriteAllTextAsync(PasswordFile(root), $"{Guid.NewGuid():n}{Guid.NewGuid():n}", ct);
            authentication = ["--auth=scram-sha-256", $"--pwfile={PasswordFile(root)}"];
        }

        string[] initdb = [.. account.Prefix, programs["initdb"], "-D", Path.GetFileName(folder), "--no-sync"];
        await SucceedAsync([.. initdb, "-U", "postgres", "-E", "UTF8", "--locale=C", .. authentication], ct);
        await File.AppendAllTextAsync(Path.Combine(folder, "postgresql.conf"), tunables, ct);
        Directory.Move(folder, Path.Combine(root, $"{programs.Major}"));
    }

    private async Task StartAsync(PostgresPrograms programs, PostgresAccount account, bool durable, CancellationToken ct)
    {
        if (durable && !await WasDurableAsync(ct))
        {
            await SucceedAsync([.. account.Prefix, programs["initdb"], "-D", $"{major}", "--sync-only"], ct);
            if (!OperatingSystem.IsWindows())
                Posix.Flush(root);
        }

        var socket = await PostgresSocket.FolderAsync(root, account, ct);
        Postmaster.RemoveMistakable(Folder, Path.GetFullPath(socket, Folder));
        var log = Log(root);
        log.Trim();
        var position = log.Length;
        var options = string.Join(' ', Settings(durable, socket).Select(setting => $"-c {setting}"));
        // pg_ctl puts the server into a session of its own: Ctrl-C in the service's terminal does not reach it.
        string[] start = [.. account.Prefix, programs["pg_ctl"], "start", "-D", $"{major}", "-l", "postgresql.log", "-o", options];
        string[] wait = ["-s", "-w", "-t", $"{startBound.TotalSeconds}"];
        for (var since = TimeProvider.System.GetTimestamp(); ; await Task.Delay(interval, ct))
        {
            var started = await ChildProcess.RunAsync([.. start, .. wait], root, ct);
            if (started.ExitCode == 0)
                return;
            // The children of a server that was killed may not all have noticed it yet.
            var words = log.Since(position);
            var hasOrphans = words.Contains("shared memory block", StringComparison.Ordinal);
            if (!hasOrphans || TimeProvider.System.GetElapsedTime(since) > orphansBound)
                throw new PostgresStartException($"{programs["postgres"]} does not start in {Folder}.\n{started.Output}\n{words}");
        }
    }

    // postmaster.opts holds the command line of the last start; without it, initdb was the last to write, and did not sync.
    private async Task<bool> WasDurableAsync(CancellationToken ct)
    {
        var options = Path.Combine(Folder, "postmaster.opts");
        return File.Exists(options) && (await File.ReadAllTextAsync(options, ct)).Contains("fsync=on", StringComparison.Ordinal);
    }

    private static IEnumerable<string> Settings(bool durable, string socket)
    {
        var safe = durable ? "on" : "off";
        string[] reached = OperatingSystem.IsWindows()
            ? ["listen_addresses=127.0.0.1", $"port={FreePort()}"]
            : ["listen_addresses=", "port=5432", $"unix_socket_directories={socket}", "unix_socket_permissions=0700"];
        string[] kept = [$"fsync={safe}", $"synchronous_commit={safe}", $"full_page_writes={safe}"];
        return [.. reached, .. kept, "logging_collector=off", "log_destination=stderr"];
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task SucceedAsync(IReadOnlyList<string> commandLine, CancellationToken ct)
    {
        var child = await ChildProcess.RunAsync(commandLine, root, ct);
        if (child.ExitCode != 0)
            throw new PostgresStartException($"This failed in {root}: {string.Join(' ', commandLine)}\n{child.Output}");
    }

    private static void Discard(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // An initdb that outlived its killed parent still writes there. The next initialisation clears it away.
        }
    }
}
