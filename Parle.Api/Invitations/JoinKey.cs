using Npgsql;
using NpgsqlTypes;
using Parle.Api.Callers;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Projections.Invitations;

namespace Parle.Api.Invitations;

/// <summary>A join key that opens something for whoever presents it, or once did for the same one.</summary>
/// <param name="ID">Which key.</param>
/// <param name="RoomID">The room it opens.</param>
/// <param name="RoomHandle">Its handle; null for none.</param>
/// <param name="NeedsApproval">Whether the host has to agree.</param>
/// <param name="IssuerID">Who made it, or whose agent did.</param>
/// <param name="IssuerHandle">Its handle.</param>
/// <param name="AuthorID">Who presents it: an agent by its token, a person, or nobody but the key.</param>
/// <param name="IsUsed">Whether the same one joined with it before, under the same name.</param>
internal sealed record JoinKey(
    Guid ID, Guid RoomID, string? RoomHandle, bool NeedsApproval, Guid IssuerID, string IssuerHandle, Guid AuthorID, bool IsUsed)
{
    /// <summary>The operators in the chain by which it was made; empty for none.</summary>
    public IReadOnlyList<Guid> Operators { get; init; } = [];

    // One statement for what is open and for what was used: what is neither is not found, in the same way as what never was.
    private const string Sql = $"""
        select i.invitation_id, i.room_id, r.handle, i.needs_approval, p.principal_id, p.handle, k.key is not null, i.operators
        from parle.credentials c join parle.invitations i on i.invitation_id = c.subject_id and i.kind = 'key'
        join parle.rooms r using (room_id) join parle.principals p on p.principal_id = i.inviter_id
        left join parle.kept_answers k on k.room_id = i.room_id and k.author_id = coalesce($2, i.invitation_id) and k.action = $3 and k.key = replace(i.invitation_id::text, '-', '') || ':' || $4
        where c.hash = $1 and ((i.state = 'open' and r.archived_at is null and not {InvitationDirectory.MinterIsOver}) or (k.key is not null and k.kept_at > $5 and exists (
            select 1 from parle.agent_tokens t where t.token_id = (k.answer::jsonb->>'token_id')::uuid and t.revoked_at is null
              and not exists (select 1 from parle.agent_tokens above where above.token_id = any(t.path) and (above.revoked_at is not null or above.expires_at <= now()))
              and not exists (select 1 from parle.operators o where o.operator_id = any(t.operators) and o.revoked_at is not null)
              and exists (select 1 from parle.seats s where s.seat_id = t.seat_id and s.removed_at is null))))
        """;

    /// <summary>
    /// Finds it by its hash; null when it opens nothing for this caller. Whether it does now is for the room to say. One that was used is
    /// answered again for a time, as long as what it brought is good.
    /// </summary>
    public static async Task<JoinKey?> Find(NpgsqlDataSource database, byte[] hash, Actor? actor, IdempotencyKey named,
        DateTimeOffset usedSince, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new() { Value = hash });
        command.Parameters.Add(new() { Value = (object?)AuthorOf(actor) ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = InvitationActions.Join.Id });
        command.Parameters.Add(new() { Value = named.Text });
        command.Parameters.Add(new() { Value = usedSince });
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await rows.ReadAsync(cancellation)
            ? new(
                rows.GetGuid(0), rows.GetGuid(1), rows.IsDBNull(2) ? null : rows.GetString(2), rows.GetBoolean(3), rows.GetGuid(4),
                rows.GetString(5), AuthorOf(actor) ?? rows.GetGuid(0), rows.GetBoolean(6))
            {
                Operators = rows.IsDBNull(7) ? [] : rows.GetFieldValue<Guid[]>(7),
            }
            : null;
    }

    /// <summary>
    /// The same once it is approved, which may have been after it was found: the operators by whose session that was done are in the chain
    /// too.
    /// </summary>
    public async Task<JoinKey> Approved(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "select operators from parle.invitations where invitation_id = $1 and room_id = $2");
        command.Parameters.Add(new() { Value = ID });
        command.Parameters.Add(new() { Value = RoomID });
        return this with { Operators = await command.ExecuteScalarAsync(cancellation) as Guid[] ?? [] };
    }

    // An agent's names are those of its token: another token of the same agent may be narrower, and must not be answered the same.
    private static Guid? AuthorOf(Actor? actor) => actor?.Agent?.TokenID ?? actor?.AuthorID;

    /// <summary>The name of the write: of this key, by this caller. Another key under the same name is another write.</summary>
    public IdempotencyName NameOf(IdempotencyKey named) => new(RoomID, AuthorID, InvitationActions.Join.Id, $"{ID:N}:{named.Text}");
}
