using Npgsql;

namespace Parle.Projections.Callers;

/// <summary>A server key, and the things that are kept under it.</summary>
/// <param name="ID">The first bytes of its check value, in hex.</param>
/// <param name="CheckValue">Its check value.</param>
/// <param name="Since">The moment since which new things are kept under it; null for the first key of an older database.</param>
/// <param name="IsRetired">Whether nothing is read under it any more.</param>
/// <param name="Credentials">Subjects of live credentials that were not used since a newer key.</param>
/// <param name="Identities">Identities of people that were not proved since then.</param>
/// <param name="Secrets">Kept secrets that are closed under it.</param>
public sealed record ServerKeyRow(
    string ID, byte[] CheckValue, DateTimeOffset? Since, bool IsRetired, long Credentials, long Identities, long Secrets);

/// <summary>The server keys that a database knows, by their check values; see <see cref="Tables.ServerKeys"/>.</summary>
public static class ServerKeys
{
    // Rows from before keys could be replaced name none: they are the first key's. A subject is live by the same conditions as in
    // KeptSecret and the look-ups.
    private const string UsesSql = """
        with keys as (
            select substr(check_value, 1, 8) as id, check_value, since, retired_at,
                row_number() over (order by since) = 1 as is_first, row_number() over (order by since desc) = 1 as is_newest
            from parle.server_keys),
        newest as (select id from keys where is_newest),
        live as (
            select token_id as id from parle.agent_tokens where revoked_at is null and (expires_at is null or expires_at > now())
            union all select session_id from parle.agent_sessions where ended_at is null and superseded_at is null and expires_at > now()
            union all select session_id from parle.person_sessions where ended_at is null and expires_at > now()
            union all select auditor_id from parle.auditors where revoked_at is null and (expires_at is null or expires_at > now())
            union all select operator_id from parle.operators where revoked_at is null and (expires_at is null or expires_at > now())
            union all select invitation_id from parle.invitations where kind = 'key' and state = 'open' and expires_at > now()),
        held as (
            select distinct c.subject_id, coalesce(c.key_id, (select id from keys where is_first)) as id
            from parle.credentials c join live on live.id = c.subject_id)
        select encode(k.id, 'hex') as id, k.check_value, nullif(k.since, '-infinity') as since, k.retired_at is not null as is_retired,
            (select count(*) from held h where h.id = k.id and not exists (
                select from held n
                where n.subject_id = h.subject_id and n.id = (select id from newest) and n.id <> k.id)) as credentials,
            (select count(*) from parle.identities i
             where coalesce(i.key_id, (select encode(id, 'hex') from keys where is_first)) = encode(k.id, 'hex')) as identities,
            (select count(*) from parle.minted_secrets m
             where m.key_id = k.id and (m.expires_at is null or m.expires_at > now())) as secrets
        from keys k order by k.since
        """;

    private const string AddFormerSql = """
        insert into parle.server_keys (check_value, since)
        select check_value, '-infinity' from parle.server_key where not exists (select from parle.server_keys)
        """;

    private const string AddSql = """
        insert into parle.server_keys (check_value, since) values ($1, clock_timestamp())
        on conflict (check_value) do update set retired_at = null, since = clock_timestamp() where server_keys.retired_at is not null
        """;

    /// <summary>All keys, oldest first.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<ServerKeyRow>> Uses(NpgsqlDataSource database, CancellationToken cancellation) => database.Rows(
        UsesSql,
        row => new ServerKeyRow(
            row.Get<string>("id"), row.Get<byte[]>("check_value"), row.Get<DateTimeOffset?>("since"), row.Get<bool>("is_retired"),
            row.Get<long>("credentials"), row.Get<long>("identities"), row.Get<long>("secrets")),
        cancellation);

    /// <summary>Whether the database, which has its schema, knows a key.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<bool> HasAny(NpgsqlDataSource database, CancellationToken cancellation) => database.Scalar<bool>(
        "select exists (select from parle.server_keys) or exists (select from parle.server_key) as has_any", cancellation);

    /// <summary>The same of a database that may have no schema yet. It does not return before the answer is there.</summary>
    /// <param name="database">The pool.</param>
    public static bool HasAny(NpgsqlDataSource database)
    {
        using var connection = database.OpenConnection();
        return new[] { Tables.ServerKeys, Tables.ServerKey }.Any(table =>
        {
            var name = table.Identifier.QualifiedName;
            using var there =
                new NpgsqlCommand("select to_regclass($1) is not null", connection) { Parameters = { new() { Value = name } } };
            using var any = new NpgsqlCommand($"select exists (select from {name})", connection);
            return there.ExecuteScalar() is true && any.ExecuteScalar() is true;
        });
    }

    /// <summary>The check values of the keys that are not retired. Other nodes wait until the transaction is over.</summary>
    /// <param name="connection">A connection with a transaction.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<IReadOnlyList<byte[]>> LockInForce(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await AdvisoryLocks.TakeForTransaction(connection, "parle.server_keys", cancellation);
        await connection.Run(AddFormerSql, cancellation); // In a database from before keys could be replaced.
        return await connection.Rows(
            "select check_value from parle.server_keys where retired_at is null", row => row.Get<byte[]>("check_value"), cancellation);
    }

    /// <summary>Makes a key known, if it is not; in force again, if it was retired.</summary>
    /// <param name="connection">The connection of <see cref="LockInForce"/>.</param>
    /// <param name="checkValue">The key's check value.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task Add(NpgsqlConnection connection, byte[] checkValue, CancellationToken cancellation) =>
        connection.Run(AddSql, cancellation, checkValue);

    /// <summary>Retires all keys but one.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="checkValue">The check value of the key that stays.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task RetireOthers(NpgsqlDataSource database, byte[] checkValue, CancellationToken cancellation) => database.Run(
        "update parle.server_keys set retired_at = now() where check_value <> $1 and retired_at is null", cancellation, checkValue);
}
