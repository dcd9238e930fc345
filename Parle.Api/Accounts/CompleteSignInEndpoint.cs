using System.ComponentModel;
using Marten;
using Parle.Api.Callers;
using Parle.Api.Database;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Domain;

namespace Parle.Api.Accounts;

/// <summary>Signs somebody in who reads the mail of an address.</summary>
/// <param name="Email">The address.</param>
/// <param name="Code">The code that was sent there.</param>
public sealed record EmailCodeRequest(
    [property: Description("The address that the code was sent to.")] string? Email,
    [property: Description("The eight digits that were sent.")] string? Code)
{
    /// <summary>A request that is accepted.</summary>
    public static EmailCodeRequest Example { get; } = new(EmailRequest.Example.Email, "20260817");
}

/// <summary>Somebody is signed in now.</summary>
/// <param name="Status">Always <c>authenticated</c>.</param>
/// <param name="PrincipalHandle">Who.</param>
/// <param name="DisplayName">How it is shown.</param>
public sealed record Authenticated(string Status, string PrincipalHandle, string DisplayName)
{
    /// <summary>An answer as it is sent.</summary>
    public static Authenticated Example { get; } = new("authenticated", "alice", "Alice");
}

/// <summary>Signs a registered person in.</summary>
public static class CompleteSignInEndpoint
{
    /// <summary>A stranger with a right code is told to register, and keeps the code for that.</summary>
    [Serves(typeof(AccountActions), nameof(AccountActions.CompleteSignIn))]
    public static async Task<IResult> Complete(
        EmailCodeRequest body, IdempotencyKey name, EmailCodes codes, MintedSecrets secrets, TimeProvider clock, IDocumentSession session,
        Origin origin, PrincipalLocks locks, Correlation correlation, CancellationToken cancellation)
    {
        var use = new CodeUse(AccountActions.CompleteSignIn, name);
        var (proof, refusal) = await codes.Prove(session, body.Email, body.Code, use, origin, locks, cancellation);
        if (proof is null)
        {
            return new RefusalResult(refusal!);
        }

        if (proof.RepeatedFor is { } repeated)
        {
            return await session.WhoIsIn(repeated, cancellation) is { } again
                && await secrets.Find(session, CredentialKind.PersonSession.Prefix, repeated, cancellation) is { } handedOver
                ? SignedIn(again, handedOver)
                : new RefusalResult(Refusals.InvalidCode);
        }

        if (await session.WhoIs(proof.Identity, cancellation) is not { } person)
        {
            return new RefusalResult(
                Refusals.NotOnboarded($"Become known: send the same code to {AccountActions.CompleteOnboarding.Path}, with a handle."));
        }

        var now = clock.GetUtcNow();
        var sessionID = Guid.CreateVersion7(now);
        var attribution = SignIn.By(proof.Identity, person.PrincipalID, sessionID, correlation.ID, person.Operators);
        var secret = session.StartSession(sessionID, person.PrincipalID, secrets, now, attribution);
        await session.Rekey(proof.Identity, person.PrincipalID, now, attribution, cancellation);
        session.QueueOperations(codes.Spend(proof, use, sessionID));
        return SignedIn(person, secret);
    }

    private static SignInAnswer SignedIn(KnownPerson person, Secret secret) =>
        new(secret, new Authenticated("authenticated", person.Handle, person.DisplayName));
}
