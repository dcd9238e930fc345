using System.Globalization;
using System.Security.Cryptography;
using Marten;
using Npgsql;
using NpgsqlTypes;
using Parle.Api.Bounds;
using Parle.Api.Callers;
using Parle.Api.Mail;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Domain;
using Parle.Domain.Names;
using Parle.Projections;

namespace Parle.Api.Accounts;

/// <summary>
/// Codes that prove who reads the mail of an address. One code does for becoming known and for signing in alike, so asking for
/// one never looks at who is known: there is nothing to be told apart by answers or their times.
/// </summary>
/// <remarks>
/// Each start makes a code of its own, beside those of others, and a wrong guess costs the tries of its own kind alone: of the browser that
/// asked for the code, of the network that did (a client without cookies), and of everybody else. So what strangers ask for and guess voids
/// nobody's code.
/// </remarks>
public sealed class EmailCodes(NpgsqlDataSource database, ServerKey key, TimeProvider clock, CodeLimits limits, Outbox outbox)
{
    /// <summary>How long a code is valid.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <summary>After so many wrong tries of the browser that asked for it, a code is dead to it.</summary>
    public const int MaxWrongTries = 5;

    /// <summary>
    /// Likewise of the network, where whoever asked for the code kept no cookie. More, since others may be in the same network.
    /// </summary>
    public const int MaxWrongTriesOfNetwork = 10;

    /// <summary>Likewise of all others together.</summary>
    public const int MaxWrongTriesOfOthers = 3;

    /// <summary>Digits of a code.</summary>
    public const int Digits = 8;

    private const int MaxBrowsers = 20;

    /// <summary>Sends a code to an address. Why not, if not: to everybody alike, whether the address is known or not.</summary>
    public async Task<Refusal?> Send(string? typed, HttpContext context)
    {
        if (!outbox.CanSend)
        {
            return Refusals.MailNotConfigured;
        }

        if (EmailAddress.Parse(typed) is not { } address)
        {
            return NoAddress;
        }

        var (identity, origin) = (Identity.Of(address, key), Origin.Of(context, key));
        var isKnown = await IsKnown(identity, origin, context.RequestAborted);
        if (!isKnown && limits.Start(context) is { } refusal)
        {
            return refusal;
        }

        using var place = outbox.Codes.Reserve(); // Before the code is kept: one that cannot be sent must not count.
        if (place is null)
        {
            return Refusals.ServiceUnavailable;
        }

        if (limits.Mail(identity, origin.Network, isKnown ? origin.Browser : null) is { } tooMany)
        {
            return tooMany;
        }

        var code = RandomNumberGenerator.GetInt32(100_000_000).ToString("D8", CultureInfo.InvariantCulture);
        await Keep(identity, origin, code, context.RequestAborted);
        if (!place.Send(address, "Your code for Parle", $"""
            Your code is {code}

            It is valid for {Life.TotalMinutes:0} minutes, once. Whoever has it can act as you: enter it only where you asked for it, and give it to nobody.
            If you did not ask for a code, you need not do anything.
            """))
        {
            return Refusals.ServiceUnavailable;
        }

        origin.HandOver(context);
        return null;
    }

    /// <summary>
    /// Finds out whether a code proves an address. Those who try the same address take turns, on all nodes, until their unit of work is
    /// over.
    /// </summary>
    /// <remarks>Each wrong try does the same work, whether there is such a code, address or person, or not.</remarks>
    /// <param name="session">The unit of work; who called this saves it.</param>
    /// <param name="email">The address as typed.</param>
    /// <param name="code">The code as typed.</param>
    /// <param name="use">What the code is used for.</param>
    /// <param name="context">The request.</param>
    public async Task<(EmailProof? Proof, Refusal? Refusal)> Prove(
        IDocumentSession session, string? email, string? code, CodeUse use, HttpContext context)
    {
        if (EmailAddress.Parse(email) is not { } address)
        {
            return (null, NoAddress);
        }

        if (code is not { Length: > 0 and <= 64 })
        {
            return (null, Refusals.ValidationFailed.Because($"code must be the {Digits} digits that were sent."));
        }

        var (identity, origin) = (Identity.Of(address, key), Origin.Of(context, key));
        // Who asked for a code has its tries, whatever its neighbours do.
        if (limits.Guess(context, identity) is { } refusal && !await AskedForOne(identity, origin, context.RequestAborted))
        {
            return (null, refusal);
        }

        await session.TakeTurnOf(identity, context, context.RequestAborted);
        var presented = key.All.Zip(identity.AllHashes, (one, hash) => one.HashOfCode(hash, code.Trim())).ToList();
        KeptCode? right = null;
        foreach (var kept in await Find(session, identity, origin, context.RequestAborted))
        {
            var isRight = presented.Aggregate(false, (found, hash) => found | CryptographicOperations.FixedTimeEquals(kept.Hash, hash));
            if (isRight && kept.HasTries && (kept.UsedAs is null || use.IsNamed(kept.UsedAs, key)))
            {
                right = kept;
            }
        }

        if (right is null)
        {
            session.QueueOperation(WrongTry(identity, origin));
            return (null, Refusals.InvalidCode);
        }

        return right.UsedAs is not null && !use.Means(right.UsedFor!, key)
            ? (null, Refusals.IdempotencyConflict)
            : (new(identity, right.UsedAs is null ? null : right.SessionID, right.ID, origin.Presented), null);
    }

