using System.ComponentModel;
using Parle.Api.Platform;

namespace Parle.Api.LocalPostgres;

/// <summary>
/// The account that PostgreSQL runs under, since it refuses to run as root. An ordinary user runs it as itself; so does Windows, where its
/// programs drop privileges themselves.
/// </summary>
/// <param name="Prefix">The words before every command line.</param>
/// <param name="Owner">The required owner of the files, as "uid:gid"; null for the account that creates them.</param>
internal sealed record PostgresAccount(IReadOnlyList<string> Prefix, string? Owner)
{
    private const string root = "0:0";

    /// <summary>Chooses the account by the owner of the folder, which may have been created in other circumstances.</summary>
    /// <param name="folder">The cluster, or the folder it will be made in.</param>
    /// <param name="ct">Ends the attempts.</param>
    /// <exception cref="PostgresStartException">Root cannot run a program as another user here.</exception>
    public static async Task<PostgresAccount> OfAsync(string folder, CancellationToken ct)
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            return new([], null);
        if (!OperatingSystem.IsLinux())
            throw new PostgresStartException(
                "PostgreSQL does not run as root. Start the service as an ordinary user, or configure ConnectionStrings__Parle.");

        if (await OwnerAsync(folder, ct) is { } owner && owner != root)
            return SetPriv(owner);
        var (uid, gid) = Posix.PlainUser();
        if (await SucceedsAsync(Unshare(uid, gid).Append("true"), ct))
            return new(Unshare(uid, gid), null);
        if (await SucceedsAsync(SetPriv($"{uid}:{gid}").Prefix.Append("true"), ct))
            return SetPriv($"{uid}:{gid}");
        throw new PostgresStartException("""
            PostgreSQL does not run as root, and neither unshare nor setpriv (util-linux) could make it an ordinary user.
            Start the service as an ordinary user, or configure ConnectionStrings__Parle.
            """);
    }

    /// <summary>The owner of a file as "uid:gid"; null where the system cannot tell.</summary>
    public static async Task<string?> OwnerAsync(string path, CancellationToken ct)
    {
        string[] format = OperatingSystem.IsMacOS() ? ["-f", "%u:%g"] : ["-c", "%u:%g"];
        var stat = await ChildProcess.RunAsync(["stat", .. format, path], null, ct);
        return stat.ExitCode == 0 ? stat.Output : null;
    }

    /// <summary>Gives files to the owner; does nothing without an owner.</summary>
    public async Task OwnAsync(string path, bool recursive, CancellationToken ct)
    {
        if (Owner is null || await OwnerAsync(path, ct) == Owner)
            return; // A file that needs no change keeps its times, which tell the folder from a copy of it.
        string[] options = recursive ? ["-R", "-P", "-h"] : ["-h"]; // Without following links.
        var chown = await ChildProcess.RunAsync(["chown", .. options, Owner, path], null, ct);
        if (chown.ExitCode != 0)
            throw new PostgresStartException(chown.Output);
    }

    /// <summary>Ensures that the owner can reach its files, for which every folder above must let it pass.</summary>
    /// <exception cref="PostgresStartException">The owner cannot reach them.</exception>
    public async Task ReachAsync(string folder, CancellationToken ct)
    {
        if (Owner is not null && !await SucceedsAsync([.. Prefix, "test", "-w", folder], ct))
            throw new PostgresStartException($"""
                PostgreSQL does not run as root, and user {Owner} cannot reach {folder}.
                Choose a data folder whose parents let others pass.
                """);
    }

    // A user namespace costs nothing to make, and the files stay root's.
    private static string[] Unshare(string uid, string gid) => ["unshare", "--user", $"--map-user={uid}", $"--map-group={gid}", "--"];

    private static PostgresAccount SetPriv(string owner)
    {
        var ids = owner.Split(':');
        return new(["setpriv", $"--reuid={ids[0]}", $"--regid={ids[1]}", "--clear-groups", "--"], owner);
    }

    private static async Task<bool> SucceedsAsync(IEnumerable<string> commandLine, CancellationToken ct)
    {
        try
        {
            return (await ChildProcess.RunAsync(commandLine, null, ct)).ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false; // No such program here: the next way is tried.
        }
    }
}
