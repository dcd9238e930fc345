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

    /// <summary>To mint something that reads and speaks once, as far as the caller may itself.</summary>
    public static IEnumerable<ActionOffer> Mint(Standing here)
    {
        var (quota, _, known) = here.Part<TokenOffers>();
        var reach = Reach.Everything with { Limits = here.Agent.Limits };
        var actions = known.Where(one => NarrowTokenRequest.Example.Actions!.Contains(one.ID) && reach.Allows(one)).Select(one => one.ID)
            .ToList();
        return [quota is not null ? ActionOffer.Denied(quota) : new(new NarrowTokenRequest(null, actions, null, null, null, 1))];
    }

    /// <summary>To take back the token below, or else its own.</summary>
    public static IEnumerable<ActionOffer> Revoke(Standing here) =>
        [new(null, ("token_id", (here.Part<TokenOffers>().Below ?? here.Agent.TokenID).ToString()))];
}
