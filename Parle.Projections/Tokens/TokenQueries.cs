using Marten;
using Npgsql;

namespace Parle.Projections.Tokens;

/// <summary>A token, also one that is over.</summary>
/// <param name="TokenID">The token.</param>
/// <param name="AgentID">The agent that it stands for.</param>
/// <param name="AgentName">The name of that agent that people see.</param>
/// <param name="RoomID">The room that it opens; null while it waits for its invitation.</param>
/// <param name="RoomHandle">The handle of that room; null for none.</param>
/// <param name="InvitationID">The invitation it was minted for; null for none.</param>
/// <param name="ParentID">The token right above it; null for none.</param>
/// <param name="Scopes">Its scopes.</param>
/// <param name="Actions">The only actions it allows; null for all.</param>
/// <param name="Asks">The only asks it can act on; null for all.</param>
/// <param name="Uses">The number of events it can record; null for any number.</param>
/// <param name="Used">The number that it and the tokens below it recorded; null where that is not counted.</param>
/// <param name="CreatedAt">The time at which it was minted.</param>
/// <param name="ExpiresAt">The time at which it is over; null for never.</param>
/// <param name="LastUsedAt">Its last use that is stored; null for none.</param>
/// <param name="RevokedAt">The time at which it was revoked, itself or with something it depends on; null when it was not.</param>
public sealed record TokenRow(
    Guid TokenID, Guid AgentID, string AgentName, Guid? RoomID, string? RoomHandle, Guid? InvitationID, Guid? ParentID,
    IReadOnlyList<string> Scopes, IReadOnlyList<string>? Actions, IReadOnlyList<Guid>? Asks, int? Uses, int? Used,
    DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt);

/// <summary>A token and its stream.</summary>
/// <param name="TokenID">The token.</param>
/// <param name="Version">The number of events in the stream.</param>
public sealed record TokenVersion(Guid TokenID, long Version);

/// <summary>Queries of the tokens of agents, see <see cref="AgentTokens"/>.</summary>
public static class TokenQueries
{
    private const string PageSql = """
        select t.token_id, t.agent_id, t.room_id, r.handle, t.invite_id, t.path[cardinality(t.path)] as parent_id, t.scopes, t.actions,
               t.asks, t.uses,
               case when t.uses is not null then (
                 select count(*)::int from parle.kept_answers k
                 where k.room_id = t.room_id and k.author_id = t.token_id and k.action = 'token_use') end as used,
               t.created_at, t.expires_at, u.last_used_at,
               least(
                 (select min(above.revoked_at) from parle.agent_tokens above where above.token_id = any(t.path || t.token_id)),
                 s.removed_at, r.archived_at, a.deleted_at) as revoked_at,
               a.display_name
        from parle.agent_tokens t join parle.agents a using (agent_id)
        left join parle.rooms r on r.room_id = t.room_id left join parle.seats s on s.seat_id = t.seat_id
        left join parle.token_activity u using (token_id)
        """;

    private const string IsBelow =
        "t.agent_id = (select o.agent_id from parle.agent_tokens o where o.token_id = $1) and $1 = any(t.path || t.token_id)";

    // A token that ended with one above it is as little to be found as one that was revoked itself.
    private const string AgentSql = """
        select t.agent_id from parle.agent_tokens t join parle.agents a using (agent_id)
        where t.token_id = $1 and a.principal_id = $2 and not exists (
            select from parle.agent_tokens above where above.token_id = any(t.path) and above.revoked_at is not null)
        """;

    // An agent with a token below another agent's, which brought it in, is of the same principal.
    private const string AgentsBelowSql = """
        select distinct t.agent_id from parle.agent_tokens t join parle.agents a using (agent_id)
        where a.principal_id = $2 and $1 = any(t.path || t.token_id) order by t.agent_id
        """;

    private const string OldestBelowSql = """
        select t.token_id from parle.agent_tokens t where t.agent_id = $2 and $1 = any(t.path)
          and not exists (
            select from parle.agent_tokens above where above.token_id = any(t.path || t.token_id) and above.revoked_at is not null)
        order by t.token_id limit 1
        """;

    private const string IsAnyRevokedSql =
        "select exists (select from parle.agent_tokens where token_id = any($1) and revoked_at is not null) as is_any_revoked";

