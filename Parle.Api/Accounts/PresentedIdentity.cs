using Parle.Api.Callers;
using Parle.Api.Platform;
using Parle.Domain;

namespace Parle.Api.Accounts;

/// <summary>The identity that a request proves with a token of an organisation.</summary>
/// <param name="context">The request.</param>
[FromRequest]
public sealed class PresentedIdentity(HttpContext context)
{
    /// <summary>The identity of a request.</summary>
    /// <param name="context">The request.</param>
    public static PresentedIdentity Of(HttpContext context) => new(context);

    /// <summary>Checks the token.</summary>
    /// <returns>The identity, or the reason why it is not proved.</returns>
    public Task<(Identity? Identity, Refusal? Refusal)> Read() => context.RequestServices.GetRequiredService<OidcLookup>().Read(context);
}
