using System.ComponentModel;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Domain;

namespace Parle.Api.Accounts;

/// <summary>A second factor.</summary>
/// <param name="Factor">Which.</param>
/// <param name="Code">Its code.</param>
public sealed record FactorRequest(
    [property: Description("The factor: totp.")] string? Factor, [property: Description("The factor's code.")] string? Code)
{
    /// <summary>A request.</summary>
    public static FactorRequest Example { get; } = new("totp", "123456");
}

/// <summary>Takes the second factor of a login. No account has a second factor, so no login waits for one.</summary>
public static class CompleteLoginEndpoint
{
    private static readonly Refusal NothingWaits = Refusals.Unauthenticated with
    {
        Message = "No login of yours waits for a second factor.",
        Reason = "no_pending_login",
        Unlock = $"Start again: {AccountActions.StartSignIn.Path}.",
    };

    /// <summary>Refuses, and makes the client forget its login.</summary>
    [Serves(typeof(AccountActions), nameof(AccountActions.CompleteLogin))]
    public static IResult Complete(FactorRequest body) =>
        new WithCookie(SessionCookie.Forgotten(SessionCookie.LoginName), new RefusalResult(NothingWaits));
}
