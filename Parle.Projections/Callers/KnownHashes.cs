using Npgsql;
using NpgsqlTypes;

namespace Parle.Projections.Callers;

/// <summary>The hashes that credentials are found by.</summary>
public static class KnownHashes
{
    /// <summary>Keeps a hash.</summary>
    /// <param name="hash">The hash of a secret.</param>
    /// <param name="subjectID">The token, session or other thing that the secret opens.</param>
    /// <param name="keyID">The server key of the hash.</param>
    public static SqlOperation Keep(byte[] hash, Guid subjectID, byte[] keyID) => new(
        "insert into parle.credentials (hash, subject_id, key_id) values (?, ?, ?)",
        (hash, NpgsqlDbType.Bytea), (subjectID, NpgsqlDbType.Uuid), (keyID, NpgsqlDbType.Bytea));

    /// <summary>
    /// Stores credentials under the newest server key too, if they are stored under one that it replaces. A credential in use so moves to a
    /// new key by itself.
    /// </summary>
    /// <param name="database">The pool.</param>
    /// <param name="keyID">The newest server key.</param>
    /// <param name="hashes">The hash of each under another key, and under the newest one.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether one was stored.</returns>
    public static async Task<bool> Adopt(
        NpgsqlDataSource database, byte[] keyID, IReadOnlyList<(byte[] Former, byte[] Fresh)> hashes, CancellationToken cancellation) =>
        (await database.Rows(
            """
            insert into parle.credentials (hash, subject_id, key_id)
            select q.fresh, c.subject_id, $3 from unnest($1, $2) as q(former, fresh) join parle.credentials c on c.hash = q.former
            on conflict (hash) do nothing
            returning subject_id
            """,
            row => row.Get<Guid>("subject_id"), cancellation,
            hashes.Select(one => one.Former).ToArray(), hashes.Select(one => one.Fresh).ToArray(), keyID)).Count > 0;
}
