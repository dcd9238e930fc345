using System.Diagnostics;
using System.Globalization;
using Parle.Api.Platform;

namespace Parle.Api.LocalPostgres;

/// <summary>The contents of postmaster.pid: the server of a cluster, which may be dead by now.</summary>
/// <param name="Cluster">The cluster's folder, free of symbolic links.</param>
/// <param name="Pid">The server's process.</param>
/// <param name="Port">Its port; on Unix only a part of the socket's name.</param>
/// <param name="SocketFolder">The folder of its socket; empty while it starts, and on Windows.</param>
/// <param name="IsReady">Whether it takes connections, as the file says.</param>
internal sealed record Postmaster(string Cluster, int Pid, int Port, string SocketFolder, bool IsReady)
{
    /// <summary>Reads the file; null when it is missing or not complete yet.</summary>
    public static Postmaster? Of(string cluster)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(PidFile(cluster));
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        // Line by line: pid, data folder, start time, port, socket folder, listen address, shared memory, status.
        if (lines.Length < 5 || Number(lines[0]) is not { } pid || Number(lines[3]) is not { } port)
            return null;
        var socketFolder = lines[4] is "" ? "" : Path.GetFullPath(lines[4], cluster);
        return new(cluster, pid, port, socketFolder, lines.Length >= 8 && lines[7].Trim() is "ready");
    }

    /// <summary>
    /// Whether the process exists and is this cluster's server: after a restart of a container, the same pids are given again.
    /// </summary>
    public bool IsAlive => OperatingSystem.IsLinux() ? IsAliveOnLinux() : IsNamedPostgres();

    /// <summary>Requests a fast shutdown: clients are cut off, transactions rolled back, all data written. Not for Windows.</summary>
    public void Interrupt() => Posix.Signal(Pid, Posix.Interrupt);

    /// <summary>Requests an immediate shutdown, after which the next start recovers all commits. Not for Windows.</summary>
    public void Quit() => Posix.Signal(Pid, Posix.Quit);

    /// <summary>
    /// Removes lock files that are empty, or whose pid belongs to another process now: PostgreSQL would stop at both. Lock files of dead
    /// processes are left to PostgreSQL. Only to be called when no server is alive.
    /// </summary>
    public static void RemoveMistakable(string cluster, string socketFolder)
    {
        if (OperatingSystem.IsWindows())
            return;
        foreach (var file in new[] { PidFile(cluster), Path.Combine(socketFolder, ".s.PGSQL.5432.lock") })
        {
            if (File.Exists(file) && (Number(File.ReadLines(file).FirstOrDefault("")) is not { } pid || Posix.HasProcess(Math.Abs(pid))))
                File.Delete(file);
        }
    }

    private bool IsAliveOnLinux()
    {
        var process = $"/proc/{Pid}";
        try
        {
            // "pid (name) state ...": a zombie (nobody reaps them when the service itself is pid 1) is not alive.
            var stat = File.ReadAllText($"{process}/stat");
            if (!stat.Contains("(postgres) ", StringComparison.Ordinal) || stat.Contains("(postgres) Z", StringComparison.Ordinal))
                return false;
            // A server's working folder is its data folder.
            return new DirectoryInfo($"{process}/cwd").LinkTarget is not { } folder || folder == Cluster;
        }
        catch (UnauthorizedAccessException)
        {
            return true; // Another user's postgres (run by setpriv without ptrace rights): the name must do.
        }
        catch (IOException)
        {
            return false; // No such process.
        }
    }

    private bool IsNamedPostgres()
    {
        try
        {
            using var process = Process.GetProcessById(Pid);
            return process.ProcessName == "postgres";
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            return false; // No such process, or it ended while it was looked at.
        }
    }

    private static string PidFile(string cluster) => Path.Combine(cluster, "postmaster.pid");

    private static int? Number(string line) =>
        int.TryParse(line.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
