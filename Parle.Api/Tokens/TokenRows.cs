using Marten;
using Parle.Domain.Tokens;

namespace Parle.Api.Tokens;

/// <summary>Tokens as a unit of work finds them, over its own connection.</summary>
internal static class TokenRows
{
    /// <summary>A token; null when there is none.</summary>
    public static async Task<AgentToken?> AgentToken(this IDocumentSession session, Guid tokenID, CancellationToken cancellation) =>
        (await session.Events.FetchStreamAsync(tokenID, token: cancellation))
            .Aggregate((AgentToken?)null, (token, fact) => Domain.Tokens.AgentToken.Apply(token, fact.Data));
}
