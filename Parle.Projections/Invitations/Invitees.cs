using Npgsql;

namespace Parle.Projections.Invitations;

/// <summary>A person, an organisation or an agent that an invitation can name.</summary>
/// <param name="PrincipalID">The principal, or the agent's.</param>
/// <param name="AgentID">The agent; null for a principal.</param>
/// <param name="Handle">The principal's handle.</param>
/// <param name="DisplayName">The principal's display name.</param>
/// <param name="AgentHandle">The agent's handle; null for a principal.</param>
public sealed record Invitee(Guid PrincipalID, Guid? AgentID, string Handle, string DisplayName, string? AgentHandle);

/// <summary>"Which principal or agent has this name, and which mail addresses are proved to be theirs?"</summary>
public static class Invitees
{
    private const string PrincipalSql = """
        select p.principal_id, null::uuid as agent_id, p.handle, p.display_name, null as agent_handle
        from parle.principals p where p.handle = $1 or p.principal_id = $2
        """;

    private const string AgentSql = """
        select p.principal_id, a.agent_id, p.handle, p.display_name, a.handle as agent_handle
        from parle.agents a join parle.principals p using (principal_id)
        where a.deleted_at is null and ((p.handle = $1 and a.handle = $2) or a.agent_id = $3)
        """;

    /// <summary>A principal by its handle or its id; null when there is none.</summary>
    public static Task<Invitee?> Principal(NpgsqlDataSource database, string? handle, Guid? principalID, CancellationToken cancellation) =>
        Find(database, PrincipalSql, cancellation, handle ?? "", principalID ?? Guid.Empty);

    /// <summary>An agent by both handles of its address or by its id; null when there is none.</summary>
    public static Task<Invitee?> Agent(
        NpgsqlDataSource database, string? principalHandle, string? agentHandle, Guid? agentID, CancellationToken cancellation) =>
        Find(database, AgentSql, cancellation, principalHandle ?? "", agentHandle ?? "", agentID ?? Guid.Empty);

    /// <summary>The hashes of a principal's identities of one kind, under this server key and under earlier ones.</summary>
    public static Task<IReadOnlyList<string>> Identities(
        NpgsqlDataSource database, Guid principalID, string kind, CancellationToken cancellation) => database.Rows(
            "select unnest(array[hash] || former) as hash from parle.identities where principal_id = $1 and kind = $2",
            row => row.Get<string>("hash"), cancellation, principalID, kind);

    private static async Task<Invitee?> Find(
        NpgsqlDataSource database, string sql, CancellationToken cancellation, params IReadOnlyList<object?> parameters) =>
        (await database.Rows(sql, row => new Invitee(row.Get<Guid>("principal_id"), row.Get<Guid?>("agent_id"), row.Get<string>("handle"),
            row.Get<string>("display_name"), row.Get<string?>("agent_handle")), cancellation, parameters)) is [var found, ..]
                ? found : null;
}