    /// <summary>The tokens of an agent, newest first.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="agentID">The agent.</param>
    /// <param name="before">The token before which the page begins.</param>
    /// <param name="limit">Most rows of the answer.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<TokenRow>> OfAgent(
        NpgsqlDataSource database, Guid agentID, Guid before, long limit, CancellationToken cancellation) =>
        Page(database, "t.agent_id = $1", agentID, before, limit, cancellation);

    /// <summary>The tokens of all agents of a principal, newest first.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="principalID">The principal.</param>
    /// <param name="before">The token before which the page begins.</param>
    /// <param name="limit">Most rows of the answer.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<TokenRow>> OfPrincipal(
        NpgsqlDataSource database, Guid principalID, Guid before, long limit, CancellationToken cancellation) =>
        Page(database, "a.principal_id = $1", principalID, before, limit, cancellation);

    /// <summary>A token, and the tokens of its agent below it, newest first.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="tokenID">The token.</param>
    /// <param name="before">The token before which the page begins.</param>
    /// <param name="limit">Most rows of the answer.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<TokenRow>> Below(
        NpgsqlDataSource database, Guid tokenID, Guid before, long limit, CancellationToken cancellation) =>
        Page(database, IsBelow, tokenID, before, limit, cancellation);

    /// <summary>The oldest token below one that is not revoked; null for none.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="tokenID">The token above.</param>
    /// <param name="agentID">The agent of both.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<Guid?> OldestBelow(NpgsqlDataSource database, Guid tokenID, Guid agentID, CancellationToken cancellation) =>
        database.Scalar<Guid?>(OldestBelowSql, cancellation, tokenID, agentID);

    /// <summary>The agent of a token, if it is one of a principal's and no token above is revoked; otherwise null.</summary>
    /// <param name="session">The unit of work.</param>
    /// <param name="tokenID">The token.</param>
    /// <param name="principalID">The principal.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<Guid?> AgentOf(IQuerySession session, Guid tokenID, Guid principalID, CancellationToken cancellation) =>
        session.Scalar<Guid?>(AgentSql, cancellation, tokenID, principalID);

    /// <summary>The agents of a token and of the tokens below it, in the order of their ids.</summary>
    /// <param name="session">The unit of work.</param>
    /// <param name="tokenID">The token.</param>
    /// <param name="principalID">The principal of the agents.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<Guid>> AgentsBelow(
        IQuerySession session, Guid tokenID, Guid principalID, CancellationToken cancellation) =>
        session.Rows(AgentsBelowSql, row => row.Get<Guid>("agent_id"), cancellation, tokenID, principalID);

    /// <summary>Whether one of these tokens is revoked.</summary>
    /// <param name="session">The unit of work.</param>
    /// <param name="tokens">The tokens.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<bool> IsAnyRevoked(IQuerySession session, Guid[] tokens, CancellationToken cancellation) =>
        session.Scalar<bool>(IsAnyRevokedSql, cancellation, tokens);

    /// <summary>Some tokens of an agent that are not revoked.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="agentID">The agent.</param>
    /// <param name="limit">Most rows of the answer.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<TokenVersion>> UnrevokedOfAgent(
        NpgsqlDataSource database, Guid agentID, long limit, CancellationToken cancellation) =>
        Unrevoked(database, "t.agent_id", agentID, limit, cancellation);

    /// <summary>Some tokens that open a room and are not revoked.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="roomID">The room.</param>
    /// <param name="limit">Most rows of the answer.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<TokenVersion>> UnrevokedOfRoom(
        NpgsqlDataSource database, Guid roomID, long limit, CancellationToken cancellation) =>
        Unrevoked(database, "t.room_id", roomID, limit, cancellation);

    private static Task<IReadOnlyList<TokenVersion>> Unrevoked(
        NpgsqlDataSource database, string column, Guid id, long limit, CancellationToken cancellation) =>
        database.Rows(
            $"""
            select t.token_id, s.version from parle.agent_tokens t join parle.mt_streams s on s.id = t.token_id
            where {column} = $1 and t.revoked_at is null order by t.token_id limit $2
            """,
            row => new TokenVersion(row.Get<Guid>("token_id"), row.Get<long>("version")), cancellation, id, limit);

    private static Task<IReadOnlyList<TokenRow>> Page(
        NpgsqlDataSource database, string condition, Guid id, Guid before, long limit, CancellationToken cancellation) =>
        database.Rows(
            $"{PageSql} where {condition} and t.token_id < $2 order by t.token_id desc limit $3", TokenRow, cancellation, id, before,
            limit);

    private static TokenRow TokenRow(Row row) => new(
        row.Get<Guid>("token_id"), row.Get<Guid>("agent_id"), row.Get<string>("display_name"), row.Get<Guid?>("room_id"),
        row.Get<string?>("handle"), row.Get<Guid?>("invite_id"), row.Get<Guid?>("parent_id"), row.Get<string[]>("scopes"),
        row.Get<string[]?>("actions"), row.Get<Guid[]?>("asks"), row.Get<int?>("uses"), row.Get<int?>("used"),
        row.Get<DateTimeOffset>("created_at"), row.Get<DateTimeOffset?>("expires_at"), row.Get<DateTimeOffset?>("last_used_at"),
        row.Get<DateTimeOffset?>("revoked_at"));

    /// <summary>The oldest token below one that neither is revoked nor stands below a revoked one; null for none.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="tokenID">The token above.</param>
    /// <param name="agentID">The agent that both stand for.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<Guid?> FirstBelow(NpgsqlDataSource database, Guid tokenID, Guid agentID, CancellationToken cancellation) =>
        database.Scalar<Guid?>(
            """
            select t.token_id from parle.agent_tokens t where t.agent_id = $2 and $1 = any(t.path)
              and not exists (
                select from parle.agent_tokens above
                where above.token_id = any(t.path || t.token_id) and above.revoked_at is not null)
            order by t.token_id limit 1
            """,
            cancellation, tokenID, agentID);
}
