using System.ComponentModel;
using Marten;
using Parle.Api.Callers;
using Parle.Api.Database;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Domain;
using Parle.Domain.Principals;

namespace Parle.Api.Accounts;

/// <summary>Makes somebody known whom its organisation vouches for.</summary>
/// <param name="Handle">How to be addressed.</param>
/// <param name="DisplayName">How to be shown.</param>
public sealed record OnboardOidcRequest(
    [property: Description(
        "How others address you: 2 to 20 characters of a-z and 0-9, in groups joined by single hyphens. Unique in the service.")]
    string? Handle,
    [property: Description("How you are shown, 1 to 100 characters. Absent: the handle."), MayBeAbsent] string? DisplayName = null)
{
    /// <summary>A request that is accepted.</summary>
    public static OnboardOidcRequest Example { get; } = new("alice", "Alice");
}

/// <summary>Registers the principal of an organisation's token. From then on the token itself gives the rights of a session.</summary>
public static class OnboardOidcEndpoint
{
    /// <summary>A retry with the same handle gets the same answer: the identity is its idempotency key.</summary>
    [Serves(typeof(AccountActions), nameof(AccountActions.OnboardOidc))]
    public static async Task<IResult> Onboard(
        OnboardOidcRequest body, PresentedIdentity presented, TimeProvider clock, IDocumentSession session, PrincipalLocks locks,
        Correlation correlation, CancellationToken cancellation)
    {
        var (identity, refusal) = await presented.Read();
        if (identity is null)
        {
            return new RefusalResult(refusal!);
        }

        var registered = new RegisterPrincipal(body.Handle ?? "", body.DisplayName).Decide();
        if (registered.Refusal is { } wrong)
        {
            return new RefusalResult(wrong);
        }

        await session.Lock(identity, locks, cancellation);
        if (await session.WhoIs(identity, cancellation) is { } person)
        {
            return person.Handle == body.Handle ? Known(person.Handle, person.DisplayName)
                : new RefusalResult(Refusals.AlreadyOnboarded("You are known already, under another handle: use this token as it is."));
        }

        if (await session.IsTaken(body.Handle!, cancellation))
        {
            return new RefusalResult(Refusals.HandleUnavailable);
        }

        var now = clock.GetUtcNow();
        var principalID = Guid.CreateVersion7(now);
        session.Onboard(principalID, registered, identity, now, SignIn.By(identity, principalID, null, correlation.ID));
        return Known(body.Handle!, body.DisplayName ?? body.Handle!);
    }

    private static IResult Known(string handle, string displayName) =>
        Results.Json(Onboarded.Of(handle, displayName), WireJson.Options, statusCode: StatusCodes.Status201Created);
}
