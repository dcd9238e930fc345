using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Domain;
using Parle.Domain.Tokens;
using Parle.Projections.Tokens;

namespace Parle.Api.Tokens;

/// <summary>What a token's holder may do about tokens.</summary>
/// <param name="Quota">Why no more can be minted; null when one can.</param>
/// <param name="Known">What tokens can be narrowed to.</param>
/// <param name="Below">The oldest token below the caller's that is not revoked; null for none.</param>
internal sealed record TokenAffordances(Refusal? Quota, Guid? Below, IReadOnlyList<KnownAction> Known)
{
    /// <summary>Looks them up.</summary>
    public static async Task<TokenAffordances> For(
        NpgsqlDataSource database, Caller caller, TokenQuota quota, ActionIndex index, CancellationToken cancellation)
    {
        return new(await quota.Obstacle(database, caller.PrincipalID, caller.AgentID, [.. caller.TokenPath, caller.TokenID], cancellation),
            await TokenQueries.OldestBelow(database, caller.TokenID, caller.AgentID, cancellation), index.Known);
    }

    /// <summary>
    /// To mint something that reads and speaks once, as far as the caller may itself; to take back what is below, or else its own.
    /// </summary>
    public Affordance Of(ParleAction action, Caller caller)
    {
        if (action == TokenActions.RevokeToken)
        {
            return Affordance.Offered(action, caller, values: [("token_id", (Below ?? caller.TokenID).ToString())]);
        }

        var reach = Reach.Everything with { Limits = caller.Limits };
        var actions = Known.Where(known => NarrowTokenRequest.Example.Actions!.Contains(known.ID) && reach.Allows(known))
            .Select(known => known.ID).ToList();
        return Quota is { } refusal ? Affordance.Denied(action, refusal)
            : Affordance.Offered(action, caller, new NarrowTokenRequest(null, actions, null, null, null, 1));
    }
}
