using Npgsql;

namespace Parle.Projections.Invitations;

/// <summary>An invitation of any state, as the view has it.</summary>
/// <param name="InvitationID">The invitation.</param>
/// <param name="RoomID">The room it leads to.</param>
/// <param name="RoomHandle">Its handle; null for none.</param>
/// <param name="Kind">The kind of guest: <c>principal</c>, <c>agent</c>, <c>email</c> or <c>key</c>.</param>
/// <param name="InviterID">The inviting principal.</param>
/// <param name="InviterHandle">Its handle.</param>
/// <param name="PrincipalID">The invited principal, or the principal of the invited agent.</param>
/// <param name="AgentID">The invited agent, or the agent that asked to come in.</param>
/// <param name="OfferedRights">The rights of the seat beside taking part.</param>
/// <param name="ShowsHistory">Whether the seat sees earlier rows.</param>
/// <param name="State">Its state: <c>open</c>, <c>accepted</c>, <c>denied</c>, <c>revoked</c> or <c>lapsed</c>.</param>
/// <param name="Waiting">Whether a guest waits for approval.</param>
/// <param name="RequesterHandle">The handle of the waiting guest.</param>
/// <param name="RequesterID">The principal of the waiting guest.</param>
/// <param name="RequestedAt">The moment the guest asked.</param>
/// <param name="CreatedAt">The time at which it was minted.</param>
/// <param name="ExpiresAt">The moment it expires.</param>
/// <param name="AcceptedAt">The time of its use.</param>
/// <param name="AcceptedBy">The principal that used it, or whose agent did.</param>
/// <param name="AcceptedAgentID">The agent it brought in.</param>
/// <param name="SeatID">The seat it brought.</param>
/// <param name="SeatIsActive">Whether that seat is still there.</param>
/// <param name="NeedsApproval">Whether approval is needed when it is used.</param>
/// <param name="Scopes">The scopes of a key's token; null for all other kinds.</param>
/// <param name="AgentHandle">The handle of a new agent that joins with the key.</param>
/// <param name="Label">The minter's label of a key, as stored; null for none.</param>
/// <param name="MinterSeatID">The seat that invites.</param>
/// <param name="Operators">The operators in the minter's chain.</param>
public sealed record InvitationRow(
    Guid InvitationID, Guid RoomID, string? RoomHandle, string Kind, Guid InviterID, string? InviterHandle, Guid? PrincipalID,
    Guid? AgentID, IReadOnlyList<string> OfferedRights, bool ShowsHistory, string State, bool Waiting, string? RequesterHandle,
    Guid? RequesterID, DateTimeOffset? RequestedAt, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? AcceptedAt,
    Guid? AcceptedBy, Guid? AcceptedAgentID, Guid? SeatID, bool SeatIsActive, bool NeedsApproval, IReadOnlyList<string>? Scopes,
    string? AgentHandle, string? Label, Guid MinterSeatID, IReadOnlyList<Guid> Operators)
{
    private const string Select = $"""
        select i.invitation_id, i.room_id, r.handle as room_handle, i.kind, i.inviter_id, p.handle as inviter_handle, i.principal_id,
               i.agent_id, i.offered_rights, i.history = 'all' as shows_history,
               case when i.state = 'open' and {InvitationDirectory.MinterIsOver} then 'revoked' else i.state end as state, i.waiting,
               i.requester_handle, i.requester_id, i.requested_at, i.created_at, i.expires_at, i.accepted_at, i.accepted_by,
               i.accepted_agent_id, i.seat_id, s.seat_id is not null and s.removed_at is null as seat_is_active, i.needs_approval,
               i.scopes, i.agent_handle, c.body as label, i.minter_seat_id, i.operators
        from parle.invitations i join parle.rooms r using (room_id) left join parle.principals p on p.principal_id = i.inviter_id
        left join parle.seats s on s.seat_id = i.seat_id and s.room_id = i.room_id
        left join parle.contents c on c.content_id = i.invitation_id and c.room_id = i.room_id
        """;

    /// <summary>One invitation; null when there is none.</summary>
    public static async Task<InvitationRow?> Find(NpgsqlDataSource database, Guid invitationID, CancellationToken cancellation) =>
        (await Read(database, $"{Select} where i.invitation_id = $1", cancellation, invitationID)) is [var row] ? row : null;

    /// <summary>The join keys of a room, newest first, used ones among them.</summary>
    /// <param name="database">The database of the view.</param>
    /// <param name="roomID">The room.</param>
    /// <param name="of">Only keys minted by this seat or by one of this principal; null for all.</param>
    /// <param name="after">Only keys minted before this one.</param>
    /// <param name="limit">Most keys.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<InvitationRow>> Keys(NpgsqlDataSource database, Guid roomID, (Guid SeatID, Guid PrincipalID)? of,
        Guid after, int limit, CancellationToken cancellation) => Read(
            database, $"{Select} where i.room_id = $1 and i.kind = 'key' and ($3 or i.minter_seat_id = $4 or i.inviter_id = $5) and "
                + "i.invitation_id < $6 order by i.invitation_id desc limit $2", cancellation,
            roomID, limit, of is null, of?.SeatID ?? Guid.Empty, of?.PrincipalID ?? Guid.Empty, after);

    /// <summary>
    /// The guests that wait for a principal's decision: its own agents, and holders of keys that it minted or that lead to its rooms.
    /// Oldest invitation first.
    /// </summary>
    public static Task<IReadOnlyList<InvitationRow>> WaitingFor(
        NpgsqlDataSource database, Guid principalID, DateTimeOffset now, Guid after, int limit, CancellationToken cancellation) => Read(
            database,
            $"""
            {Select}
            where i.waiting and i.invitation_id > $4 and i.expires_at > $2 and r.archived_at is null
              and not {InvitationDirectory.MinterIsOver} and (
                (i.kind = 'agent' and i.principal_id = $1)
                or (i.kind = 'key' and (i.inviter_id = $1 or r.owner_id = $1) and exists (
                    select 1 from parle.seats m
                    where m.seat_id = i.minter_seat_id and m.removed_at is null
                      and (m.principal_id = r.owner_id or 'invite_members' = any(m.rights)))))
            order by i.invitation_id limit $3
            """,
            cancellation, principalID, now, limit, after);

    private static Task<IReadOnlyList<InvitationRow>> Read(
        NpgsqlDataSource database, string sql, CancellationToken cancellation, params IReadOnlyList<object?> parameters) => database.Rows(
            sql, row => new InvitationRow(
                row.Get<Guid>("invitation_id"), row.Get<Guid>("room_id"), row.Get<string?>("room_handle"), row.Get<string>("kind"),
                row.Get<Guid>("inviter_id"), row.Get<string?>("inviter_handle"), row.Get<Guid?>("principal_id"), row.Get<Guid?>("agent_id"),
                row.Get<string[]>("offered_rights"), row.Get<bool>("shows_history"), row.Get<string>("state"), row.Get<bool>("waiting"),
                row.Get<string?>("requester_handle"), row.Get<Guid?>("requester_id"), row.Get<DateTimeOffset?>("requested_at"),
                row.Get<DateTimeOffset>("created_at"), row.Get<DateTimeOffset>("expires_at"), row.Get<DateTimeOffset?>("accepted_at"),
                row.Get<Guid?>("accepted_by"), row.Get<Guid?>("accepted_agent_id"), row.Get<Guid?>("seat_id"),
                row.Get<bool>("seat_is_active"), row.Get<bool>("needs_approval"), row.Get<string[]?>("scopes"),
                row.Get<string?>("agent_handle"), row.Get<string?>("label"), row.Get<Guid>("minter_seat_id"),
                row.Get<Guid[]?>("operators") ?? []),
            cancellation, parameters);
}
