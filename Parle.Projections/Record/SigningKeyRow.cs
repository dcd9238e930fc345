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
}
