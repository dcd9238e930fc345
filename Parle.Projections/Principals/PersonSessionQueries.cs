using Marten;
using Npgsql;
using Parle.Projections.Callers;

namespace Parle.Projections.Principals;

/// <summary>A session in which a person is signed in.</summary>
/// <param name="SessionID">The session.</param>
/// <param name="Method">The way of its opening; null where that was not recorded.</param>
/// <param name="OperatorID">The operator by whom it was opened; null for none.</param>
/// <param name="OperatorLabel">The name of that operator; null where it is not known here.</param>
/// <param name="CreatedAt">The time of its start.</param>
/// <param name="LastSeenAt">The last sign of life that is stored; null for none.</param>
/// <param name="ExpiresAt">The time at which it is over.</param>
public sealed record PersonSessionRow(
    Guid SessionID, string? Method, Guid? OperatorID, string? OperatorLabel, DateTimeOffset CreatedAt, DateTimeOffset? LastSeenAt,
    DateTimeOffset ExpiresAt);

/// <summary>Queries of the sessions in which people are signed in, see <see cref="PersonSessions"/>.</summary>
public static class PersonSessionQueries
{
    private static readonly string Lives =
        $"s.ended_at is null and s.expires_at > now() and {OperatorsInForce.NoneDismissed("s.operators")}";

    private static readonly string PageSql = $"""
        select s.session_id, s.method, s.operators[cardinality(s.operators)] as operator_id, o.label, s.created_at, a.last_seen_at,
               s.expires_at
        from parle.person_sessions s left join parle.session_activity a using (session_id)
        left join parle.operators o on o.operator_id = s.operators[cardinality(s.operators)]
        where s.principal_id = $1 and s.session_id < $2 and {Lives} order by s.session_id desc limit $3
        """;

    private static readonly string OneSql =
        $"select s.session_id from parle.person_sessions s where s.principal_id = $1 and s.session_id = $2 and {Lives}";

    private static readonly string OthersSql = $"""
        select s.session_id from parle.person_sessions s
        where s.principal_id = $1 and s.session_id <> $2 and {Lives} order by s.session_id
        """;

    // A session may be of the identity too if it is older than the record of how sessions are opened.
    private const string OpenedBySql = """
        select s.session_id from parle.person_sessions s
        where s.principal_id = $1 and (s.opened_by = any($2) or s.method is null) and s.ended_at is null and s.expires_at > now()
        order by s.session_id
        """;

    /// <summary>The sessions of a principal that let it in, newest first.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="principalID">The principal.</param>
    /// <param name="before">The session before which the page begins.</param>
    /// <param name="limit">Most rows of the answer.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<PersonSessionRow>> Page(
        NpgsqlDataSource database, Guid principalID, Guid before, long limit, CancellationToken cancellation) =>
        database.Rows(
            PageSql,
            row => new PersonSessionRow(
                row.Get<Guid>("session_id"), row.Get<string?>("method"), row.Get<Guid?>("operator_id"), row.Get<string?>("label"),
                row.Get<DateTimeOffset>("created_at"), row.Get<DateTimeOffset?>("last_seen_at"), row.Get<DateTimeOffset>("expires_at")),
            cancellation, principalID, before, limit);

    /// <summary>One session of a principal; empty when it lets nobody in.</summary>
    /// <param name="session">The unit of work.</param>
    /// <param name="principalID">The principal.</param>
    /// <param name="sessionID">The session.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<Guid>> One(
        IQuerySession session, Guid principalID, Guid sessionID, CancellationToken cancellation) =>
        IDs(session, OneSql, cancellation, principalID, sessionID);

    /// <summary>The sessions of a principal that let it in, but for one.</summary>
    /// <param name="session">The unit of work.</param>
    /// <param name="principalID">The principal.</param>
    /// <param name="sessionID">The session to leave out.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<Guid>> Others(
        IQuerySession session, Guid principalID, Guid sessionID, CancellationToken cancellation) =>
        IDs(session, OthersSql, cancellation, principalID, sessionID);

    /// <summary>The sessions of a principal that an identity opened, or may have opened.</summary>
    /// <param name="session">The unit of work.</param>
    /// <param name="principalID">The principal.</param>
    /// <param name="authorities">The identity as it may stand in the authority path of facts.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<Guid>> OpenedBy(
        IQuerySession session, Guid principalID, string[] authorities, CancellationToken cancellation) =>
        IDs(session, OpenedBySql, cancellation, principalID, authorities);

    private static Task<IReadOnlyList<Guid>> IDs(
        IQuerySession session, string sql, CancellationToken cancellation, params IReadOnlyList<object?> parameters) =>
        session.Rows(sql, row => row.Get<Guid>("session_id"), cancellation, parameters);
}
