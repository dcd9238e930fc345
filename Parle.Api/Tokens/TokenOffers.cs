using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Domain;
using Parle.Domain.Tokens;
using Parle.Projections.Tokens;

namespace Parle.Api.Tokens;

/// <summary>The token actions that the caller's token allows.</summary>
/// <param name="Quota">The reason why no token can be minted; null for none.</param>
/// <param name="Below">The oldest token below the caller's that is not revoked; null for none.</param>
/// <param name="Known">The actions that a token can be narrowed to.</param>
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

    /// <summary>An offer to mint a token that reads and speaks once, within the caller's own rights.</summary>
    public static IEnumerable<ActionOffer> Mint(Standing here)
    {
        var (quota, _, known) = here.Part<TokenOffers>();
        var reach = Reach.Everything with { Limits = here.Agent.Limits };
        var actions = known.Where(one => NarrowTokenRequest.Example.Actions!.Contains(one.ID) && reach.Allows(one)).Select(one => one.ID)
            .ToList();
        return [quota is not null ? ActionOffer.Denied(quota) : new(new NarrowTokenRequest(null, actions, null, null, null, 1))];
    }

    /// <summary>An offer to revoke the token below, or else the caller's own.</summary>
    public static IEnumerable<ActionOffer> Revoke(Standing here) =>
        [new(null, ("token_id", (here.Part<TokenOffers>().Below ?? here.Agent.TokenID).ToString()))];
}
