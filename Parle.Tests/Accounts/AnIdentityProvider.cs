using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Parle.Tests.Service;

namespace Parle.Tests.Accounts;

/// An organisation's identity provider on loopback, and a service that trusts it.
public sealed class AnIdentityProvider(TestCluster cluster) : IAsyncLifetime
{
    public const string Audience = "parle-tests";

    private readonly RsaSecurityKey key = new(RSA.Create(2048)) { KeyId = "key-1" };
    private WebApplication provider = null!;

    public ParleService Service { get; private set; } = null!;

    /// As it calls itself in its tokens.
    public string Issuer { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        provider = builder.Build();
        provider.UseRouting();
        provider.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = Issuer, jwks_uri = $"{Issuer}/keys" }));
        provider.MapGet("/keys", () => Results.Json(new { keys = new[] { Published(key) } }));
        await provider.StartAsync();
        Issuer = provider.Urls.Single();
        Service = await ParleService.Start(await cluster.NewDatabase(), Settings(Issuer));
    }

    public static (string Name, string Value)[] Settings(string authority) =>
        [("Parle:Oidc:Authority", authority), ("Parle:Oidc:Audience", Audience)];

    /// A token as the provider signs it, or as somebody else would.
    public string Token(string subject, string? issuer = null, string audience = Audience, TimeSpan? life = null,
        SecurityKey? signedBy = null, string algorithm = SecurityAlgorithms.RsaSha256) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Issuer,
            Audience = audience,
            Claims = new Dictionary<string, object> { ["sub"] = subject },
            NotBefore = DateTime.UtcNow.AddDays(-1),
            Expires = DateTime.UtcNow + (life ?? TimeSpan.FromMinutes(5)),
            SigningCredentials = new(signedBy ?? key, algorithm),
        });

    /// A token that is valid but for what it says besides.
    public string TokenOfKind(
        string subject, string? type, IDictionary<string, object>? header = null, IDictionary<string, object>? claims = null) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            TokenType = type,
            AdditionalHeaderClaims = header,
            Claims = new Dictionary<string, object>(claims ?? new Dictionary<string, object>()) { ["sub"] = subject },
            NotBefore = DateTime.UtcNow.AddDays(-1),
            Expires = DateTime.UtcNow.AddMinutes(5),
            SigningCredentials = new(key, SecurityAlgorithms.RsaSha256),
        });

    /// A token without a signature.
    public string Unsigned(string subject) => $"{Base64UrlEncoder.Encode("""{"alg":"none"}""")}.{Token(subject).Split('.')[1]}.AA";

    /// A token signed with the published key as if it were a shared secret.
    public string Confused(string subject) =>
        Token(subject, signedBy: new SymmetricSecurityKey(key.Rsa.ExportSubjectPublicKeyInfo()), algorithm: SecurityAlgorithms.HmacSha256);

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await provider.DisposeAsync();
    }

    private static object Published(RsaSecurityKey key)
    {
        var parameters = key.Rsa.ExportParameters(false);
        return new
        {
            kty = "RSA",
            use = "sig",
            kid = key.KeyId,
            n = Base64UrlEncoder.Encode(parameters.Modulus),
            e = Base64UrlEncoder.Encode(parameters.Exponent)
        };
    }
}
