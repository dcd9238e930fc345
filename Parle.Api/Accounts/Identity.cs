using Parle.Api.Contract;
using Parle.Domain.Names;

namespace Parle.Api.Accounts;

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

    /// <summary>As it is stored.</summary>
    public string Hex => Convert.ToHexStringLower(Hash);

    /// <summary>As it stands in the authority path of facts.</summary>
    public string Authority => $"{Kind}:{Hex[..16]}";

    /// <summary>Under which those who prove the same identity take turns.</summary>
    public Guid Turn => new(Hash.AsSpan(0, 16));

    /// <summary>Whoever reads the mail of <paramref name="address"/>.</summary>
    public static Identity Of(EmailAddress address, ServerKey key) => new(Email, key.HashOfIdentity($"email\n{address.Text}"));

    /// <summary>Whoever <paramref name="issuer"/> calls <paramref name="subject"/>.</summary>
    public static Identity Of(string issuer, string subject, ServerKey key) => new(Oidc, key.HashOfIdentity($"oidc\n{issuer}\n{subject}"), issuer);
}
