using System.Globalization;
using System.Security.Cryptography;
using Marten;
using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Database;
using Parle.Api.Mail;
using Parle.Domain;
using Parle.Domain.Names;
using Parle.Projections;
using Parle.Projections.Principals;

namespace Parle.Api.Accounts;

/// <summary>
/// Codes that prove that a person reads the mail of an address. The same code serves for registration and for signing in. So a request for
/// a code never looks up whether the address is known, and neither its answer nor its time can reveal it.
/// </summary>
/// <remarks>
/// Each request makes a code of its own, beside the codes of others. A wrong guess uses up attempts of one kind only: those of the browser
/// that requested the code, of its network (for a client without cookies), or of all others. So strangers cannot invalidate a person's
/// code, neither by requests nor by guesses.
/// </remarks>
public sealed class EmailCodes(NpgsqlDataSource database, ServerKey key, TimeProvider clock, CodeLimits limits, MailSender mail)
{
    /// <summary>The lifetime of a code.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <summary>The number of wrong attempts of its browser after which a code is invalid there.</summary>
    public const int MaxWrongTries = 5;

    /// <summary>
    /// The same for the network of a client without cookies. The number is higher, since others may be in the same network.
    /// </summary>
    public const int MaxWrongTriesOfNetwork = 10;

    /// <summary>The same for all others together.</summary>
    public const int MaxWrongTriesOfOthers = 3;

    /// <summary>Digits of a code.</summary>
    public const int Digits = 8;

    private const int MaxBrowsers = 20;

    /// <summary>Sends a code to an address, or returns a refusal. Both are the same whether the address is known or not.</summary>
    /// <param name="typed">The address as typed.</param>
    /// <param name="origin">The origin of the request. Its browser is to get its cookie with the answer.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<Refusal?> Send(string? typed, Origin origin, CancellationToken cancellation)
    {
        if (!mail.CanSend)
        {
            return Refusals.MailNotConfigured;
        }

        if (EmailAddress.Parse(typed) is not { } address)
        {
            return NoAddress;
        }

        var identity = Identity.Of(address, key);
        var isKnown = await SignInCodes.IsKnown(database, origin.For(identity), clock.GetUtcNow(), cancellation);
        if (!isKnown && limits.Start(origin.Network) is { } refusal)
        {
            return refusal;
        }

        using var place = mail.Codes.Reserve(); // Before the code is kept: one that cannot be sent must not count.
        if (place is null)
        {
            return Refusals.ServiceUnavailable;
        }

        if (limits.Mail(identity, origin.Network, isKnown ? origin.Browser : null) is { } tooMany)
        {
            return tooMany;
        }

        var code = RandomNumberGenerator.GetInt32(100_000_000).ToString("D8", CultureInfo.InvariantCulture);
        await Keep(identity, origin, code, cancellation);
        return place.Send(address, "Your code for Parle", $"""
            Your code is {code}

            It is valid for {Life.TotalMinutes:0} minutes, once. Whoever has it can act as you: enter it only where you asked for it, and give it to nobody.
            If you did not ask for a code, you need not do anything.
            """) ? null : Refusals.ServiceUnavailable;
    }

    /// <summary>
    /// Checks whether a code proves an address. Attempts for the same address are serialised on all nodes, each until its unit of work
    /// ends.
    /// </summary>
    /// <remarks>Each wrong attempt does the same work, whether the code, the address or the person exists or not.</remarks>
    /// <param name="session">The unit of work; the caller of this saves it.</param>
    /// <param name="email">The address as typed.</param>
    /// <param name="code">The code as typed.</param>
    /// <param name="use">The use of the code.</param>
    /// <param name="origin">The origin of the request.</param>
    /// <param name="locks">The locks of the request.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<(EmailProof? Proof, Refusal? Refusal)> Prove(
        IDocumentSession session, string? email, string? code, CodeUse use, Origin origin, PrincipalLocks locks,
        CancellationToken cancellation)
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
        // A browser that asked for a code has its tries, whatever others in its network do.
        if (limits.Guess(origin.Network, identity) is { } refusal
            && !await SignInCodes.HasRequestedCode(database, origin.For(identity), clock.GetUtcNow(), cancellation))
        {
            return (null, refusal);
        }

        await session.Lock(identity, locks, cancellation);
        var presented = key.All.Zip(identity.AllHashes, (one, hash) => one.HashOfCode(hash, code.Trim())).ToList();
        SignInCode? right = null;
        foreach (var kept in await SignInCodes.Find(session, origin.For(identity), clock.GetUtcNow(), cancellation))
        {
            var isRight = presented.Aggregate(false, (found, hash) => found | CryptographicOperations.FixedTimeEquals(kept.Hash, hash));
            if (isRight && kept.HasTries && (kept.UsedAs is null || use.IsNamed(kept.UsedAs, key)))
            {
                right = kept;
            }
        }

        if (right is null)
        {
            session.QueueOperation(SignInCodes.WrongTry(origin.For(identity), clock.GetUtcNow()));
            return (null, Refusals.InvalidCode);
        }

        return right.UsedAs is not null && !use.Means(right.UsedFor!, key)
            ? (null, Refusals.IdempotencyConflict)
            : (new(identity, right.UsedAs is null ? null : right.SessionID, right.CodeID, origin.Presented), null);
    }

    /// <summary>
    /// Marks the code as used to start <paramref name="sessionID"/>; only a retry of the same request can use it again. The browser is
    /// known from now on.
    /// </summary>
    public IEnumerable<SqlOperation> Spend(EmailProof proof, CodeUse use, Guid sessionID)
    {
        yield return SignInCodes.Spend(proof.CodeID, use.Name(key), use.Fingerprint(key), sessionID);
        if (proof.Browser is { } browser)
        {
            yield return SignInCodes.KnowBrowser(proof.Identity.Hash, browser, clock.GetUtcNow(), MaxBrowsers);
        }
    }

    private static Refusal NoAddress => Refusals.ValidationFailed.Because("email must be an e-mail address in ASCII.");

    private Task Keep(Identity identity, Origin origin, string code, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        // A browser that sends its cookie is found by that alone: a random hash is no network's.
        var network = origin.KeepsCookies ? RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes) : origin.Networks[0];
        return SignInCodes.Keep(
            database,
            new(Guid.CreateVersion7(now), identity.Hash, key.HashOfCode(identity.Hash, code), origin.Browser, network, now + Life,
                MaxWrongTries, MaxWrongTriesOfNetwork, MaxWrongTriesOfOthers),
            now, cancellation);
    }
}
