using Npgsql;

namespace Parle.Projections.Record;

/// <summary>A signing key as it is stored.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Name">The service's name in the notes that it signs.</param>
/// <param name="PublicKey">The public half.</param>
/// <param name="ValidFrom">The start of its validity.</param>
/// <param name="ValidUntil">The end of its validity; null for the key in use.</param>
/// <param name="Endorsement">A note of the key before it; null for the first.</param>
/// <param name="Secret">The private half, closed under the server key; null when it was destroyed.</param>
/// <param name="Seal">A seal of all this under the server key.</param>
public sealed record SigningKeyRow(
    int Number, string Name, byte[] PublicKey, DateTimeOffset ValidFrom, DateTimeOffset? ValidUntil, string? Endorsement, byte[]? Secret,
    byte[] Seal)
{
    /// <summary>All signing keys, oldest first.</summary>
    public static Task<IReadOnlyList<SigningKeyRow>> All(NpgsqlDataSource database, CancellationToken cancellation) => database.Rows(
        """
        select number, name, public_key, valid_from, valid_until, endorsement, secret, seal
        from parle.signing_keys order by number
        """,
        row => new SigningKeyRow(
            row.Get<int>("number"), row.Get<string>("name"), row.Get<byte[]>("public_key"), row.Get<DateTimeOffset>("valid_from"),
            row.Get<DateTimeOffset?>("valid_until"), row.Get<string?>("endorsement"), row.Get<byte[]?>("secret"), row.Get<byte[]>("seal")),
        cancellation);

    /// <summary>Adds a key; the first one only if there is none.</summary>
    /// <param name="connection">A connection.</param>
    /// <param name="key">The key, with its private half.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task Add(NpgsqlConnection connection, SigningKeyRow key, CancellationToken cancellation) => connection.Run(
        $"""
        insert into parle.signing_keys (number, name, public_key, valid_from, endorsement, secret, seal)
        values ($1, $2, $3, $4, $5, $6, $7){(key.Number == 1 ? " on conflict do nothing" : "")}
        """,
        cancellation, key.Number, key.Name, key.PublicKey, key.ValidFrom, key.Endorsement, key.Secret, key.Seal);

    /// <summary>Ends a key, and destroys its private half.</summary>
    /// <param name="connection">A connection.</param>
    /// <param name="number">The key.</param>
    /// <param name="validUntil">Its end.</param>
    /// <param name="seal">Its seal from now on.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task End(
        NpgsqlConnection connection, int number, DateTimeOffset validUntil, byte[] seal, CancellationToken cancellation) => connection.Run(
        "update parle.signing_keys set valid_until = $2, secret = null, seal = $3 where number = $1", cancellation, number, validUntil,
        seal);

    /// <summary>Closes and seals a key again, under another server key; not if it was changed meanwhile.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="number">The key.</param>
    /// <param name="former">Its seal as it is stored.</param>
    /// <param name="secret">Its private half, closed again; null when it was destroyed.</param>
    /// <param name="seal">Its seal from now on.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task Reseal(
        NpgsqlDataSource database, int number, byte[] former, byte[]? secret, byte[] seal, CancellationToken cancellation) => database.Run(
        "update parle.signing_keys set secret = $2, seal = $3 where number = $1 and seal = $4", cancellation, number, secret, seal, former);
}
