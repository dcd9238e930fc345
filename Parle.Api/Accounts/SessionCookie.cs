using Microsoft.Net.Http.Headers;
using Parle.Api.Callers;
using Parle.Api.Wire;

namespace Parle.Api.Accounts;

/// <summary>The cookies of people, with the names of the contract.</summary>
internal static class SessionCookie
{
    /// <summary>The cookie of a login that waits for a second factor. No browser has one, since there are no second factors.</summary>
    public const string LoginName = "__Host-parle_login";

    private const int BrowserLife = 400 * 24 * 60 * 60; // The longest that browsers keep a cookie.

    private const string Attributes = "; Path=/; Secure; HttpOnly; SameSite=Lax";

    /// <summary>The session's cookie.</summary>
    public static string OfSession(Secret secret) => $"{CredentialKind.PersonSession.Name}={secret.Reveal()}{Attributes}";

    /// <summary>The browser's cookie.</summary>
    public static string OfBrowser(Secret secret) => $"{CredentialKind.Browser.Name}={secret.Reveal()}{Attributes}; Max-Age={BrowserLife}";

    /// <summary>Deletes a cookie of the client.</summary>
    public static string Forgotten(string name) => $"{name}={Attributes}; Max-Age=0";
}

/// <summary>An answer with a cookie.</summary>
/// <param name="Cookie">The cookie, as the value of its header; null for none.</param>
/// <param name="Answer">The answer.</param>
internal sealed record WithCookie(string? Cookie, IResult Answer) : IResult
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (Cookie is { } cookie)
        {
            // Set when the head is sent, since a refusal clears the headers that were set before it.
            httpContext.Response.OnStarting(() =>
            {
                httpContext.Response.Headers.Append(HeaderNames.SetCookie, cookie);
                return Task.CompletedTask;
            });
        }

        return Answer.ExecuteAsync(httpContext);
    }

    /// <inheritdoc/>
    public override string ToString() => "(an answer with a cookie)"; // A cookie may be a secret.
}

/// <summary>An answer that hands out a person's session. Nothing else shows its secret.</summary>
/// <param name="Secret">The session's secret.</param>
/// <param name="Body">The answer's body.</param>
internal sealed record SignInAnswer(Secret Secret, object Body) : IResult
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext) => new WithCookie(
        SessionCookie.OfSession(Secret), Results.Json(Body, WireJson.Options, statusCode: StatusCodes.Status201Created))
        .ExecuteAsync(httpContext);
}
