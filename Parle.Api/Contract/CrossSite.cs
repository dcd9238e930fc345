using Microsoft.Net.Http.Headers;

namespace Parle.Api.Contract;

/// <summary>Tells requests that a page of another site made a browser send from all others; who is no browser sends none of these headers.</summary>
public static class CrossSite
{
    /// <summary>Whether it is such a request (Fetch Metadata, W3C; Origin, RFC 6454 §7).</summary>
    public static bool Sent(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"] is [{ } site] ? site is not ("same-origin" or "none")
        : request.Headers[HeaderNames.Origin] is [{ } origin, ..] && !(Uri.TryCreate(origin, UriKind.Absolute, out var from)
            && HostString.FromUriComponent(from) is var host && host.ToString().Equals(request.Host.ToString(), StringComparison.OrdinalIgnoreCase));
}
