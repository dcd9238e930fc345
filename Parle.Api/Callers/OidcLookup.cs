using System.Text.RegularExpressions;
using Marten;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Npgsql;
using Parle.Api.Database;
using Parle.Domain;
using Parle.Projections.Callers;

namespace Parle.Api.Callers;

/// <summary>
/// Finds people by tokens of their organisation's identity provider (OpenID Connect, optional). Such a token, signed for this service,
/// opens the same as a person's session, as the principal that is linked to its issuer and subject.
/// </summary>
public sealed partial class OidcLookup
{
    private readonly NpgsqlDataSource database;
    private readonly ServerKey key;
    private readonly IDocumentStore store;
    private readonly TimeProvider clock;
    private readonly Provider? provider;

    /// <summary>Trusts the provider that the settings name; without one there is no such way in.</summary>
    public OidcLookup(OidcSettings settings, NpgsqlDataSource database, ServerKey key, IDocumentStore store, TimeProvider clock)
    {
        (this.database, this.key, this.store, this.clock) = (database, key, store, clock);
        provider = settings.Authority is { } url ? new(url, settings.Audience!, settings.Client) : null;
    }

    /// <summary>Whether the request comes with something that may be a token of the organisation's.</summary>
    public bool IsPresented(HttpContext context) => provider is not null && TokenOf(context) is not null;

    /// <summary>The person; or the refusal.</summary>
    public async Task<(Person? Person, Refusal? Refusal)> Find(HttpContext context)
    {
        var (identity, refusal) = await Read(context);
        if (identity is null)
        {
            return (null, refusal);
        }

        if (await PersonRow.OfIdentity(database, identity.AllHex, context.RequestAborted) is not var (row, hash))
        {
            return (null, NotOnboarded);
        }

        var person = new Person(row.PrincipalID, row.Handle, row.DisplayName, identity.Authority, null)
        { Operators = row.Operators, HoldsUntil = identity.HoldsUntil };
        if (hash == identity.Hex)
        {
            return (person, null);
        }

        await using var session = store.LightweightSession();
        await session.Lock(identity, PrincipalLocks.Of(context), context.RequestAborted);
        await session.Rekey(identity, person.PrincipalID, clock.GetUtcNow(),
            SignIn.By(identity, person.PrincipalID, null, context.TraceIdentifier, person.Operators), context.RequestAborted);
        await session.SaveChangesAsync(context.RequestAborted);
        return (person, null);
    }

    /// <summary>The identity that the organisation vouches for, known here or not; or the refusal.</summary>
    public async Task<(Identity? Identity, Refusal? Refusal)> Read(HttpContext context)
    {
        if (provider is null || TokenOf(context) is not { } token)
        {
            return (null, Refusals.Unauthenticated);
        }

        try
        {
            await provider.Configuration.GetConfigurationAsync(context.RequestAborted);
        }
        catch (Exception outage) when (outage is InvalidOperationException or IOException or HttpRequestException)
        {
            return (null, Refusals.ServiceUnavailable); // The token may be good: this is no refusal of it.
        }

        var read = await provider.Tokens.ValidateTokenAsync(token, provider.Rules);
        return read.IsValid && read.SecurityToken is JsonWebToken { Issuer: { Length: > 0 } issuer, Subject: { Length: > 0 } subject } valid
            && provider.IsMeant(valid)
            ? (Identity.Of(issuer, subject, key) with
            { HoldsUntil = new DateTimeOffset(valid.ValidTo, TimeSpan.Zero) + provider.Rules.ClockSkew }, null)
            : (null, Refusals.Unauthenticated);
    }

    /// <summary>The refusal of a person for whom the organisation vouches, but who is not known here yet.</summary>
    public static Refusal NotOnboarded { get; } = Refusals.NotOnboarded(
        "Become known: POST /v/onboarding/oidc with a handle, and this same token.");

    private static string? TokenOf(HttpContext context) =>
        context.Request.Headers.Authorization is [{ } authorization]
        && authorization.StartsWith(CredentialKind.Bearer, StringComparison.OrdinalIgnoreCase)
            && authorization[CredentialKind.Bearer.Length..].Trim() is var token && Compact().IsMatch(token) ? token : null;

    // RFC 7515 §3.1: three parts of base64url.
    [GeneratedRegex(@"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$")]
    private static partial Regex Compact();

    // A part of its own, so that nothing of it is loaded where there is no provider.
    private sealed class Provider
    {
        public Provider(Uri url, string audience, string? client)
        {
            Configuration = new(
                $"{url.AbsoluteUri.TrimEnd('/')}/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(),
                new HttpDocumentRetriever { RequireHttps = url.Scheme == Uri.UriSchemeHttps });
            Rules = new()
            {
                ConfigurationManager = Configuration, // Issuer and keys; asked again when a token is signed by a key that is not known.
                ValidAudience = audience,
                // Never a key that both sides have.
                ValidAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"],
                ClockSkew = TimeSpan.FromMinutes(1),
                TypeValidator = (type, _, _) => string.IsNullOrEmpty(type) || Types.Contains(type)
                    ? type : throw new SecurityTokenInvalidTypeException($"{type} lets nobody in.") { InvalidType = type },
            };
            clients = [audience, client ?? audience];
        }

        // RFC 8725 §3.11: other kinds, such as a logout token, are signed with the same keys for the same audience.
        private static readonly HashSet<string> Types = new(StringComparer.OrdinalIgnoreCase) { "JWT", "at+jwt", "application/at+jwt" };

        private readonly string[] clients;

        /// <summary>
        /// Whether a valid token asks for nothing that is not understood here (RFC 7515 §4.1.11), and was given to this client (OpenID
        /// Connect Core §3.1.3.7).
        /// </summary>
        public bool IsMeant(JsonWebToken token) =>
            !token.TryGetHeaderValue<object>("crit", out _)
            && (!token.TryGetPayloadValue<object>("azp", out var client) || client is string named && clients.Contains(named));

        public JsonWebTokenHandler Tokens { get; } = new() { MapInboundClaims = false };

        public ConfigurationManager<OpenIdConnectConfiguration> Configuration { get; }

        public TokenValidationParameters Rules { get; }
    }
}

/// <summary>The identity provider to trust (<c>Parle:Oidc</c>).</summary>
/// <param name="Authority">The identity provider; null for none.</param>
/// <param name="Audience">Which of its tokens are meant for this service.</param>
/// <param name="Client">A client that such tokens may be given to, beside one that is called as the audience is; null for none.</param>
public sealed record OidcSettings(Uri? Authority, string? Audience, string? Client = null)
{
    /// <summary>Reads the settings.</summary>
    /// <exception cref="OidcSettingsException">They make no sense.</exception>
    public static OidcSettings Read(IConfiguration configuration)
    {
        var oidc = configuration.GetSection("Parle:Oidc");
        return oidc["Authority"] is not { Length: > 0 } named ? new(null, null)
            : !Uri.TryCreate(named, UriKind.Absolute, out var url)
                || (url.Scheme != Uri.UriSchemeHttps && !(url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
                ? throw new OidcSettingsException("Parle:Oidc:Authority must be the https address of the identity provider.")
            : oidc["Audience"] is not { Length: > 0 } audience
                ? throw new OidcSettingsException("Parle:Oidc:Audience must say which tokens are meant for this service.")
            : new(url, audience, oidc["Client"] is { Length: > 0 } client ? client : null);
    }
}

/// <summary>The settings of the identity provider make no sense.</summary>
/// <param name="message">What to change.</param>
public sealed class OidcSettingsException(string message) : Exception(message);
