using Npgsql;

namespace Parle.Projections.Provisioning;

/// <summary>An operator of a label, dismissed or not.</summary>
/// <param name="OperatorID">The operator.</param>
/// <param name="ExpiresAt">The end of its term; null for no bound.</param>
public sealed record LabelledOperator(Guid OperatorID, DateTimeOffset? ExpiresAt);

/// <summary>"Which parts of a description exist already?" Null for a missing one.</summary>
public static class Inventory
{
    private const string AuditorSql = """
        select a.auditor_id from parle.auditors a join parle.contents c on c.content_id = a.auditor_id
        where a.room_id = $1 and a.contents = $2 and c.body = $3 and a.revoked_at is null and (a.expires_at is null or a.expires_at > now())
        order by a.created_at desc limit 1
        """;

    private const string TokenSql = """
        select token_id from parle.agent_tokens
        where agent_id = $1 and room_id = $2
          and (seat_id is null or exists (select from parle.seats s where s.seat_id = agent_tokens.seat_id and s.removed_at is null))
          and scopes @> $3 and scopes <@ $3 and revoked_at is null and (expires_at is null or expires_at > now())
        order by created_at desc limit 1
        """;

    private const string OperatorSql = """
        select operator_id from parle.operators where label = $1 and revoked_at is null and (expires_at is null or expires_at > now())
        order by created_at desc limit 1
        """;

    private const string OperatorsSql = """
        select operator_id, expires_at from parle.operators where label = $1 and ($2::uuid is null or operator_id = $2)
        order by created_at, operator_id
        """;

    /// <summary>Whether there is any principal.</summary>
    public static async Task<bool> HasPrincipals(NpgsqlDataSource database, CancellationToken cancellation) =>
        await database.Scalar<Guid?>("select principal_id from parle.principals limit 1", cancellation) is not null;

    /// <summary>A principal by its handle.</summary>
    public static Task<Guid?> Principal(NpgsqlDataSource database, string handle, CancellationToken cancellation) =>
        database.Scalar<Guid?>("select principal_id from parle.principals where handle = $1", cancellation, handle);

    /// <summary>The principal of an identity, which may be stored under any of some hashes.</summary>
    public static Task<Guid?> PrincipalOfIdentity(
        NpgsqlDataSource database, IReadOnlyList<string> hashes, CancellationToken cancellation) => database.Scalar<Guid?>(
            "select principal_id from parle.identities where hash = any($1) limit 1", cancellation, (object)hashes.ToArray());

    /// <summary>An agent by its principal and its handle.</summary>
    public static Task<Guid?> Agent(NpgsqlDataSource database, Guid principalID, string handle, CancellationToken cancellation) =>
        database.Scalar<Guid?>("select agent_id from parle.agents where principal_id = $1 and handle = $2 and deleted_at is null",
            cancellation, principalID, handle);

    /// <summary>An open room by its owner and its handle.</summary>
    public static Task<Guid?> Room(NpgsqlDataSource database, Guid ownerID, string handle, CancellationToken cancellation) =>
        database.Scalar<Guid?>("select room_id from parle.rooms where owner_id = $1 and handle = $2 and archived_at is null",
            cancellation, ownerID, handle);

    /// <summary>The newest auditor of a room with this label, as stored.</summary>
    public static Task<Guid?> Auditor(
        NpgsqlDataSource database, Guid roomID, bool contents, string label, CancellationToken cancellation) =>
        database.Scalar<Guid?>(AuditorSql, cancellation, roomID, contents, label);

    /// <summary>The newest token of an agent for a room with exactly these scopes, whose seat is still there.</summary>
    public static Task<Guid?> Token(
        NpgsqlDataSource database, Guid agentID, Guid roomID, IReadOnlyList<string> scopes, CancellationToken cancellation) =>
        database.Scalar<Guid?>(TokenSql, cancellation, agentID, roomID, scopes.ToArray());

    /// <summary>The newest operator of a label whose term has not ended.</summary>
    public static Task<Guid?> Operator(NpgsqlDataSource database, string label, CancellationToken cancellation) =>
        database.Scalar<Guid?>(OperatorSql, cancellation, label);

    /// <summary>All operators of a label, or one of them, oldest first.</summary>
    public static Task<IReadOnlyList<LabelledOperator>> Operators(
        NpgsqlDataSource database, string label, Guid? operatorID, CancellationToken cancellation) => database.Rows(
            OperatorsSql, row => new LabelledOperator(row.Get<Guid>("operator_id"), row.Get<DateTimeOffset?>("expires_at")), cancellation,
            label, operatorID);
}
