using Microsoft.Net.Http.Headers;
using Parle.Api.Callers;
using Parle.Api.Wire;

namespace Parle.Api.Accounts;

/// <summary>The cookie of a person's session, in the contract's own spelling.</summary>
internal static class SessionCookie
{
    /// <summary>The cookie of a login that waits for a second factor. Nobody has one, since there are no factors.</summary>
    public const string LoginName = "__Host-parle_login";

    /// <summary>The cookie by which codes are counted of a browser, apart from those that strangers ask for. It grants nothing.</summary>
    public const string BrowserName = "__Host-parle_browser";

    private const int BrowserLife = 400 * 24 * 60 * 60; // The longest that browsers keep one.

    private const string Attributes = "; Path=/; Secure; HttpOnly; SameSite=Lax";

    /// <summary>Hands a session over, with the answer.</summary>
    public static void Set(HttpContext context, Secret secret) => Send(context, $"{PersonLookup.CookieName}={secret.Reveal()}{Attributes}");

    /// <summary>Lets a browser be told apart from others that ask for codes.</summary>
    public static void SetBrowser(HttpContext context, Secret secret) =>
        Send(context, $"{BrowserName}={secret.Reveal()}{Attributes}; Max-Age={BrowserLife}");

    /// <summary>Makes the client forget a cookie.</summary>
    public static void Clear(HttpContext context, string name) => Send(context, $"{name}={Attributes}; Max-Age=0");

    // With the head of the answer, whoever writes it: a refusal clears what was set before.
    private static void Send(HttpContext context, string cookie) => context.Response.OnStarting(() =>
    {
        context.Response.Headers.Append(HeaderNames.SetCookie, cookie);
        return Task.CompletedTask;
    });
}

/// <summary>An answer that hands a person's session over. Its secret is told to nobody else.</summary>
/// <param name="Secret">The session's secret.</param>
/// <param name="Body">The answer's body.</param>
internal sealed record LetIn(Secret Secret, object Body) : IResult
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        SessionCookie.Set(httpContext, Secret);
        return Results.Json(Body, WireJson.Options, statusCode: StatusCodes.Status201Created).ExecuteAsync(httpContext);
    }
}
