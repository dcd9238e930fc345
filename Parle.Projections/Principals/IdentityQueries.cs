using Marten;
using Npgsql;

namespace Parle.Projections.Principals;

/// <summary>An identity of a principal, as it is stored.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Hash">Its keyed hash, in hex.</param>
/// <param name="Former">Its hashes under other server keys.</param>
public sealed record StoredIdentity(string Kind, string Hash, IReadOnlyList<string> Former);

/// <summary>An identity of a principal, with its link.</summary>
/// <param name="Identity">The identity.</param>
/// <param name="Issuer">The identity provider; null for mail.</param>
/// <param name="LinkedAt">The time at which it was linked.</param>
/// <param name="LinkedBy">Either <c>you</c> or <c>operator</c>; null where that was not recorded.</param>
/// <param name="OperatorID">The operator who linked it; null for none.</param>
/// <param name="OperatorLabel">The name of that operator; null where it is not known here.</param>
public sealed record IdentityRow(
    StoredIdentity Identity, string? Issuer, DateTimeOffset LinkedAt, string? LinkedBy, Guid? OperatorID, string? OperatorLabel);

/// <summary>Queries of the identities by which people sign in, see <see cref="Identities"/>.</summary>
public static class IdentityQueries
{
    private const string ListSql = """
        select i.hash, i.kind, i.issuer, i.linked_at, i.linked_by, i.operators[cardinality(i.operators)] as operator_id, o.label, i.former
        from parle.identities i left join parle.operators o on o.operator_id = i.operators[cardinality(i.operators)]
        where i.principal_id = $1 order by i.linked_at, i.hash
        """;

    private const string StoredSql = "select i.kind, i.hash, i.former from parle.identities i where i.principal_id = $1";

    private const string LockFormerSql = """
        select true as is_found from parle.identities i where i.hash = any($1) and i.principal_id = $2
          and (
            select left(encode(check_value, 'hex'), 16) from parle.server_keys
            where retired_at is null order by since desc limit 1) = $3
        for update of i
        """;

    /// <summary>The identities of a principal, oldest first.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="principalID">The principal.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<IdentityRow>> Of(NpgsqlDataSource database, Guid principalID, CancellationToken cancellation) =>
        database.Rows(
            ListSql,
            row => new IdentityRow(
                Stored(row), row.Get<string?>("issuer"), row.Get<DateTimeOffset>("linked_at"), row.Get<string?>("linked_by"),
                row.Get<Guid?>("operator_id"), row.Get<string?>("label")),
            cancellation, principalID);

    /// <summary>The identities of a principal within a unit of work, without their links.</summary>
    /// <param name="session">The unit of work.</param>
    /// <param name="principalID">The principal.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<StoredIdentity>> Of(IQuerySession session, Guid principalID, CancellationToken cancellation) =>
        session.Rows(StoredSql, Stored, cancellation, principalID);

    /// <summary>
    /// Whether an identity is stored by one of these hashes, while a key is the newest server key. It then stays so until the unit of work
    /// is over.
    /// </summary>
    /// <param name="session">The unit of work.</param>
    /// <param name="hashes">Its hashes under other server keys, in hex.</param>
    /// <param name="principalID">The principal whose identity it is.</param>
    /// <param name="keyID">The server key, in hex.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<bool> LockFormer(
        IQuerySession session, string[] hashes, Guid principalID, string? keyID, CancellationToken cancellation) =>
        session.Scalar<bool>(LockFormerSql, cancellation, hashes, principalID, keyID);

    private static StoredIdentity Stored(Row row) =>
        new(row.Get<string>("kind"), row.Get<string>("hash"), row.Get<string[]?>("former") ?? []);
}
