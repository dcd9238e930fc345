using Npgsql;

namespace Parle.Projections.Auditing;

/// <summary>A principal or an agent whose admission can be previewed.</summary>
/// <param name="PrincipalID">The principal, or the agent's.</param>
/// <param name="AgentID">The agent; null for a principal.</param>
public sealed record AdmissionCandidate(Guid PrincipalID, Guid? AgentID);

/// <summary>"Which principal or agent with this id could be admitted?"</summary>
public static class AdmissionCandidates
{
    /// <summary>A principal; null when there is none.</summary>
    public static Task<AdmissionCandidate?> Principal(NpgsqlDataSource database, Guid principalID, CancellationToken cancellation) => Find(
        database, "select principal_id, null::uuid as agent_id from parle.principals where principal_id = $1", principalID, cancellation);

    /// <summary>An agent that was not deleted; null when there is none.</summary>
    public static Task<AdmissionCandidate?> Agent(NpgsqlDataSource database, Guid agentID, CancellationToken cancellation) => Find(
        database, "select principal_id, agent_id from parle.agents where agent_id = $1 and deleted_at is null", agentID, cancellation);

    private static async Task<AdmissionCandidate?> Find(NpgsqlDataSource database, string sql, Guid id, CancellationToken cancellation) =>
        (await database.Rows(sql, row => new AdmissionCandidate(row.Get<Guid>("principal_id"), row.Get<Guid?>("agent_id")),
            cancellation, id)) is [var found, ..] ? found : null;
}
