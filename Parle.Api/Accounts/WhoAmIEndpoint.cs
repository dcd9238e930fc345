using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Wire;

namespace Parle.Api.Accounts;

/// <summary>As whom somebody is signed in.</summary>
/// <param name="Authenticated">True: nobody else gets this answer.</param>
/// <param name="Assurance">How well the account is guarded: <c>unhardened</c>, since there is no second factor.</param>
/// <param name="PrincipalID">The person or organisation.</param>
/// <param name="PrincipalHandle">Its handle.</param>
/// <param name="DisplayName">How it is shown.</param>
public sealed record SignedIn(bool Authenticated, string Assurance, Guid PrincipalID, string PrincipalHandle, string DisplayName)
{
    /// <summary>An answer as it is sent.</summary>
    public static SignedIn Example { get; } = new(true, "unhardened", new("019a7c1d-0a11-7c3b-8c45-2d7f9b3e5a01"), "alice", "Alice");
}

/// <summary>Tells a person its identity.</summary>
public static class WhoAmIEndpoint
{
    /// <summary>Answers from the session alone.</summary>
    [Serves(typeof(AccountActions), nameof(AccountActions.WhoAmI))]
    public static IResult Read(Person person) =>
        Results.Json(new SignedIn(true, "unhardened", person.PrincipalID, person.Handle, person.DisplayName), WireJson.Options);
}
