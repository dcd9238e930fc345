using Npgsql;

namespace Parle.Projections.Invitations;

/// <summary>A join key that opens its room, or that its presenter has used.</summary>
/// <param name="InvitationID">The key.</param>
/// <param name="RoomID">The room it opens.</param>
/// <param name="RoomHandle">The room's handle; null for none.</param>
/// <param name="NeedsApproval">Whether the host has to agree.</param>
/// <param name="InviterID">The principal that made it, or whose agent did.</param>
/// <param name="InviterHandle">The principal's handle.</param>
/// <param name="IsUsed">Whether the same presenter joined with it before, under the same idempotency key.</param>
/// <param name="Operators">The operators in the chain by which it was made; empty for none.</param>
public sealed record JoinKeyRow(
    Guid InvitationID, Guid RoomID, string? RoomHandle, bool NeedsApproval, Guid InviterID, string InviterHandle, bool IsUsed,
    IReadOnlyList<Guid> Operators)
{
    // One statement for open keys and used ones: all other keys are missed in the same way as keys that never were.
    private const string Sql = $"""
        select i.invitation_id, i.room_id, r.handle as room_handle, i.needs_approval, p.principal_id as inviter_id,
               p.handle as inviter_handle, k.key is not null as is_used, i.operators
        from parle.credentials c join parle.invitations i on i.invitation_id = c.subject_id and i.kind = 'key'
        join parle.rooms r using (room_id) join parle.principals p on p.principal_id = i.inviter_id
        left join parle.kept_answers k on k.room_id = i.room_id and k.author_id = coalesce($2, i.invitation_id) and k.action = $3
          and k.key = replace(i.invitation_id::text, '-', '') || ':' || $4
        where c.hash = $1 and (
          (i.state = 'open' and r.archived_at is null and not {InvitationDirectory.MinterIsOver})
          or (k.key is not null and k.kept_at > $5 and exists (
            select 1 from parle.agent_tokens t where t.token_id = (k.answer::jsonb->>'token_id')::uuid and t.revoked_at is null
              and not exists (
                  select 1 from parle.agent_tokens above
                  where above.token_id = any(t.path) and (above.revoked_at is not null or above.expires_at <= now()))
              and not exists (select 1 from parle.operators o where o.operator_id = any(t.operators) and o.revoked_at is not null)
              and exists (select 1 from parle.seats s where s.seat_id = t.seat_id and s.removed_at is null))))
        """;

    /// <summary>
    /// Finds an open key, or one that the same presenter used under the same idempotency key, as long as the token it brought is good.
    /// </summary>
    /// <param name="database">The database of the views.</param>
    /// <param name="hash">The hash of the key's secret.</param>
    /// <param name="authorID">The presenter; null for nobody but the key.</param>
    /// <param name="action">The action that used it.</param>
    /// <param name="idempotencyKey">The idempotency key of the request.</param>
    /// <param name="usedSince">Earlier uses are not found.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<JoinKeyRow?> Find(NpgsqlDataSource database, byte[] hash, Guid? authorID, string action,
        string idempotencyKey, DateTimeOffset usedSince, CancellationToken cancellation) => (await database.Rows(
            Sql, row => new JoinKeyRow(
                row.Get<Guid>("invitation_id"), row.Get<Guid>("room_id"), row.Get<string?>("room_handle"), row.Get<bool>("needs_approval"),
                row.Get<Guid>("inviter_id"), row.Get<string>("inviter_handle"), row.Get<bool>("is_used"),
                row.Get<Guid[]?>("operators") ?? []),
            cancellation, hash, authorID, action, idempotencyKey, usedSince)) is [var found, ..] ? found : null;

    /// <summary>The operators in the chain by which a key was made and approved; empty for none.</summary>
    public static async Task<IReadOnlyList<Guid>> OperatorsOf(
        NpgsqlDataSource database, Guid invitationID, Guid roomID, CancellationToken cancellation) => await database.Scalar<Guid[]>(
            "select operators from parle.invitations where invitation_id = $1 and room_id = $2", cancellation, invitationID, roomID) ?? [];
}
