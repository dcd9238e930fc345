using System.Security.Cryptography;
using System.Text;

namespace Parle.Api.LocalPostgres;

/// <summary>The place of the server's socket: beside the cluster, or in a short folder when that path is too long for a socket.</summary>
internal static class PostgresSocket
{
    private const string name = ".s.PGSQL.5432";
    private const UnixFileMode ownersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // The size of sun_path without the zero at its end.
    private static readonly int bound = OperatingSystem.IsLinux() ? 107 : 103;

    /// <summary>The folder as the server gets it, relative to the cluster; created when missing.</summary>
    public static async Task<string> FolderAsync(string root, PostgresAccount account, CancellationToken ct)
    {
        if (OperatingSystem.IsWindows() || IsSuitable(root))
            return "..";

        var note = Note(root);
        if (File.Exists(note))
        {
            // Reused, so that processes whose server was killed find the next one. But others can write beside it, and may have
            // taken its name.
            var noted = (await File.ReadAllTextAsync(note, ct)).Trim();
            if (Directory.Exists(noted) && File.GetUnixFileMode(noted) == ownersOnly && new DirectoryInfo(noted).LinkTarget is null
                && await PostgresAccount.OwnerAsync(noted, ct) is { } owner && owner == await PostgresAccount.OwnerAsync(root, ct))
                return noted;
        }

        var folder = Path.Combine(Temporary(), $"parle-{RandomNumberGenerator.GetHexString(16, lowercase: true)}");
        Directory.CreateDirectory(folder, ownersOnly);
        await account.OwnAsync(folder, recursive: false, ct);
        await File.WriteAllTextAsync(note, folder, ct);
        return folder;
    }

    /// <summary>Removes the short folder, if it exists, after an orderly stop.</summary>
    public static void Remove(string root)
    {
        if (!File.Exists(Note(root)))
            return;
        try
        {
            Directory.Delete(File.ReadAllText(Note(root)).Trim()); // Only an empty folder: a running server keeps its socket.
            File.Delete(Note(root));
        }
        catch (Exception kept) when (kept is IOException or UnauthorizedAccessException)
        {
            // Not empty, or not ours any more: the next start decides whether to reuse it.
        }
    }

    private static string Note(string root) => Path.Combine(root, "socket-folder");

    private static string Temporary() => Path.GetTempPath() is var folder && folder.Length < 70 && folder.All(IsPlain) ? folder : "/tmp";

    // A comma would separate hosts in the connection string, a colon would name a port.
    private static bool IsSuitable(string folder) =>
        Encoding.UTF8.GetByteCount(Path.Combine(folder, name)) <= bound && !folder.AsSpan().ContainsAny(',', ':');

    // These need no quotes in the shell that pg_ctl starts the server with.
    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.';
}
