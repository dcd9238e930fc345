using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Domain;
using Parle.Projections.Tokens;

namespace Parle.Api.Tokens;

/// <summary>The token actions that the caller's token allows.</summary>
/// <param name="Quota">The reason why no token can be minted; null for none.</param>
/// <param name="Below">The oldest token below the caller's that is not revoked; null for none.</param>
public sealed record TokenOffers(Refusal? Quota, Guid? Below)
{
    /// <summary>Finds it for one agent.</summary>
    public static async Task<TokenOffers> Find(
        NpgsqlDataSource database, TokenQuota quota, Standing here, CancellationToken cancellation)
    {
        var caller = here.Agent;
        return new(
            await quota.Obstacle(database, caller.PrincipalID, caller.AgentID, [.. caller.TokenPath, caller.TokenID], cancellation),
            await TokenQueries.FirstBelow(database, caller.TokenID, caller.AgentID, cancellation));
    }

    /// <summary>To mint one that may do less; how much less is the caller's to say.</summary>
    public static IEnumerable<ActionOffer> Mint(Standing here) =>
        [here.Part<TokenOffers>().Quota is { } quota ? ActionOffer.Denied(quota) : ActionOffer.Usual];

    /// <summary>An offer to revoke the token below, or else the caller's own.</summary>
    public static IEnumerable<ActionOffer> Revoke(Standing here) =>
        [new(null, ("token_id", (here.Part<TokenOffers>().Below ?? here.Agent.TokenID).ToString()))];
}
