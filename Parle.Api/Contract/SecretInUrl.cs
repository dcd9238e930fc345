using Microsoft.AspNetCore.Http.Features;
using Parle.Api.Callers;
using Parle.Api.Wire;
using Parle.Domain;

namespace Parle.Api.Contract;

/// <summary>
/// Refuses requests with a secret in their URL. URLs are kept in histories and logs, ours and those of proxies, so such a secret must count
/// as known. Here it is removed before any of our logs can contain it.
/// </summary>
/// <param name="inner">Makes the contexts of requests, as always.</param>
public sealed class SecretInUrl(DefaultHttpContextFactory inner) : IHttpContextFactory
{
    private static readonly Refusal Refusal = Refusals.MalformedRequest.Because(
        "There is a secret in its address, where it may have been logged on the way: revoke it, get a new one, and send that in the header "
        + "or body it belongs in.");

    /// <inheritdoc/>
    public HttpContext Create(IFeatureCollection featureCollection)
    {
        if (featureCollection.Get<IHttpRequestFeature>() is { } request && IsIn(request))
        {
            (request.PathBase, request.Path, request.QueryString, request.RawTarget) = ("", "/", "", "/");
            featureCollection.Set(new Found());
        }

        return inner.Create(featureCollection);
    }

    /// <inheritdoc/>
    public void Dispose(HttpContext httpContext) => inner.Dispose(httpContext);

    /// <summary>Refuses a request that had one. Comes before every middleware that reads the URL.</summary>
    public static Task Middleware(HttpContext context, RequestDelegate next) =>
        context.Features.Get<Found>() is null ? next(context) : ErrorEnvelope.Write(context, Refusal);

    // Both the raw and the decoded form, since an underscore can be escaped.
    private static bool IsIn(IHttpRequestFeature request) =>
        Secret.IsIn(request.PathBase + request.Path) || Secret.IsIn(request.RawTarget) || Secret.IsIn(request.QueryString)
        || (request.QueryString.Contains('%', StringComparison.Ordinal) && Secret.IsIn(Uri.UnescapeDataString(request.QueryString)));

    private sealed class Found;
}
