using System.Net;
using System.Net.Sockets;

namespace Parle.Api.Bounds;

/// <summary>
/// Where a request comes from, as far as bounds tell it apart. Of IPv6 one household has a /64 at least, and may have a /48, which is
/// 65,536 of them (RFC 6177, section 2): so what is counted for a network is counted for its site too, with more room, since other
/// providers put many households into one /48.
/// </summary>
/// <param name="Own">The IPv4 address, or the IPv6 /64.</param>
/// <param name="Site">The IPv6 /48; null for IPv4.</param>
public readonly record struct Network(string Own, string? Site)
{
    /// <summary>How many networks' share a site has.</summary>
    public const int OfSite = 16;

    private const int BytesOfNetwork = 8, BytesOfSite = 6;

    /// <summary>How much a site may of what each of its networks may, beyond which no number goes.</summary>
    /// <param name="times">How much a network may; 0 for no bound.</param>
    /// <param name="networks">As much as how many networks.</param>
    public static int SitesShare(int times, int networks = OfSite) => (int)Math.Min(int.MaxValue, (long)times * networks);

    /// <summary>The widest that this is known to belong to.</summary>
    public string Widest => Site ?? Own;

    /// <summary>That of a request.</summary>
    public static Network Of(HttpContext context) => Of(context.Connection.RemoteIpAddress);

    /// <summary>That of an address.</summary>
    public static Network Of(IPAddress? address) => address switch
    {
        null => new("", null),
        { IsIPv4MappedToIPv6: true } mapped => new(mapped.MapToIPv4().ToString(), null),
        { AddressFamily: AddressFamily.InterNetworkV6 } =>
            new(new IPAddress(Prefix(address, BytesOfNetwork)).ToString(), new IPAddress(Prefix(address, BytesOfSite)) + "/48"),
        _ => new(address.ToString(), null),
    };

    /// <summary>The way to a network, for what is held: by its site, if it has one.</summary>
    /// <param name="address">Whose.</param>
    /// <param name="limit">How much a network may hold.</param>
    /// <param name="ofSite">How much its site may hold.</param>
    /// <param name="cap">What the bound is called.</param>
    public static IReadOnlyList<Holder> WayTo(IPAddress? address, int limit, int ofSite, string cap)
    {
        if (address is null || address.IsIPv4MappedToIPv6 || address.AddressFamily is not AddressFamily.InterNetworkV6)
        {
            return [new(address is null ? Guid.Empty : new(address.MapToIPv6().GetAddressBytes()), IsBelow: false, limit, cap)];
        }

        var site = Prefix(address, BytesOfSite);
        site[^1] = 48; // Told apart from the /64 that begins it.
        return [new(new(site), IsBelow: false, ofSite, cap), new(new(Prefix(address, BytesOfNetwork)), IsBelow: false, limit, cap)];
    }

    private static byte[] Prefix(IPAddress address, int bytes) => [.. address.GetAddressBytes()[..bytes], .. new byte[16 - bytes]];
}
