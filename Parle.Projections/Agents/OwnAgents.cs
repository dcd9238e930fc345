using Npgsql;

namespace Parle.Projections.Agents;

/// <summary>"Which agents are this principal's?"</summary>
public static class OwnAgents
{
    /// <summary>Its agents that were not deleted, oldest first.</summary>
    public static Task<IReadOnlyList<Guid>> Of(NpgsqlDataSource database, Guid principalID, CancellationToken cancellation) =>
        database.Rows(
            "select agent_id from parle.agents where principal_id = $1 and deleted_at is null order by agent_id",
            row => row.Get<Guid>("agent_id"), cancellation, principalID);
}
