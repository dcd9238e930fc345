using System.Globalization;
using System.Security.Cryptography;
using Marten;
using Npgsql;
using NpgsqlTypes;
using Parle.Api.Aliases;
using Parle.Api.Contract;
using Parle.Api.Mail;
using Parle.Domain;
using Parle.Domain.Names;
using Parle.Projections;

namespace Parle.Api.Accounts;

/// <summary>
/// Codes that prove who reads the mail of an address. One code does for becoming known and for signing in alike, so asking for
/// one never looks at who is known: there is nothing to be told apart by answers or their times.
/// </summary>
public sealed class EmailCodes(NpgsqlDataSource database, ServerKey key, TimeProvider clock, CodeLimits limits, Outbox outbox)
{
    /// <summary>How long a code is valid.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <summary>After so many wrong tries a code is dead.</summary>
    public const int MaxWrongTries = 5;

    /// <summary>Digits of a code.</summary>
    public const int Digits = 8;

    /// <summary>Sends a code to an address; the one before is void. Why not, if not.</summary>
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

        if (limits.Start(context) is { } refusal)
        {
            return refusal;
        }

        using var place = outbox.Codes.Reserve(); // Before the code is kept: one that cannot be sent must not take the place of one that was.
        if (place is null)
        {
            return Refusals.ServiceUnavailable;
        }

        var identity = Identity.Of(address, key);
        if (limits.IsSilenced(identity))
        {
            return null;
        }

