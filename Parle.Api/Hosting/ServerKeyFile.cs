using System.Buffers.Text;
using System.Security.Cryptography;
using Npgsql;
using Parle.Api.Contract;

namespace Parle.Api.Hosting;

/// <summary>Where the server key comes from, and whether it is the one that this database was filled under.</summary>
public static class ServerKeyFile
{
    /// <summary>The setting that holds the key, 43 characters of base64url; every node of one database needs the same.</summary>
    public const string Setting = "PARLE_SERVER_KEY";

    /// <summary>The key of <c>PARLE_SERVER_KEY</c>; else of the file <c>server.key</c> in the data folder, made on first use with mode 0600.</summary>
    /// <exception cref="ServerKeyException">The key cannot be read; the message does not repeat it.</exception>
    public static ServerKey Load(IConfiguration configuration) =>
        Parse(configuration[Setting] is { Length: > 0 } set ? set : ReadOrMake(Path.Combine(DataFolder.Create(configuration), "server.key")));

    /// <summary>Tries what can be tried without a database: that a key which is there is one, and that it and its folder are nobody else's.</summary>
    /// <exception cref="ServerKeyException">It is no key.</exception>
    /// <exception cref="StartException">Folder or file are somebody else's, or open to others.</exception>
    public static void Check(IConfiguration configuration)
    {
        if (configuration[Setting] is { Length: > 0 } set)
        {
            Parse(set);
        }
        else if (Path.Combine(DataFolder.Create(configuration), "server.key") is var file && File.Exists(file))
        {
            Parse(ReadOrMake(file));
        }
    }

    /// <summary>Makes sure that a key which the database was filled under is there, before another is made in its place, to be backed up by mistake.</summary>
    /// <exception cref="ServerKeyException">There was a key, and it is gone.</exception>
    public static async Task MustNotBeLost(IConfiguration configuration, NpgsqlDataSource database, CancellationToken cancellation)
    {
        if (configuration[Setting] is { Length: > 0 } || File.Exists(Path.Combine(DataFolder.Find(configuration), "server.key")))
        {
            return;
        }

        await using var tied = database.CreateCommand("select exists (select from parle.server_key)");
        if ((bool)(await tied.ExecuteScalarAsync(cancellation))!)
        {
            throw new ServerKeyException($"This database was filled under another server key, and there is none in {DataFolder.Find(configuration)}. Put the server.key of the backup there, or its text into {Setting}; no new one was made.");
        }
    }

    /// <summary>Ties the database to the key on first use, and refuses to work under another one: no token would be recognised.</summary>
    /// <exception cref="ServerKeyException">The database belongs to another key.</exception>
    public static async Task Check(ServerKey key, NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var tie = database.CreateCommand("insert into parle.server_key (single, check_value) values (true, $1) on conflict do nothing");
        tie.Parameters.Add(new() { Value = key.CheckValue() });
        await tie.ExecuteNonQueryAsync(cancellation);
        await using var read = database.CreateCommand("select check_value from parle.server_key");
        if (!CryptographicOperations.FixedTimeEquals((byte[])(await read.ExecuteScalarAsync(cancellation))!, key.CheckValue()))
        {
            throw new ServerKeyException($"This database was filled under another server key. Give this node the same {Setting}, or the server.key file of the first.");
        }
    }

    private static ServerKey Parse(string text)
    {
        var key = new byte[ServerKey.Length];
        return Base64Url.IsValid(text.Trim(), out var length) && length == ServerKey.Length && Base64Url.TryDecodeFromChars(text.Trim(), key, out _)
            ? new(key)
            : throw new ServerKeyException($"The server key must be {ServerKey.Length} bytes in base64url without padding. Look at {Setting}, or at server.key in the data folder.");
    }

    private static string ReadOrMake(string path)
    {
        if (!File.Exists(path))
        {
            var fresh = $"{path}.{Guid.NewGuid():N}";
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var writer = new StreamWriter(path: fresh, options))
            {
                writer.WriteLine(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(ServerKey.Length)));
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
