using System.ComponentModel;
using Parle.Api.Registry;
using Parle.Api.Wire;

namespace Parle.Api.Accounts;

/// <summary>Asks for a code.</summary>
/// <param name="Email">Where to.</param>
public sealed record EmailRequest([property: Description("Your e-mail address.")] string? Email)
{
    /// <summary>A request that is accepted.</summary>
    public static EmailRequest Example { get; } = new("alice@example.org");
}

/// <summary>A code is on its way, if the address is somebody's.</summary>
/// <param name="Status">Always <c>accepted</c>.</param>
/// <param name="Guidance">What to do next.</param>
public sealed record CodeRequested(string Status, string Guidance)
{
    /// <summary>The one answer.</summary>
    public static CodeRequested Answer { get; } = new(
        "accepted", "Look into your mail for a code. It is valid for ten minutes, once. If none comes, wait a few minutes and ask again.");
}

/// <summary>Sends codes to people who want to register or to sign in.</summary>
public static class StartByEmailEndpoints
{
    /// <summary>For registration.</summary>
    [Serves(typeof(AccountActions), nameof(AccountActions.StartOnboarding))]
    public static Task<IResult> StartOnboarding(EmailRequest body, EmailCodes codes, Origin origin, CancellationToken cancellation) =>
        Start(body, codes, origin, cancellation);

    /// <summary>For signing in.</summary>
    [Serves(typeof(AccountActions), nameof(AccountActions.StartSignIn))]
    public static Task<IResult> StartSignIn(EmailRequest body, EmailCodes codes, Origin origin, CancellationToken cancellation) =>
        Start(body, codes, origin, cancellation);

    private static async Task<IResult> Start(EmailRequest body, EmailCodes codes, Origin origin, CancellationToken cancellation) =>
        await codes.Send(body.Email, origin, cancellation) is { } refusal
            ? new RefusalResult(refusal)
            : new WithCookie(
                origin.FreshCookie is { } cookie ? SessionCookie.OfBrowser(cookie) : null,
                Results.Json(CodeRequested.Answer, WireJson.Options, statusCode: StatusCodes.Status202Accepted));
}