    /// <summary>
    /// The code was used, to start <paramref name="sessionID"/>; only the same request, repeated, can use it again. The browser is known
    /// from now on.
    /// </summary>
    public IEnumerable<SqlOperation> Spend(EmailProof proof, CodeUse use, Guid sessionID)
    {
        yield return new(
            "update parle.sign_in_codes set used_as = ?, used_for = ?, session_id = ? where code_id = ?",
            (use.Name(key), NpgsqlDbType.Bytea), (use.Fingerprint(key), NpgsqlDbType.Bytea), (sessionID, NpgsqlDbType.Uuid),
            (proof.CodeID, NpgsqlDbType.Uuid));
        if (proof.Browser is { } browser)
        {
            yield return new(
                """
                with q as (select ?::bytea as address, ?::bytea as browser, ?::timestamptz as at, ?::int as most),
                gone as (
                    delete from parle.sign_in_browsers b using q where b.address = q.address and b.browser <> q.browser and b.browser not in (
                        select k.browser from parle.sign_in_browsers k, q where k.address = q.address and k.seen_at > q.at - interval '400 days' order by k.seen_at desc limit (select most - 1 from q)))
                insert into parle.sign_in_browsers (address, browser, seen_at) select address, browser, at from q
                on conflict (address, browser) do update set seen_at = excluded.seen_at
                """,
                (proof.Identity.Hash, NpgsqlDbType.Bytea), (browser, NpgsqlDbType.Bytea), (clock.GetUtcNow(), NpgsqlDbType.TimestampTz),
                (MaxBrowsers, NpgsqlDbType.Integer));
        }
    }

    private static Refusal NoAddress => Refusals.ValidationFailed.Because("email must be an e-mail address in ASCII.");

    // Guesses of one kind use up the tries of that kind, of all codes that they were compared with.
    private SqlOperation WrongTry(Identity identity, Origin origin) => new(
        """
        with q as (select ?::bytea[] as address, ?::bytea[] as browser, ?::bytea[] as network, ?::timestamptz as at)
        update parle.sign_in_codes c set
            browser_tries = greatest(0, browser_tries - case when c.browser = any(q.browser) then 1 else 0 end),
            network_tries = greatest(0, network_tries - case when c.browser <> all(q.browser) and c.network = any(q.network) then 1 else 0 end),
            other_tries = greatest(0, other_tries - case when c.browser <> all(q.browser) and c.network <> all(q.network) then 1 else 0 end)
        from q where c.address = any(q.address) and c.expires_at > q.at
        """,
        (identity.AllHashes, NpgsqlDbType.Array | NpgsqlDbType.Bytea), (origin.Browsers, NpgsqlDbType.Array | NpgsqlDbType.Bytea),
        (origin.Networks, NpgsqlDbType.Array | NpgsqlDbType.Bytea), (clock.GetUtcNow(), NpgsqlDbType.TimestampTz));

    private Task<bool> IsKnown(Identity identity, Origin origin, CancellationToken cancellation) => Exists(
        "select exists (select from parle.sign_in_browsers where address = any($1) and browser = any($2) and seen_at > $3::timestamptz - "
        + "interval '400 days')", identity, origin, cancellation);

    private Task<bool> AskedForOne(Identity identity, Origin origin, CancellationToken cancellation) => Exists(
        "select exists (select from parle.sign_in_codes where address = any($1) and browser = any($2) and expires_at > $3 and "
        + "browser_tries > 0)", identity, origin, cancellation);

