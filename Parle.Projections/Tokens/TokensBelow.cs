using Npgsql;

namespace Parle.Projections.Tokens;

/// <summary>"Which tokens were made from this one?"</summary>
public static class TokensBelow
{
    /// <summary>The oldest that is not revoked, nor stands below a revoked one; null for none.</summary>
    public static Task<Guid?> First(NpgsqlDataSource database, Guid tokenID, Guid agentID, CancellationToken cancellation) =>
        database.Scalar<Guid?>(
            """
            select t.token_id from parle.agent_tokens t where t.agent_id = $2 and $1 = any(t.path)
              and not exists (select from parle.agent_tokens above where above.token_id = any(t.path || t.token_id) and above.revoked_at is not null)
            order by t.token_id limit 1
            """,
            cancellation, tokenID, agentID);
}
