using System.ComponentModel;
using System.Text.Json.Serialization;
using Marten;
using Parle.Api.Callers;
using Parle.Api.Database;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Domain;
using Parle.Domain.Principals;

namespace Parle.Api.Accounts;

/// <summary>Makes somebody known who reads the mail of an address.</summary>
/// <param name="Email">The address.</param>
/// <param name="Code">The code that was sent there.</param>
/// <param name="Handle">How to be addressed.</param>
/// <param name="DisplayName">How to be shown.</param>
public sealed record OnboardRequest(
    [property: Description("The address that the code was sent to.")] string? Email,
    [property: Description("The eight digits that were sent.")] string? Code,
    [property: Description(
        "How others address you: 2 to 20 characters of a-z and 0-9, in groups joined by single hyphens. Unique in the service.")]
    string? Handle,
    [property: Description("How you are shown, 1 to 100 characters. Absent: the handle."), MayBeAbsent] string? DisplayName = null)
{
    /// <summary>A request that is accepted.</summary>
    public static OnboardRequest Example { get; } = new(EmailRequest.Example.Email, "20260817", "alice", "Alice");
}

/// <summary>Somebody is known now.</summary>
/// <param name="Status">Always <c>onboarded</c>.</param>
/// <param name="PrincipalHandle">How it is addressed.</param>
/// <param name="DisplayName">How it is shown.</param>
/// <param name="Setup">Always null: nothing is left to set up.</param>
public sealed record Onboarded(
    string Status, string PrincipalHandle, string DisplayName,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never), Shape(ShapeAttribute.AnyObjectOrNull)] object? Setup)
{
    /// <summary>An answer as it is sent.</summary>
    public static Onboarded Example { get; } = new("onboarded", "alice", "Alice", null);

    internal static Onboarded Of(string handle, string displayName) => new("onboarded", handle, displayName, null);
}

/// <summary>Registers a person, and signs it in.</summary>
public static class CompleteOnboardingEndpoint
{
    /// <summary>Principal, identity and session are one transaction. A refused request leaves its code unused, even a right one.</summary>
    [Serves(typeof(AccountActions), nameof(AccountActions.CompleteOnboarding))]
    public static async Task<IResult> Complete(
        OnboardRequest body, IdempotencyKey name, EmailCodes codes, MintedSecrets secrets, TimeProvider clock, IDocumentSession session,
        Origin origin, PrincipalLocks locks, Correlation correlation, CancellationToken cancellation)
    {
        var registered = new RegisterPrincipal(body.Handle ?? "", body.DisplayName).Decide();
        if (registered.Refusal is { } wrong)
        {
            return new RefusalResult(wrong);
        }

        var use = new CodeUse(AccountActions.CompleteOnboarding, name, body.Handle, body.DisplayName ?? body.Handle);
        var (proof, refusal) = await codes.Prove(session, body.Email, body.Code, use, origin, locks, cancellation);
        if (proof is null)
        {
            return new RefusalResult(refusal!);
        }

        if (proof.RepeatedFor is { } repeated)
        {
            return await session.WhoIsIn(repeated, cancellation) is { } again
                && await secrets.Find(session, CredentialKind.PersonSession.Prefix, repeated, cancellation) is { } handedOver
                ? new SignInAnswer(handedOver, Onboarded.Of(again.Handle, again.DisplayName))
                : new RefusalResult(Refusals.InvalidCode);
        }

        if (await session.WhoIs(proof.Identity, cancellation) is not null)
        {
            return new RefusalResult(Refusals.AlreadyOnboarded($"Sign in: send the same code to {AccountActions.CompleteSignIn.Path}."));
        }

        if (await session.IsTaken(body.Handle!, cancellation))
        {
            return new RefusalResult(Refusals.HandleUnavailable.Because("The same code is good for another one."));
        }

        var now = clock.GetUtcNow();
        var (principalID, sessionID) = (Guid.CreateVersion7(now), Guid.CreateVersion7(now));
        var attribution = SignIn.By(proof.Identity, principalID, sessionID, correlation.ID);
        session.Onboard(principalID, registered, proof.Identity, now, attribution);
        var secret = session.StartSession(sessionID, principalID, secrets, now, attribution);
        session.QueueOperations(codes.Spend(proof, use, sessionID));
        return new SignInAnswer(secret, Onboarded.Of(body.Handle!, body.DisplayName ?? body.Handle!));
    }
}
