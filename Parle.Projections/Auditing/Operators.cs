using Npgsql;

namespace Parle.Projections.Auditing;

/// <summary>An operator of the service, as the view knows it.</summary>
/// <param name="OperatorID">The operator.</param>
/// <param name="Label">Its label.</param>
/// <param name="CreatedAt">The time of its appointment.</param>
/// <param name="ExpiresAt">The end of its term; null for no bound.</param>
/// <param name="RevokedAt">The time of its dismissal; null for none.</param>
/// <param name="AppointedBy">The operator that appointed it; null for one that was appointed at the machine.</param>
public sealed record OperatorRow(
    Guid OperatorID, string Label, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, Guid? AppointedBy);

/// <summary>Something that lasts no longer than the operator that made it.</summary>
/// <param name="Kind"><c>operator</c>, <c>identity</c>, <c>auditor</c>, <c>session</c> or <c>token</c>.</param>
/// <param name="StreamID">The stream in which its end is recorded.</param>
/// <param name="PrincipalID">The principal it belongs to; null for an operator.</param>
/// <param name="IdentityKind">The kind of an identity; null for everything else.</param>
/// <param name="IdentityHash">The hash of an identity; null for everything else.</param>
public sealed record MadeByOperator(string Kind, Guid StreamID, Guid? PrincipalID, string? IdentityKind, string? IdentityHash);

/// <summary>"Which operators does the service have, and what did they make?" See <see cref="AuditReaders"/>.</summary>
public static class Operators
{
    /// <summary>Most results of <see cref="MadeBy"/>.</summary>
    public const int MaxMade = 200;

    private const string ListSql = """
        select operator_id, label, created_at, expires_at, revoked_at, operators[cardinality(operators)] as appointed_by
        from parle.operators where operator_id < $2 order by operator_id desc limit $1
        """;

    private const string DismissedSql = """
        select 'operator' as kind, o.operator_id as stream_id, null::uuid as principal_id, null as identity_kind, null as identity_hash
        from parle.operators o where o.revoked_at is null and (o.operator_id = $1 or o.operators @> array[$1])
        union all
        select 'identity', i.principal_id, i.principal_id, i.kind, i.hash from parle.identities i where i.operators @> array[$1]
        """;

    private const string MadeSql = """
        select * from (
            select 'auditor' as kind, a.auditor_id as stream_id, r.owner_id as principal_id,
                   null::text as identity_kind, null::text as identity_hash
            from parle.auditors a join parle.rooms r using (room_id) where a.revoked_at is null and a.operators @> array[$1]
            union all
            select 'session', s.session_id, s.principal_id, null, null
            from parle.person_sessions s where s.ended_at is null and s.expires_at > now() and s.operators @> array[$1]
            union all
            select 'token', t.token_id, a.principal_id, null, null
            from parle.agent_tokens t join parle.agents a using (agent_id) where t.revoked_at is null and t.operators @> array[$1]) as made
        limit $2
        """;

    /// <summary>The operators, newest first, dismissed ones among them.</summary>
    /// <param name="database">The database of the views.</param>
    /// <param name="after">Only operators that were appointed before this one.</param>
    /// <param name="limit">Most rows of the answer.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<OperatorRow>> All(
        NpgsqlDataSource database, Guid after, int limit, CancellationToken cancellation) => database.Rows(
            ListSql, row => new OperatorRow(
                row.Get<Guid>("operator_id"), row.Get<string>("label"), row.Get<DateTimeOffset>("created_at"),
                row.Get<DateTimeOffset?>("expires_at"), row.Get<DateTimeOffset?>("revoked_at"), row.Get<Guid?>("appointed_by")),
            cancellation, limit, after);

    /// <summary>An operator that is not dismissed yet, the operators below it, and the identities that it linked.</summary>
    public static Task<IReadOnlyList<MadeByOperator>> EndingWith(
        NpgsqlDataSource database, Guid operatorID, CancellationToken cancellation) =>
        database.Rows(DismissedSql, Read, cancellation, operatorID);

    /// <summary>Auditors, sessions and tokens that an operator made and that have not ended; <see cref="MaxMade"/> at most.</summary>
    public static Task<IReadOnlyList<MadeByOperator>> MadeBy(
        NpgsqlDataSource database, Guid operatorID, CancellationToken cancellation) =>
        database.Rows(MadeSql, Read, cancellation, operatorID, MaxMade);

    private static MadeByOperator Read(Row row) => new(row.Get<string>("kind"), row.Get<Guid>("stream_id"), row.Get<Guid?>("principal_id"),
        row.Get<string?>("identity_kind"), row.Get<string?>("identity_hash"));
}