        var code = RandomNumberGenerator.GetInt32(100_000_000).ToString("D8", CultureInfo.InvariantCulture);
        await Keep(identity, code, context.RequestAborted);
        return place.Send(address, "Your code for Parle", $"""
            Your code is {code}

            It is valid for {Life.TotalMinutes:0} minutes, once. Whoever has it can act as you: enter it only where you asked for it, and give it to nobody.
            If you did not ask for a code, you need not do anything.
            """) ? null : Refusals.ServiceUnavailable;
    }

    /// <summary>Finds out whether a code proves an address. Those who try the same address take turns, on all nodes, until their unit of work is over.</summary>
    /// <remarks>Each wrong try does the same work, whether there is such a code, address or person, or not.</remarks>
    /// <param name="session">The unit of work; who called this saves it.</param>
    /// <param name="email">The address as typed.</param>
    /// <param name="code">The code as typed.</param>
    /// <param name="use">What the code is used for.</param>
    /// <param name="context">The request.</param>
    public async Task<(EmailProof? Proof, Refusal? Refusal)> Prove(IDocumentSession session, string? email, string? code, CodeUse use, HttpContext context)
    {
        if (EmailAddress.Parse(email) is not { } address)
        {
            return (null, NoAddress);
        }

        if (code is not { Length: > 0 and <= 64 })
        {
            return (null, Refusals.ValidationFailed.Because($"code must be the {Digits} digits that were sent."));
        }

        var identity = Identity.Of(address, key);
        if (limits.Guess(context, identity) is { } refusal)
        {
            return (null, refusal);
        }

        await session.TakeTurn(identity.Turn, context, context.RequestAborted);
        var kept = await Find(session, identity, context.RequestAborted);
        var presented = key.HashOfCode(identity.Hash, code.Trim());
        var isRight = CryptographicOperations.FixedTimeEquals(kept.Hash, presented);
        var isRepeated = kept.UsedAs is not null && CryptographicOperations.FixedTimeEquals(kept.UsedAs, use.Name(key));
        if (!isRight || (kept.UsedAs is not null && !isRepeated))
        {
            session.QueueOperation(new SqlOperation(
                "update parle.email_codes set tries_left = tries_left - 1 where address = ? and tries_left > 0", (identity.Hash, NpgsqlDbType.Bytea)));
            return (null, Refusals.InvalidCode);
        }

        return isRepeated && !CryptographicOperations.FixedTimeEquals(kept.UsedFor!, use.Fingerprint(key))
            ? (null, Refusals.IdempotencyConflict)
            : (new(identity, isRepeated ? kept.SessionID : null, presented), null);
    }

    /// <summary>The code was used, to start <paramref name="sessionID"/>; only the same request, repeated, can use it again.</summary>
    public SqlOperation Spend(EmailProof proof, CodeUse use, Guid sessionID) => new(
        "update parle.email_codes set used_as = ?, used_for = ?, session_id = ? where address = ? and code = ?",
        (use.Name(key), NpgsqlDbType.Bytea), (use.Fingerprint(key), NpgsqlDbType.Bytea), (sessionID, NpgsqlDbType.Uuid), (proof.Identity.Hash, NpgsqlDbType.Bytea), (proof.Code, NpgsqlDbType.Bytea));

    private static Refusal NoAddress => Refusals.ValidationFailed.Because("email must be an e-mail address in ASCII.");

    // What is too old goes with the next code that is sent; a few at a time, and nothing that somebody uses right now.
    private async Task Keep(Identity identity, string code, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var command = database.CreateCommand("""
            with old as (
                delete from parle.email_codes where address in (
                    select address from parle.email_codes where expires_at < $4 and address <> $1 order by expires_at limit 20 for update skip locked))
            insert into parle.email_codes (address, code, expires_at, tries_left) values ($1, $2, $3, $5)
            on conflict (address) do update
            set code = excluded.code, expires_at = excluded.expires_at, tries_left = excluded.tries_left, used_as = null, used_for = null, session_id = null
            """);
        command.Parameters.Add(new() { Value = identity.Hash });
        command.Parameters.Add(new() { Value = key.HashOfCode(identity.Hash, code) });
        command.Parameters.Add(new() { Value = now + Life });
        command.Parameters.Add(new() { Value = now });
        command.Parameters.Add(new() { Value = MaxWrongTries });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<KeptCode> Find(IDocumentSession session, Identity identity, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select code, used_as, used_for, session_id from parle.email_codes where address = $1 and tries_left > 0 and expires_at > $2 for update")
        {
            Parameters = { new() { Value = identity.Hash }, new() { Value = clock.GetUtcNow() } },
        };
        await using var rows = await session.ExecuteReaderAsync(command, cancellation);
        return await rows.ReadAsync(cancellation)
            ? new(rows.GetFieldValue<byte[]>(0), Bytes(rows, 1), Bytes(rows, 2), rows.IsDBNull(3) ? null : rows.GetGuid(3))
            : KeptCode.None;
    }

    private static byte[]? Bytes(System.Data.Common.DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);

    private sealed record KeptCode(byte[] Hash, byte[]? UsedAs, byte[]? UsedFor, Guid? SessionID)
    {
        /// <summary>No code has this hash.</summary>
        public static KeptCode None { get; } = new(new byte[SHA256.HashSizeInBytes], null, null, null);
    }
}

/// <summary>Somebody reads the mail of an address.</summary>
/// <param name="Identity">The address.</param>
/// <param name="RepeatedFor">The session that the code started, when the same request came before; null the first time.</param>
/// <param name="Code">Under what the code is kept.</param>
public sealed record EmailProof(Identity Identity, Guid? RepeatedFor, byte[] Code);

/// <summary>One use of a code. Sent again under the same name, it is answered the same as long as the code would have been valid.</summary>
/// <param name="Action">What is done.</param>
/// <param name="Key">The caller's name for it.</param>
/// <param name="Meaning">What it says beside address and code.</param>
public sealed record CodeUse(ParleAction Action, IdempotencyKey Key, params IReadOnlyList<string?> Meaning)
{
    internal byte[] Name(ServerKey key) => key.FingerprintOf($"{Action.Id}\n{Key.Text}");

    internal byte[] Fingerprint(ServerKey key) => key.FingerprintOf(System.Text.Json.JsonSerializer.Serialize(Meaning, WireJson.Options));
}
