using Marten;
using Npgsql;

namespace Parle.Projections.Sessions;

/// <summary>A live session of an agent.</summary>
/// <param name="SessionID">The session.</param>
/// <param name="Handle">Its anonymous handle.</param>
/// <param name="Alias">The alias that it has; null for none.</param>
/// <param name="Generation">The generation of that alias; 0 for none.</param>
/// <param name="CreatedAt">The time of its start.</param>
/// <param name="ExpiresAt">The time at which it is over.</param>
/// <param name="LastSeenAt">Its last sign of life that is stored, or its start.</param>
public sealed record AgentSessionRow(
    Guid SessionID, string Handle, string? Alias, long Generation, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt,
    DateTimeOffset LastSeenAt);

/// <summary>A live session, for the cap of sessions.</summary>
/// <param name="SessionID">The session.</param>
/// <param name="Tokens">The token that started it, last, and the tokens above that one.</param>
/// <param name="LastSeenAt">Its last sign of life that is stored, or its start.</param>
/// <param name="IsHeld">Whether a node holds a connection of it open.</param>
public sealed record LiveSessionRow(Guid SessionID, IReadOnlyList<Guid> Tokens, DateTimeOffset LastSeenAt, bool IsHeld);

/// <summary>A session and its stream.</summary>
/// <param name="SessionID">The session.</param>
/// <param name="Version">The number of events in the stream.</param>
public sealed record SessionVersion(Guid SessionID, long Version);

/// <summary>A presence of a session in a room.</summary>
/// <param name="RoomID">The room.</param>
/// <param name="ParticipantID">The presence.</param>
public sealed record SessionPresence(Guid RoomID, Guid ParticipantID);

/// <summary>Queries of the sessions of agents, see <see cref="AgentSessions"/>.</summary>
public static class AgentSessionQueries
{
    private const string Unended = "s.ended_at is null and s.superseded_at is null";

    private const string PageSql = $"""
        select s.session_id, s.handle, s.created_at, s.expires_at, coalesce(a.last_seen_at, s.created_at) as last_seen_at, sa.alias,
               coalesce(sa.generation, 0) as generation
        from parle.agent_sessions s left join parle.session_activity a using (session_id)
        left join parle.session_aliases sa on sa.session_id = s.session_id and sa.released_at is null
        where s.agent_id = $1 and {Unended} and s.expires_at > $2 and s.session_id > $3
        order by s.session_id limit $4
        """;

    private const string LiveSql = $"""
        select s.session_id, s.token_path || s.token_id as tokens, coalesce(a.last_seen_at, s.created_at) as last_seen_at,
               coalesce(a.held_until > $2, false) as is_held
        from parle.agent_sessions s left join parle.session_activity a using (session_id)
        where s.agent_id = $1 and {Unended} and s.expires_at > $2 and s.token_id is not null
        """;

    private const string LifeSql = $"""
        select s.session_id from parle.agent_sessions s left join parle.session_activity a using (session_id)
        where s.session_id = any($1) and {Unended} and s.expires_at > $2 and (coalesce(a.last_seen_at, s.created_at) > $3 or a.held_until > $2)
        """;

    private const string AgentSql = """
        select s.agent_id from parle.agent_sessions s join parle.agents a on a.agent_id = s.agent_id
        where s.session_id = $1 and a.principal_id = $2 and a.deleted_at is null
        """;

    // For each token with limited uses: whether it and the tokens below it have started all sessions that it may start.
    private const string HasNoStartLeftSql = """
        select exists (
            select from unnest($2, $3) as b(token_id, starts)
            where b.starts <= (
                select count(*) from parle.agent_tokens t join parle.agent_sessions s on s.token_id = t.token_id
                where t.agent_id = $1 and b.token_id = any(t.path || t.token_id))) as has_no_start_left
        """;

    private const string BelowTokenSql = $"""
        select s.session_id, m.version from parle.agents a join parle.agent_sessions s using (agent_id)
        join parle.mt_streams m on m.id = s.session_id
        where a.principal_id = $2 and {Unended} and s.expires_at > $3 and $1 = any(s.token_path || s.token_id)
        """;

    private const string PresencesSql =
        "select room_id, participant_id from parle.participants where session_id = $1 and left_at is null";

