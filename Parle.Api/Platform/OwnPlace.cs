using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;

namespace Parle.Api.Platform;

/// <summary>
/// Checks that a folder or file belongs to this service alone. An account that could write there may have put a key, a database or a socket
/// of its own there; an account that can read it knows the key. Such a place is refused with the command that corrects it, and never
/// corrected silently. Not for Windows.
/// </summary>
internal static class OwnPlace
{
    private const UnixFileMode writableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode openToOthers =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite
        | UnixFileMode.OtherExecute;

    /// <summary>
    /// Checks that a folder belongs to this account, and that no other can write to it; creates a missing one, for this account alone.
    /// </summary>
    /// <exception cref="StartException">The folder belongs to another account, or others can write to it.</exception>
    public static void Folder(string path)
    {
        if (File.Exists(path))
        {
            throw new StartException($"{DataFolder.Setting}: {path} is a file. Name a folder, or take the file away.");
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        MustBeReachedSafely(path);
        try
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            throw new StartException(
                $"{DataFolder.Setting}: {path} cannot be made: {refused.Message} Name another folder, or give this account the right.");
        }

        MustBeOurs(path, "folder");
        if ((File.GetUnixFileMode(path) & writableByOthers) != 0)
        {
            if (Directory.EnumerateFileSystemEntries(path).Any())
            {
                throw new StartException($"Others can write to {path}, and may have put something there. See that all in it is yours, then "
                    + $"run: chmod go-w {path}");
            }

            // Nobody has put anything there yet.
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Checks that a file with a secret belongs to this account, and that no other can read it.</summary>
    /// <exception cref="StartException">The file belongs to another account, or others can read it.</exception>
    public static void Secret(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        MustBeOurs(path, "file");
        if ((File.GetUnixFileMode(path) & openToOthers) != 0)
        {
            throw new StartException($"{path} can be read or written by others, and whoever knows the key can act as anybody. If nobody "
                + $"did, run: chmod 600 {path}");
        }
    }

    /// <summary>Whether no account but this one and root can write to a folder.</summary>
    public static bool IsOurs(string path) =>
        OperatingSystem.IsWindows() || (Directory.Exists(path) && IsAllowed(OwnerOf(path, follow: true), orRoot: true)
            && (File.GetUnixFileMode(path) & writableByOthers) == 0);

    // An account that can write to a folder above can replace everything below it. So every folder on the way is checked, and every
    // folder on the way of a link.
    [UnsupportedOSPlatform("windows")]
    private static void MustBeReachedSafely(string path)
    {
        foreach (var above in Above(path).Concat(Above(ResolveLinks(path, 0))).Distinct().Where(Directory.Exists))
        {
            if ((File.GetAttributes(above) & FileAttributes.ReparsePoint) != 0 && OwnerOf(above, follow: false) is var linkedBy
                && !IsAllowed(linkedBy, orRoot: true))
            {
                throw new StartException($"{above} is a link that uid {linkedBy} made, who could let it lead elsewhere than to {path}. "
                    + $"Name another folder in {DataFolder.Setting}.");
            }

            var mode = File.GetUnixFileMode(above);
            var isSticky = mode.HasFlag(UnixFileMode.StickyBit); // In a sticky folder only the owner can move a file.
            if (mode.HasFlag(UnixFileMode.OtherWrite) && !isSticky)
            {
                throw new StartException(
                    $"{above} can be written by everybody, who could put another folder in the place of {path}. Run: chmod o-w {above}");
            }

            if (Holds(above, AppContext.BaseDirectory))
            {
                continue; // It contains this program: its owner could replace the program itself.
            }

            if (OwnerOf(above, follow: true) is var owner && !IsAllowed(owner, orRoot: true))
            {
                throw new StartException($"{above} belongs to uid {owner}, who could put another folder in the place of {path}. Name "
                    + $"another folder in {DataFolder.Setting}, or, if it is to be yours: chown {Posix.User()} {above}");
            }

            if (mode.HasFlag(UnixFileMode.GroupWrite) && !isSticky && OperatingSystem.IsLinux() && Posix.Group(above) is { } group
                && !Posix.IsOwnGroup(group))
            {
                throw new StartException($"{above} can be written by its group {group}, whose members could put another folder in the "
                    + $"place of {path}. Run: chmod g-w {above}");
            }
        }
    }

    private static IEnumerable<string> Above(string path)
    {
        for (var above = Path.GetDirectoryName(path); above is not null; above = Path.GetDirectoryName(above))
        {
            yield return above;
        }
    }

    private static bool Holds(string folder, string path) =>
        path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    // The path with all links resolved. A part that does not exist yet stays as it is.
    private static string ResolveLinks(string path, int links)
    {
        const int MaxLinks = 40; // As for the system.
        var real = Path.GetPathRoot(path)!;
        foreach (var part in path[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(real, part);
            real = links < MaxLinks && new FileInfo(next).LinkTarget is { } target
                ? ResolveLinks(Path.GetFullPath(target, real), links + 1) : next;
        }

        return real;
    }

    // A link may belong to root or to this account; its target must belong to this account.
    private static void MustBeOurs(string path, string kind)
    {
        if ((File.GetAttributes(path) & FileAttributes.ReparsePoint) != 0 && OwnerOf(path, follow: false) is var linkedBy
            && !IsAllowed(linkedBy, orRoot: true))
        {
            throw new StartException(
                $"{path} is a link that uid {linkedBy} made. Take it away, or name another folder in {DataFolder.Setting}.");
        }

        if (OwnerOf(path, follow: true) is var owner && !IsAllowed(owner, orRoot: false))
        {
            throw new StartException($"The {kind} {path} belongs to uid {owner}, and this runs as uid {Posix.User()}. Run it as that user, "
                + $"or, if you trust all that is there: chown {Posix.User()} {path}");
        }
    }

    // As root, PostgreSQL runs as another user, which then owns the folders.
    private static bool IsAllowed(uint? owner, bool orRoot) =>
        owner is null || owner == Posix.User() || (orRoot && owner == 0) || (Posix.User() == 0 && $"{owner}" == Posix.PlainUser().Uid);

    private static uint? OwnerOf(string path, bool follow)
    {
        if (OperatingSystem.IsLinux() && Posix.Owner(path, follow) is { } owner)
        {
            return owner;
        }

        string[] format = OperatingSystem.IsMacOS() ? ["-f", "%u"] : ["-c", "%u"];
        try
        {
            using var stat = Process.Start(new ProcessStartInfo("stat", [.. follow ? ["-L"] : Array.Empty<string>(), .. format, path])
            { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var said = stat.StandardOutput.ReadToEnd();
            stat.WaitForExit();
            return uint.TryParse(said.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var uid) ? uid
                : throw new StartException($"Whose {path} is cannot be told: {stat.StandardError.ReadToEnd().Trim()}");
        }
        catch (Win32Exception)
        {
            throw new StartException($"Whose {path} is cannot be told: there is no program stat.");
        }
    }
}
