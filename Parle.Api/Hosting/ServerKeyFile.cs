using System.Buffers.Text;
using System.Security.Cryptography;
using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Platform;
using Parle.Projections.Callers;

namespace Parle.Api.Hosting;

/// <summary>Where the server key comes from, and whether it is the one that this database was filled under.</summary>
public static class ServerKeyFile
{
    /// <summary>The setting that holds the key, 43 characters of base64url; every node of one database needs the same.</summary>
    public const string Setting = "PARLE_SERVER_KEY";

    /// <summary>The setting that holds keys that are recognised beside it while it is replaced, with commas between.</summary>
    public const string OthersSetting = "PARLE_SERVER_KEY_PREVIOUS";

    private const string FileName = "server.key";
    private const string OthersFileName = "server.key.previous";

    /// <summary>
    /// The key of <c>PARLE_SERVER_KEY</c>; else of the file <c>server.key</c> in the data folder, made on first use with mode 0600. Beside
    /// it those of <c>PARLE_SERVER_KEY_PREVIOUS</c>, or of the lines of <c>server.key.previous</c>.
    /// </summary>
    /// <exception cref="ServerKeyException">A key cannot be read, or is lost; the message does not repeat it.</exception>
    public static ServerKey Load(IConfiguration configuration, NpgsqlDataSource database) =>
        new(ReadKey(configuration[Setting] is { Length: > 0 } set
            ? set : ReadOrMake(Path.Combine(DataFolder.Create(configuration), FileName), database)),
            [.. Others(configuration).Select(ReadOther)]);

    /// <summary>
    /// Tries what can be tried without a database: that keys which are there are such, and that they and their folder are nobody else's.
    /// </summary>
    /// <exception cref="ServerKeyException">One is no key.</exception>
    /// <exception cref="StartException">Folder or files are somebody else's, or open to others.</exception>
    public static void Check(IConfiguration configuration)
    {
        if (configuration[Setting] is { Length: > 0 } set)
        {
            ReadKey(set);
        }
        else if (Path.Combine(DataFolder.Create(configuration), FileName) is var file && File.Exists(file))
        {
            OwnPlace.Secret(file);
            ReadKey(File.ReadAllText(file));
        }

        foreach (var other in Others(configuration))
        {
            ReadOther(other);
        }
    }

    /// <summary>
    /// Makes sure that a key which the database was filled under is there, before another is made in its place, to be backed up by mistake.
    /// </summary>
    /// <exception cref="ServerKeyException">There was a key, and it is gone.</exception>
    public static async Task MustNotBeLost(IConfiguration configuration, NpgsqlDataSource database, CancellationToken cancellation)
    {
        if (configuration[Setting] is { Length: > 0 } || File.Exists(Path.Combine(DataFolder.Find(configuration), FileName)))
        {
            return;
        }

        if (await ServerKeys.HasAny(database, cancellation))
        {
            throw Lost(DataFolder.Find(configuration));
        }
    }

    /// <summary>A fresh key, as it is written.</summary>
    public static string Fresh() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(ServerKey.Length));

    /// <summary>
    /// Ties the database to the key on first use, and refuses to work without one that it is tied to: no token of its would be recognised.
    /// </summary>
    /// <exception cref="ServerKeyException">The database belongs to a key that is not among these.</exception>
    public static async Task Check(ServerKey key, NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var needed = await ServerKeys.LockInForce(connection, cancellation);
        var missing = needed.Count(check => !key.All.Any(one => CryptographicOperations.FixedTimeEquals(check, one.CheckValue())));
        if (missing > 0)
        {
            throw new ServerKeyException(missing == needed.Count
                ? $"This database was filled under another server key. Give this node the same {Setting}, or the {FileName} file of "
                + "the first."
                : $"Something in this database is kept under another server key too. Name that key in {OthersSetting} on every node, until "
                + "`keys server-key status` says that nothing needs it.");
        }

        await ServerKeys.Add(connection, key.CheckValue(), cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private static byte[] ReadKey(string text) => Read(text, $"Look at {Setting}, or at {FileName} in the data folder.");

    private static byte[] ReadOther(string text) => Read(text, $"Look at {OthersSetting}, or at {OthersFileName} in the data folder.");

    private static byte[] Read(string text, string where)
    {
        var key = new byte[ServerKey.Length];
        return Base64Url.IsValid(text.Trim(), out var length) && length == ServerKey.Length
            && Base64Url.TryDecodeFromChars(text.Trim(), key, out _)
            ? key
            : throw new ServerKeyException($"The server key must be {ServerKey.Length} bytes in base64url without padding, as `keys "
                + $"server-key new` prints one. {where}");
    }

    private static ServerKeyException Lost(string folder) => new(
        $"This database was filled under another server key, and there is none in {folder}. Put the {FileName} of the backup there, or its "
        + $"text into {Setting}; no new one was made.");

    private static IEnumerable<string> Others(IConfiguration configuration)
    {
        if (configuration[OthersSetting] is { Length: > 0 } set)
        {
            return set.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        }

        var path = configuration[Setting] is { Length: > 0 } ? null : Path.Combine(DataFolder.Create(configuration), OthersFileName);
        if (path is null || !File.Exists(path))
        {
            return [];
        }

        OwnPlace.Secret(path);
        return File.ReadLines(path).Where(line => !string.IsNullOrWhiteSpace(line));
    }

    private static string ReadOrMake(string path, NpgsqlDataSource database)
    {
        if (!File.Exists(path))
        {
            if (ServerKeys.HasAny(database)) // Before anything is written: somebody would back the wrong key up.
            {
                throw Lost(Path.GetDirectoryName(path)!);
            }

            var fresh = $"{path}.{Guid.NewGuid():N}";
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var writer = new StreamWriter(path: fresh, options))
            {
                writer.WriteLine(Fresh());
            }

            try
            {
                File.Move(fresh, path, overwrite: false); // Whole or not at all; when two start at once, the first one's key holds.
            }
            catch (IOException) when (File.Exists(path))
            {
                File.Delete(fresh);
            }
        }

        OwnPlace.Secret(path);
        return File.ReadAllText(path);
    }
}

/// <summary>The server key cannot be read, or is not the one that the database was filled under.</summary>
/// <param name="message">What to do about it; never repeats the key.</param>
public sealed class ServerKeyException(string message) : Exception(message);
