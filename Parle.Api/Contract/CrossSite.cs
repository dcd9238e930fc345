using Microsoft.Net.Http.Headers;

namespace Parle.Api.Contract;

/// <summary>
/// Recognises requests that a page of another site made a browser send. A client that is no browser sends none of these headers.
/// </summary>
/// <remarks>Schemes are not compared: behind a proxy that ends TLS the service does not know its own.</remarks>
public static class CrossSite
{
    /// <summary>Whether it is such a request (Fetch Metadata, W3C; Origin, RFC 6454 §7).</summary>
    public static bool Matches(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"] is { Count: > 0 } sites ? !sites.All(site => site is "same-origin" or "none")
        : !request.Headers[HeaderNames.Origin].All(origin => IsOwn(origin, request.Host));

    private static bool IsOwn(string? origin, HostString own) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Scheme is "http" or "https"
        && from.Host.Equals(own.Host, StringComparison.OrdinalIgnoreCase)
        && (own.Port is { } port ? port == from.Port : from.IsDefaultPort);
}
