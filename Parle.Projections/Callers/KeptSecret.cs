using Marten;
using Npgsql;
using Parle.Projections.Invitations;

namespace Parle.Projections.Callers;

/// <summary>A secret that a repeated request gets again.</summary>
/// <param name="Box">The secret, encrypted under a server key; null when it is not stored.</param>
/// <param name="Hashes">The hashes that it is found by.</param>
public sealed record KeptSecret(byte[]? Box, byte[][] Hashes)
{
    // A secret counts only while the token, session or key is good that it belongs to. Triggers delete it at that end, but nothing relies
    // on them.
    private static readonly string sql = $"""
        select m.box as box, array(select c.hash from parle.credentials c where c.subject_id = $1) as hashes
        from (select 1) as one left join parle.minted_secrets m on m.subject_id = $1
        where exists (
            select from parle.agent_tokens t join parle.agents a using (agent_id)
            where t.token_id = $1 and t.revoked_at is null and (t.expires_at is null or t.expires_at > now()) and a.deleted_at is null
              and {OperatorsInForce.NoneDismissed("t.operators")}
              and not exists (select from parle.seats s where s.seat_id = t.seat_id and s.removed_at is not null)
              and not exists (select from parle.agent_tokens above
                where above.token_id = any(t.path) and (above.revoked_at is not null or above.expires_at <= now())))
        or exists (select from parle.person_sessions s
            where s.session_id = $1 and s.ended_at is null and s.expires_at > now() and {OperatorsInForce.NoneDismissed("s.operators")})
        or exists (select from parle.auditors a
            where a.auditor_id = $1 and a.revoked_at is null and (a.expires_at is null or a.expires_at > now())
              and {OperatorsInForce.NoneDismissed("a.operators")})
        or exists (select from parle.operators o
            where o.operator_id = $1 and o.revoked_at is null and (o.expires_at is null or o.expires_at > now())
              and {OperatorsInForce.NoneDismissed("o.operators")})
        or exists (select from parle.invitations i
            where i.invitation_id = $1 and i.kind = 'key' and i.state = 'open' and i.expires_at > now()
              and not {InvitationDirectory.MinterIsOver})
        """;

    /// <summary>The secret of a token, session, auditor, operator or join key; null when that is over.</summary>
    public static async Task<KeptSecret?> Of(NpgsqlDataSource database, Guid subjectID, CancellationToken cancellation) =>
        (await database.Rows(sql, Read, cancellation, subjectID)).FirstOrDefault();

    /// <summary>The same within a unit of work.</summary>
    public static async Task<KeptSecret?> Of(IQuerySession session, Guid subjectID, CancellationToken cancellation) =>
        (await session.Rows(sql, Read, cancellation, subjectID)).FirstOrDefault();

    private static KeptSecret Read(Row row) => new(row.Get<byte[]?>("box"), row.Get<byte[][]>("hashes"));
}
