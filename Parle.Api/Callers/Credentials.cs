using Npgsql;
using NpgsqlTypes;
using Parle.Projections;

namespace Parle.Api.Callers;

/// <summary>Where hashes of secrets are kept, apart from the record.</summary>
public static class Credentials
{
    /// <summary>Keeps the hash of a secret that opens <paramref name="subjectID"/>, a token or a session.</summary>
    public static SqlOperation Keep(ServerKey server, Secret secret, Guid subjectID) => new(
        "insert into parle.credentials (hash, subject_id, key_id) values (?, ?, ?)",
        (server.HashOf(secret), NpgsqlDbType.Bytea), (subjectID, NpgsqlDbType.Uuid), (server.ID, NpgsqlDbType.Bytea));

    /// <summary>
    /// Whether one of these was known under another server key. Then it is known under this one from now on: so those that are in use
    /// move to a new key by themselves. What is looked up by the hash of this key is asked for again afterwards.
    /// </summary>
    public static async Task<bool> Adopt(
        NpgsqlDataSource database, ServerKey server, IReadOnlyList<(byte[] Former, byte[] Fresh)> known, CancellationToken cancellation)
    {
        if (known.Count == 0)
        {
            return false;
        }

        await using var command = database.CreateCommand("""
            insert into parle.credentials (hash, subject_id, key_id)
            select q.fresh, c.subject_id, $3 from unnest($1, $2) as q(former, fresh) join parle.credentials c on c.hash = q.former
            on conflict (hash) do nothing
            """);
        command.Parameters.Add(
            new() { Value = known.Select(one => one.Former).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        command.Parameters.Add(
            new() { Value = known.Select(one => one.Fresh).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        command.Parameters.Add(new() { Value = server.ID });
        return await command.ExecuteNonQueryAsync(cancellation) > 0;
    }

    /// <summary>How secrets may be stored under other server keys, and how they are under this one.</summary>
    public static IReadOnlyList<(byte[] Former, byte[] Fresh)> Former(ServerKey server, IEnumerable<Secret?> secrets) =>
        [.. secrets.OfType<Secret>().SelectMany(secret => server.Others.Select(other => (other.HashOf(secret), server.HashOf(secret))))];

    /// <summary>
    /// Finds whoever <paramref name="secret"/> belongs to, by its hash: under the server key, and under those that it replaces.
    /// </summary>
    public static async Task<T?> Find<T>(
        NpgsqlDataSource database, ServerKey server, Secret secret, Func<byte[], Task<T?>> find, CancellationToken cancellation)
        where T : class
    {
        var hash = server.HashOf(secret);
        return await find(hash) ?? (await Adopt(database, server, Former(server, [secret]), cancellation) ? await find(hash) : null);
    }
}
