using Marten;
using Npgsql;
using NpgsqlTypes;

namespace Parle.Projections.Principals;

/// <summary>A code that was sent to an address and is still valid.</summary>
/// <param name="CodeID">Its id.</param>
/// <param name="Hash">Its keyed hash.</param>
/// <param name="UsedAs">The fingerprint of the name under which it was used; null for an unused code.</param>
/// <param name="UsedFor">The fingerprint of the request in which it was used; null for an unused code.</param>
/// <param name="SessionID">The session that it started; null for an unused code.</param>
/// <param name="HasTries">Whether a caller from this origin has attempts left.</param>
public sealed record SignInCode(Guid CodeID, byte[] Hash, byte[]? UsedAs, byte[]? UsedFor, Guid? SessionID, bool HasTries);

/// <summary>A new code.</summary>
/// <param name="CodeID">Its id.</param>
/// <param name="Address">The keyed hash of the address.</param>
/// <param name="Code">The keyed hash of the code.</param>
/// <param name="Browser">The keyed hash of the browser that asked for it.</param>
/// <param name="Network">The keyed hash of the network that asked for it.</param>
/// <param name="ExpiresAt">The end of its validity.</param>
/// <param name="BrowserTries">The wrong attempts of the browser.</param>
/// <param name="NetworkTries">The wrong attempts of the network.</param>
/// <param name="OtherTries">The wrong attempts of all others together.</param>
public sealed record NewSignInCode(
    Guid CodeID, byte[] Address, byte[] Code, byte[] Browser, byte[] Network, DateTimeOffset ExpiresAt, int BrowserTries, int NetworkTries,
    int OtherTries);

/// <summary>The origin of a request, under all server keys.</summary>
/// <param name="Addresses">The keyed hashes of the address.</param>
/// <param name="Browsers">The keyed hashes of the browser.</param>
/// <param name="Networks">The keyed hashes of the network.</param>
public sealed record SignInOrigin(byte[][] Addresses, byte[][] Browsers, byte[][] Networks);

/// <summary>
/// Statements on <see cref="Tables.SignInCodes"/> and <see cref="Tables.SignInBrowsers"/>, which no event builds: codes live for minutes.
/// </summary>
public static class SignInCodes
{
    private const string IsKnownSql = """
        select exists (
            select from parle.sign_in_browsers
            where address = any($1) and browser = any($2) and seen_at > $3::timestamptz - interval '400 days') as is_known
        """;

    private const string HasRequestedCodeSql = """
        select exists (
            select from parle.sign_in_codes
            where address = any($1) and browser = any($2) and expires_at > $3 and browser_tries > 0) as asked
        """;

    private const string FindSql = """
        select code_id, code, used_as, used_for, session_id,
            case when browser = any($3) then browser_tries when network = any($4) then network_tries else other_tries end > 0 as has_tries
        from parle.sign_in_codes where address = any($1) and expires_at > $2 order by code_id for update
        """;

    // Expired codes are deleted with the next code that is sent: a few at a time, and none that another transaction uses.
    private const string KeepSql = """
        with old as (
            delete from parle.sign_in_codes where code_id in (
                select code_id from parle.sign_in_codes where expires_at < $6 order by expires_at limit 20 for update skip locked))
        insert into parle.sign_in_codes
            (code_id, address, code, browser, network, expires_at, browser_tries, network_tries, other_tries)
        values ($1, $2, $3, $4, $5, $7, $8, $9, $10)
        """;

