using Npgsql;
using Parle.Projections;
using Parle.Projections.Callers;

namespace Parle.Api.Callers;

/// <summary>Where hashes of secrets are kept, apart from the record.</summary>
public static class Credentials
{
    /// <summary>Keeps the hash of a secret that opens <paramref name="subjectID"/>, a token or a session.</summary>
    public static SqlOperation Keep(ServerKey server, Secret secret, Guid subjectID) =>
        KnownHashes.Keep(server.HashOf(secret), subjectID, server.ID);

    /// <summary>
    /// Whether one of these was stored under another server key. It is stored under the newest one from now on, so that credentials in use
    /// move to a new key by themselves. The look-up by the hash of the newest key is worth repeating then.
    /// </summary>
    public static async Task<bool> Adopt(
        NpgsqlDataSource database, ServerKey server, IReadOnlyList<(byte[] Former, byte[] Fresh)> known, CancellationToken cancellation) =>
        known.Count > 0 && await KnownHashes.Adopt(database, server.ID, known, cancellation);

    /// <summary>How secrets may be stored under other server keys, and how they are under this one.</summary>
    public static IReadOnlyList<(byte[] Former, byte[] Fresh)> Former(ServerKey server, IEnumerable<Secret?> secrets) =>
        [.. secrets.OfType<Secret>().SelectMany(secret => server.Others.Select(other => (other.HashOf(secret), server.HashOf(secret))))];

    /// <summary>
    /// Finds the owner of <paramref name="secret"/> by its hash: under the server key, and under those that it replaces.
    /// </summary>
    public static async Task<T?> Find<T>(
        NpgsqlDataSource database, ServerKey server, Secret secret, Func<byte[], Task<T?>> find, CancellationToken cancellation)
        where T : class
    {
        var hash = server.HashOf(secret);
        return await find(hash) ?? (await Adopt(database, server, Former(server, [secret]), cancellation) ? await find(hash) : null);
    }
}
