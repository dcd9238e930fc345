using Parle.Api.Bounds;
using Parle.Api.Callers;
using Parle.Api.Platform;
using Parle.Projections.Principals;

namespace Parle.Api.Accounts;

/// <summary>The origin of a sign-in, under keyed hashes: a browser, by a cookie that grants nothing, and a network.</summary>
/// <param name="Networks">The network, under each server key.</param>
/// <param name="Browsers">The browser, under each server key.</param>
/// <param name="Network">The network, for rate limits.</param>
/// <param name="KeepsCookies">Whether the browser sent its cookie; otherwise it gets a fresh one.</param>
[FromRequest]
public sealed record Origin(byte[][] Networks, byte[][] Browsers, Network Network, bool KeepsCookies)
{
    private Secret Cookie { get; init; }

    /// <summary>The browser.</summary>
    public byte[] Browser => Browsers[0];

    /// <summary>The browser, if it sent its cookie.</summary>
    public byte[]? Presented => KeepsCookies ? Browser : null;

    /// <summary>The cookie to give the browser; null when it has one.</summary>
    public Secret? FreshCookie => KeepsCookies ? null : Cookie;

    /// <summary>The origin of a request.</summary>
    /// <param name="context">The request.</param>
    public static Origin Of(HttpContext context)
    {
        var key = context.RequestServices.GetRequiredService<ServerKey>();
        var sent = CredentialKind.Browser.Of(context.Request);
        var (cookie, network) = (sent ?? CredentialKind.Browser.Mint(), Bounds.Network.Of(context));
        return new(
            [.. key.All.Select(one => one.HashOfOrigin($"network\n{network.Own}"))],
            [.. key.All.Select(one => one.HashOfOrigin($"browser\n{cookie.Reveal()}"))], network, sent is not null)
        { Cookie = cookie };
    }

    /// <summary>The origin of a request that is about an address.</summary>
    /// <param name="address">The address.</param>
    internal SignInOrigin For(Identity address) => new(address.AllHashes, Browsers, Networks);
}
