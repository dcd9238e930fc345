using Parle.Domain.Names;

namespace Parle.Api.Callers;

/// <summary>What somebody can prove to be, under a keyed hash: the service keeps no address and no name of another service.</summary>
/// <param name="Kind">What it is: see <see cref="Email"/> and <see cref="Oidc"/>.</param>
/// <param name="Hash">Which one.</param>
/// <param name="Issuer">Which provider says so; null for mail.</param>
public sealed record Identity(string Kind, byte[] Hash, string? Issuer = null)
{
    /// <summary>Whoever reads the mail of an address.</summary>
    public const string Email = "email";

    /// <summary>Whoever an organisation's identity provider says it is.</summary>
    public const string Oidc = "oidc";

    /// <summary>How it was, or is, stored under other server keys that are still recognised.</summary>
    public IReadOnlyList<byte[]> OtherHashes { get; init; } = [];

    /// <summary>The server key it is stored under, in hex; null where that is not known.</summary>
    public string? KeyID { get; init; }

    /// <summary>Until when whoever presented it is believed; null where nothing says so.</summary>
    public DateTimeOffset? HoldsUntil { get; init; }

    /// <summary>As it is stored.</summary>
    public string Hex => Convert.ToHexStringLower(Hash);

    /// <summary>As it may be stored, under any server key.</summary>
    public string[] AllHex => [Hex, .. OtherHex];

    /// <summary>As it may be stored under another server key.</summary>
    public string[] OtherHex => [.. OtherHashes.Select(Convert.ToHexStringLower)];

    /// <summary>As it may be stored, in bytes.</summary>
    public byte[][] AllHashes => [Hash, .. OtherHashes];

    /// <summary>As it stands in the authority path of facts.</summary>
    public string Authority => AuthorityOf(Hex);

    /// <summary>As it may stand there, under any server key.</summary>
    public string[] AllAuthorities => [.. AllHex.Select(AuthorityOf)];

    /// <summary>Under which those who prove the same identity take turns, whichever server key their node writes under.</summary>
    public Guid Turn => Turns[0];

    /// <summary>
    /// The same for whoever changes what is stored of it, which may be under one of these keys only: all, in the order in which they are
    /// taken.
    /// </summary>
    public IReadOnlyList<Guid> Turns =>
        [.. AllHex.Distinct().Order(StringComparer.Ordinal).Select(hex => new Guid(Convert.FromHexString(hex).AsSpan(0, 16)))];

    /// <summary>Whoever reads the mail of <paramref name="address"/>.</summary>
    public static Identity Of(EmailAddress address, ServerKey key) => Make(Email, $"email\n{address.Text}", key);

    /// <summary>Whoever <paramref name="issuer"/> calls <paramref name="subject"/>.</summary>
    public static Identity Of(string issuer, string subject, ServerKey key) => Make(Oidc, $"oidc\n{issuer}\n{subject}", key, issuer);

    private string AuthorityOf(string hex) => $"{Kind}:{hex[..16]}";

    private static Identity Make(string kind, string text, ServerKey key, string? issuer = null) => new(
        kind, key.HashOfIdentity(text), issuer)
    {
        OtherHashes = [.. key.Others.Select(other => other.HashOfIdentity(text))],
        KeyID = Convert.ToHexStringLower(key.ID),
    };
}
