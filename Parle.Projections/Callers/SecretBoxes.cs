using Npgsql;
using NpgsqlTypes;

namespace Parle.Projections.Callers;

/// <summary>A secret, closed under a server key.</summary>
/// <param name="SubjectID">The token, session, auditor, operator or join key that it opens.</param>
/// <param name="Box">The closed secret.</param>
public sealed record SecretBox(Guid SubjectID, byte[] Box);

/// <summary>Keeps closed secrets, see <see cref="Tables.MintedSecrets"/>. <see cref="KeptSecret"/> reads one.</summary>
public static class SecretBoxes
{
    /// <summary>Keeps a secret, and deletes a few that have expired.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="keyID">The server key that it is closed under.</param>
    /// <param name="expiresAt">The end of its subject at the latest; null for never.</param>
    public static SqlOperation Keep(SecretBox secret, byte[] keyID, DateTimeOffset? expiresAt) => new(
        """
        with gone as (
            delete from parle.minted_secrets where subject_id in (
                select subject_id from parle.minted_secrets where expires_at < now() order by expires_at limit 20 for update skip locked))
        insert into parle.minted_secrets (subject_id, box, key_id, expires_at) values (?, ?, ?, ?)
        """,
        (secret.SubjectID, NpgsqlDbType.Uuid), (secret.Box, NpgsqlDbType.Bytea), (keyID, NpgsqlDbType.Bytea),
        (expiresAt, NpgsqlDbType.TimestampTz));

    /// <summary>Some secrets that are closed under one of these server keys.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="keyIDs">The keys.</param>
    /// <param name="limit">Most secrets.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<SecretBox>> Under(
        NpgsqlDataSource database, byte[][] keyIDs, long limit, CancellationToken cancellation) => database.Rows(
        "select subject_id, box from parle.minted_secrets where key_id = any($1) limit $2",
        row => new SecretBox(row.Get<Guid>("subject_id"), row.Get<byte[]>("box")), cancellation, keyIDs, limit);

    /// <summary>Replaces a secret by the same one, closed under another server key; not if it was replaced meanwhile.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="secret">The secret as it is stored.</param>
    /// <param name="box">The secret, closed again.</param>
    /// <param name="keyID">The key of <paramref name="box"/>.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task Replace(NpgsqlDataSource database, SecretBox secret, byte[] box, byte[] keyID, CancellationToken cancellation) =>
        database.Run(
            "update parle.minted_secrets set box = $2, key_id = $3 where subject_id = $1 and box = $4", cancellation, secret.SubjectID, box,
            keyID, secret.Box);
}