    /// <summary>The live sessions of an agent, oldest first.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="agentID">The agent.</param>
    /// <param name="now">The time.</param>
    /// <param name="after">The session after which the page begins.</param>
    /// <param name="limit">Most rows of the answer.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<AgentSessionRow>> Page(
        NpgsqlDataSource database, Guid agentID, DateTimeOffset now, Guid after, long limit, CancellationToken cancellation) =>
        database.Rows(
            PageSql,
            row => new AgentSessionRow(
                row.Get<Guid>("session_id"), row.Get<string>("handle"), row.Get<string?>("alias"), row.Get<long>("generation"),
                row.Get<DateTimeOffset>("created_at"), row.Get<DateTimeOffset>("expires_at"), row.Get<DateTimeOffset>("last_seen_at")),
            cancellation, agentID, now, after, limit);

    /// <summary>The live sessions of an agent whose tokens are recorded.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="agentID">The agent.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<LiveSessionRow>> Live(
        NpgsqlDataSource database, Guid agentID, DateTimeOffset now, CancellationToken cancellation) =>
        database.Rows(LiveSql, LiveRow, cancellation, agentID, now);

    /// <summary>The same within a unit of work.</summary>
    /// <param name="session">The unit of work.</param>
    /// <param name="agentID">The agent.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<LiveSessionRow>> Live(
        IQuerySession session, Guid agentID, DateTimeOffset now, CancellationToken cancellation) =>
        session.Rows(LiveSql, LiveRow, cancellation, agentID, now);

    /// <summary>Whether one of some tokens started as many sessions as it may, together with the tokens below it.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="agentID">The agent of the tokens.</param>
    /// <param name="tokens">The tokens.</param>
    /// <param name="starts">The number of sessions that each may start.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<bool> HasNoStartLeft(
        NpgsqlDataSource database, Guid agentID, Guid[] tokens, int[] starts, CancellationToken cancellation) =>
        database.Scalar<bool>(HasNoStartLeftSql, cancellation, agentID, tokens, starts);

    /// <summary>The same within a unit of work.</summary>
    /// <param name="session">The unit of work.</param>
    /// <param name="agentID">The agent of the tokens.</param>
    /// <param name="tokens">The tokens.</param>
    /// <param name="starts">The number of sessions that each may start.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<bool> HasNoStartLeft(
        IQuerySession session, Guid agentID, Guid[] tokens, int[] starts, CancellationToken cancellation) =>
        session.Scalar<bool>(HasNoStartLeftSql, cancellation, agentID, tokens, starts);

    /// <summary>The agent of a session, if it is one of a principal's; otherwise null.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="sessionID">The session.</param>
    /// <param name="principalID">The principal.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<Guid?> AgentOf(NpgsqlDataSource database, Guid sessionID, Guid principalID, CancellationToken cancellation) =>
        database.Scalar<Guid?>(AgentSql, cancellation, sessionID, principalID);

    /// <summary>The live sessions that a token started, or a token below it.</summary>
    /// <param name="session">The unit of work.</param>
    /// <param name="tokenID">The token.</param>
    /// <param name="principalID">The principal of the agents.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<SessionVersion>> LiveBelow(
        IQuerySession session, Guid tokenID, Guid principalID, DateTimeOffset now, CancellationToken cancellation) =>
        session.Rows(BelowTokenSql, VersionRow, cancellation, tokenID, principalID, now);

    /// <summary>The rooms in which a session is present.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="sessionID">The session.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<SessionPresence>> Presences(
        NpgsqlDataSource database, Guid sessionID, CancellationToken cancellation) =>
        database.Rows(
            PresencesSql, row => new SessionPresence(row.Get<Guid>("room_id"), row.Get<Guid>("participant_id")), cancellation, sessionID);

    internal static SessionVersion VersionRow(Row row) => new(row.Get<Guid>("session_id"), row.Get<long>("version"));

    /// <summary>Those of <paramref name="sessionIDs"/> that live, and hold a connection or were seen since a moment.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="sessionIDs">The sessions.</param>
    /// <param name="now">The time.</param>
    /// <param name="since">The moment.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<IReadOnlySet<Guid>> ThatShowLife(
        NpgsqlDataSource database, Guid[] sessionIDs, DateTimeOffset now, DateTimeOffset since, CancellationToken cancellation) =>
        (await database.Rows(LifeSql, row => row.Get<Guid>("session_id"), cancellation, sessionIDs, now, since)).ToHashSet();

    private static LiveSessionRow LiveRow(Row row) => new(
        row.Get<Guid>("session_id"), row.Get<Guid[]>("tokens"), row.Get<DateTimeOffset>("last_seen_at"), row.Get<bool>("is_held"));
}
