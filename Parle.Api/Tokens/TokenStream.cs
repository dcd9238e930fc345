using Marten;
using Parle.Domain.Tokens;

namespace Parle.Api.Tokens;

/// <summary>A token as a decision needs it: folded from its own stream, which is short.</summary>
internal static class TokenStream
{
    /// <summary>A token; null when there is none.</summary>
    public static async Task<AgentToken?> AgentToken(this IDocumentSession session, Guid tokenID, CancellationToken cancellation) =>
        (await session.Events.FetchStreamAsync(tokenID, token: cancellation))
            .Aggregate((AgentToken?)null, (token, fact) => Domain.Tokens.AgentToken.Apply(token, fact.Data));
}