    private async Task<bool> Exists(string sql, Identity identity, Origin origin, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = identity.AllHashes, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        command.Parameters.Add(new() { Value = origin.Browsers, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        command.Parameters.Add(new() { Value = clock.GetUtcNow() });
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    // What is too old goes with the next code that is sent; a few at a time, and nothing that somebody uses right now.
    private async Task Keep(Identity identity, Origin origin, string code, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var command = database.CreateCommand("""
            with old as (
                delete from parle.sign_in_codes where code_id in (
                    select code_id from parle.sign_in_codes where expires_at < $6 order by expires_at limit 20 for update skip locked))
            insert into parle.sign_in_codes (code_id, address, code, browser, network, expires_at, browser_tries, network_tries, other_tries) values ($1, $2, $3, $4, $5, $7, $8, $9, $10)
            """);
        command.Parameters.Add(new() { Value = Guid.CreateVersion7(now) });
        command.Parameters.Add(new() { Value = identity.Hash });
        command.Parameters.Add(new() { Value = key.HashOfCode(identity.Hash, code) });
        command.Parameters.Add(new() { Value = origin.Browser });
        // A browser that sends its cookie needs no other mark.
        command.Parameters.Add(
            new() { Value = origin.KeepsCookies ? RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes) : origin.Networks[0] });
        command.Parameters.Add(new() { Value = now });
        command.Parameters.Add(new() { Value = now + Life });
        command.Parameters.Add(new() { Value = MaxWrongTries });
        command.Parameters.Add(new() { Value = MaxWrongTriesOfNetwork });
        command.Parameters.Add(new() { Value = MaxWrongTriesOfOthers });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<IReadOnlyList<KeptCode>> Find(
        IDocumentSession session, Identity identity, Origin origin, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            select code_id, code, used_as, used_for, session_id,
                case when browser = any($3) then browser_tries when network = any($4) then network_tries else other_tries end > 0
            from parle.sign_in_codes where address = any($1) and expires_at > $2 order by code_id for update
            """)
        {
            Parameters =
            {
                new() { Value = identity.AllHashes, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
                new() { Value = clock.GetUtcNow() },
                new() { Value = origin.Browsers, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
                new() { Value = origin.Networks, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
            },
        };
        var found = new List<KeptCode>();
        await using var rows = await session.ExecuteReaderAsync(command, cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            found.Add(new(rows.GetGuid(0), rows.GetFieldValue<byte[]>(1), Bytes(rows, 2), Bytes(rows, 3),
                rows.IsDBNull(4) ? null : rows.GetGuid(4), rows.GetBoolean(5)));
        }

        return found;
    }

    private static byte[]? Bytes(System.Data.Common.DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);

    private sealed record KeptCode(Guid ID, byte[] Hash, byte[]? UsedAs, byte[]? UsedFor, Guid? SessionID, bool HasTries);
}

/// <summary>Where a person signs in from, under keyed hashes: a browser, by a cookie that grants nothing, and a network.</summary>
/// <param name="Networks">The network, under each server key.</param>
/// <param name="Browsers">The browser, likewise.</param>
/// <param name="Network">The network as bounds tell it apart.</param>
/// <param name="KeepsCookies">Whether the browser sent its cookie; otherwise it gets a fresh one.</param>
internal sealed record Origin(byte[][] Networks, byte[][] Browsers, Network Network, bool KeepsCookies)
{
    private Secret Cookie { get; init; }

    /// <summary>The browser.</summary>
    public byte[] Browser => Browsers[0];

    /// <summary>The browser, if it sent its cookie.</summary>
    public byte[]? Presented => KeepsCookies ? Browser : null;

    /// <summary>Where a request comes from.</summary>
    public static Origin Of(HttpContext context, ServerKey key)
    {
        var sent = Secret.Read(context.Request.Cookies[SessionCookie.BrowserName], Secret.BrowserPrefix);
        var (cookie, network) = (sent ?? Secret.Mint(Secret.BrowserPrefix), Bounds.Network.Of(context));
        return new(
            [.. key.All.Select(one => one.HashOfOrigin($"network\n{network.Own}"))],
            [.. key.All.Select(one => one.HashOfOrigin($"browser\n{cookie.Reveal()}"))], network, sent is not null)
        { Cookie = cookie };
    }

    /// <summary>Gives the browser its cookie, if it has none.</summary>
    public void HandOver(HttpContext context)
    {
        if (!KeepsCookies)
        {
            SessionCookie.SetBrowser(context, Cookie);
        }
    }
}

/// <summary>Somebody reads the mail of an address.</summary>
/// <param name="Identity">The address.</param>
/// <param name="RepeatedFor">The session that the code started, when the same request came before; null the first time.</param>
/// <param name="CodeID">The code that proves it.</param>
/// <param name="Browser">The browser that it comes from, if it keeps its cookie.</param>
public sealed record EmailProof(Identity Identity, Guid? RepeatedFor, Guid CodeID, byte[]? Browser);

/// <summary>One use of a code. Sent again under the same name, it is answered the same as long as the code would have been valid.</summary>
/// <param name="Action">What is done.</param>
/// <param name="Key">The caller's name for it.</param>
/// <param name="Meaning">What it says beside address and code.</param>
public sealed record CodeUse(ParleAction Action, IdempotencyKey Key, params IReadOnlyList<string?> Meaning)
{
    internal byte[] Name(ServerKey key) => key.FingerprintOf($"{Action.Id}\n{Key.Text}");

    internal byte[] Fingerprint(ServerKey key) => key.FingerprintOf(System.Text.Json.JsonSerializer.Serialize(Meaning, WireJson.Options));

    internal bool IsNamed(byte[] name, ServerKey key) => key.All.Any(one => CryptographicOperations.FixedTimeEquals(name, Name(one)));

    internal bool Means(byte[] fingerprint, ServerKey key) =>
        key.All.Any(one => CryptographicOperations.FixedTimeEquals(fingerprint, Fingerprint(one)));
}
