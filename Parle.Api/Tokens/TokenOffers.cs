using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Domain;
using Parle.Domain.Tokens;
using Parle.Projections.Tokens;

namespace Parle.Api.Tokens;

/// <summary>What a token's holder may do about tokens.</summary>
/// <param name="Quota">Why no more can be minted; null when one can.</param>
/// <param name="Below">The oldest token below the caller's that is not revoked; null for none.</param>
/// <param name="Known">What tokens can be narrowed to.</param>
public sealed record TokenOffers(Refusal? Quota, Guid? Below, IReadOnlyList<KnownAction> Known)
{
    /// <summary>Finds it for one agent.</summary>
    public static async Task<TokenOffers> Find(
        NpgsqlDataSource database, TokenQuota quota, ActionIndex index, Standing here, CancellationToken cancellation)
    {
        var caller = here.Agent;
        return new(
            await quota.Obstacle(database, caller.PrincipalID, caller.AgentID, [.. caller.TokenPath, caller.TokenID], cancellation),
            await TokenQueries.FirstBelow(database, caller.TokenID, caller.AgentID, cancellation), index.Known);
    }

    /// <summary>To mint one that may do less; how much less is the caller's to say.</summary>
    public static IEnumerable<ActionOffer> Mint(Standing here) =>
        [here.Part<TokenOffers>().Quota is { } quota ? ActionOffer.Denied(quota) : ActionOffer.Usual];

    /// <summary>To take back the token below, or else its own.</summary>
    public static IEnumerable<ActionOffer> Revoke(Standing here) =>
        [new(null, ("token_id", (here.Part<TokenOffers>().Below ?? here.Agent.TokenID).ToString()))];
}
