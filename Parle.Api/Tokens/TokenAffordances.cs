using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Domain;
using Parle.Domain.Tokens;

namespace Parle.Api.Tokens;

/// <summary>What a token's holder may do about tokens.</summary>
/// <param name="Quota">Why no more can be minted; null when one can.</param>
/// <param name="Known">What tokens can be narrowed to.</param>
/// <param name="Below">The oldest token below the caller's that is not revoked; null for none.</param>
internal sealed record TokenAffordances(Refusal? Quota, Guid? Below, IReadOnlyList<KnownAction> Known)
{
    private const string BelowSql = """
        select t.token_id from parle.agent_tokens t where t.agent_id = $2 and $1 = any(t.path)
          and not exists (select from parle.agent_tokens above where above.token_id = any(t.path || t.token_id) and above.revoked_at is not null)
        order by t.token_id limit 1
        """;

    /// <summary>Looks them up.</summary>
    public static async Task<TokenAffordances> For(
        NpgsqlDataSource database, Caller caller, TokenQuota quota, ActionIndex index, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(BelowSql);
        command.Parameters.AddRange(new NpgsqlParameter[] { new() { Value = caller.TokenID }, new() { Value = caller.AgentID } });
        return new(await quota.Obstacle(database, caller.PrincipalID, caller.AgentID, [.. caller.TokenPath, caller.TokenID], cancellation),
            (Guid?)await command.ExecuteScalarAsync(cancellation), index.Known);
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