    /// <summary>Whether a browser proved the address before.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="origin">The browser and the address.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<bool> IsKnown(
        NpgsqlDataSource database, SignInOrigin origin, DateTimeOffset now, CancellationToken cancellation) =>
        database.Scalar<bool>(IsKnownSql, cancellation, origin.Addresses, origin.Browsers, now);

    /// <summary>Whether a browser requested a code that is still valid, and has attempts left.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="origin">The browser and the address.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<bool> HasRequestedCode(
        NpgsqlDataSource database, SignInOrigin origin, DateTimeOffset now, CancellationToken cancellation) =>
        database.Scalar<bool>(HasRequestedCodeSql, cancellation, origin.Addresses, origin.Browsers, now);

    /// <summary>The valid codes of an address, locked until the unit of work is over.</summary>
    /// <param name="session">The unit of work.</param>
    /// <param name="origin">The address, and the origin of the request.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<SignInCode>> Find(
        IQuerySession session, SignInOrigin origin, DateTimeOffset now, CancellationToken cancellation) =>
        session.Rows(
            FindSql,
            row => new SignInCode(
                row.Get<Guid>("code_id"), row.Get<byte[]>("code"), row.Get<byte[]?>("used_as"), row.Get<byte[]?>("used_for"),
                row.Get<Guid?>("session_id"), row.Get<bool>("has_tries")),
            cancellation, origin.Addresses, now, origin.Browsers, origin.Networks);

    /// <summary>Stores a code, in a transaction of its own, and deletes some expired ones.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="code">The code.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task Keep(NpgsqlDataSource database, NewSignInCode code, DateTimeOffset now, CancellationToken cancellation) =>
        database.Scalar<int>(
            KeepSql, cancellation, code.CodeID, code.Address, code.Code, code.Browser, code.Network, now, code.ExpiresAt,
            code.BrowserTries, code.NetworkTries, code.OtherTries);

    /// <summary>Marks a code as used, so that only the same request can use it again.</summary>
    /// <param name="codeID">The code.</param>
    /// <param name="usedAs">See <see cref="SignInCode.UsedAs"/>.</param>
    /// <param name="usedFor">See <see cref="SignInCode.UsedFor"/>.</param>
    /// <param name="sessionID">The session that it starts.</param>
    public static SqlOperation Spend(Guid codeID, byte[] usedAs, byte[] usedFor, Guid sessionID) => new(
        "update parle.sign_in_codes set used_as = ?, used_for = ?, session_id = ? where code_id = ?",
        (usedAs, NpgsqlDbType.Bytea), (usedFor, NpgsqlDbType.Bytea), (sessionID, NpgsqlDbType.Uuid), (codeID, NpgsqlDbType.Uuid));

    /// <summary>Records that a browser proved an address, and deletes older browsers of the address beyond a limit.</summary>
    /// <param name="address">The keyed hash of the address.</param>
    /// <param name="browser">The keyed hash of the browser.</param>
    /// <param name="now">The time.</param>
    /// <param name="most">Most browsers of an address.</param>
    public static SqlOperation KnowBrowser(byte[] address, byte[] browser, DateTimeOffset now, int most) => new(
        """
        with q as (select ?::bytea as address, ?::bytea as browser, ?::timestamptz as at, ?::int as most),
        gone as (
            delete from parle.sign_in_browsers b using q where b.address = q.address and b.browser <> q.browser and b.browser not in (
                select k.browser from parle.sign_in_browsers k, q
                where k.address = q.address and k.seen_at > q.at - interval '400 days'
                order by k.seen_at desc limit (select most - 1 from q)))
        insert into parle.sign_in_browsers (address, browser, seen_at) select address, browser, at from q
        on conflict (address, browser) do update set seen_at = excluded.seen_at
        """,
        (address, NpgsqlDbType.Bytea), (browser, NpgsqlDbType.Bytea), (now, NpgsqlDbType.TimestampTz), (most, NpgsqlDbType.Integer));

    /// <summary>
    /// Counts one wrong attempt for each code of an address: of the kind that the origin of the request has for that code.
    /// </summary>
    /// <param name="origin">The address, and the origin of the request.</param>
    /// <param name="now">The time.</param>
    public static SqlOperation WrongTry(SignInOrigin origin, DateTimeOffset now) => new(
        """
        with q as (select ?::bytea[] as address, ?::bytea[] as browser, ?::bytea[] as network, ?::timestamptz as at)
        update parle.sign_in_codes c set
            browser_tries = greatest(0, browser_tries - case when c.browser = any(q.browser) then 1 else 0 end),
            network_tries = greatest(
                0, network_tries - case when c.browser <> all(q.browser) and c.network = any(q.network) then 1 else 0 end),
            other_tries = greatest(
                0, other_tries - case when c.browser <> all(q.browser) and c.network <> all(q.network) then 1 else 0 end)
        from q where c.address = any(q.address) and c.expires_at > q.at
        """,
        (origin.Addresses, NpgsqlDbType.Array | NpgsqlDbType.Bytea), (origin.Browsers, NpgsqlDbType.Array | NpgsqlDbType.Bytea),
        (origin.Networks, NpgsqlDbType.Array | NpgsqlDbType.Bytea), (now, NpgsqlDbType.TimestampTz));
}
