using System.Net;
using System.Net.Sockets;

namespace Parle.Api.Bounds;

/// <summary>
/// The network that a request comes from. An IPv6 household has a /64 or more, up to a /48, which holds 65,536 of them (RFC 6177, section
/// 2). So each limit on a network also limits its site, at a higher number, since other providers put many households into one /48.
/// </summary>
/// <param name="Own">The IPv4 address, or the IPv6 /64.</param>
/// <param name="Site">The IPv6 /48; null for IPv4.</param>
public readonly record struct Network(string Own, string? Site)
{
    /// <summary>The limit of a site, in limits of a network.</summary>
    public const int OfSite = 16;

    private const int BytesOfNetwork = 8, BytesOfSite = 6;

    /// <summary>The limit of a site; at most the largest int.</summary>
    /// <param name="times">The limit of a network; 0 for none.</param>
    /// <param name="networks">The factor of a site.</param>
    public static int SitesShare(int times, int networks = OfSite) => (int)Math.Min(int.MaxValue, (long)times * networks);

    /// <summary>The widest known network that this is part of.</summary>
    public string Widest => Site ?? Own;

    /// <summary>The network of a request.</summary>
    public static Network Of(HttpContext context) => Of(context.Connection.RemoteIpAddress);

    /// <summary>The network of an address.</summary>
    public static Network Of(IPAddress? address) => address switch
    {
        null => new("", null),
        { IsIPv4MappedToIPv6: true } mapped => new(mapped.MapToIPv4().ToString(), null),
        { AddressFamily: AddressFamily.InterNetworkV6 } =>
            new(new IPAddress(Prefix(address, BytesOfNetwork)).ToString(), new IPAddress(Prefix(address, BytesOfSite)) + "/48"),
        _ => new(address.ToString(), null),
    };

    /// <summary>The holders from a node to a network, for <see cref="HeldShares"/>: its site, if it has one, and itself.</summary>
    /// <param name="address">The address; null for none.</param>
    /// <param name="limit">The most that a network may hold.</param>
    /// <param name="ofSite">The most that its site may hold.</param>
    /// <param name="cap">The limit's name.</param>
    public static IReadOnlyList<Holder> WayTo(IPAddress? address, int limit, int ofSite, string cap)
    {
        if (address is null || address.IsIPv4MappedToIPv6 || address.AddressFamily is not AddressFamily.InterNetworkV6)
        {
            return [new(address is null ? Guid.Empty : new(address.MapToIPv6().GetAddressBytes()), IsBelow: false, limit, cap)];
        }

        var site = Prefix(address, BytesOfSite);
        site[^1] = 48; // Distinguishes it from its first /64.
        return [new(new(site), IsBelow: false, ofSite, cap), new(new(Prefix(address, BytesOfNetwork)), IsBelow: false, limit, cap)];
    }

    private static byte[] Prefix(IPAddress address, int bytes) => [.. address.GetAddressBytes()[..bytes], .. new byte[16 - bytes]];
}
