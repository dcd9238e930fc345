namespace Parle.Projections.Callers;

/// <summary>A caller, as found by its credentials: its token, and the agent, room, seat and session that belong to it.</summary>
public sealed record CallerRow
{
    /// <summary>Finds the tokens that exist, of an array of hashes: <c>i</c> is the place of one.</summary>
    public const string ExistsSql = "select q.i as i from unnest($1) with ordinality as q(token, i) "
        + "where exists (select from parle.credentials c where c.hash = q.token)";

    /// <summary>Finds the callers with commits about them since a snapshot.</summary>
    public const string ChangesSql = "select pg_current_snapshot()::text as snapshot, pg_postmaster_start_time() as start_of_server, "
        + "now() as now, coalesce(parle.caller_changes_since($1::pg_snapshot), '{}') as changed";

    /// <summary>Deletes the changes that no node asks for any more.</summary>
    public const string PruneSql = "select parle.prune_caller_changes($1::pg_snapshot)";

    /// <summary>
    /// Finds callers by arrays of hashes: of tokens, and of their sessions' credentials, empty for none. "limit 1" makes the planner use an
    /// index for each row, also in a plan that is cached while the tables are small. "(select $1)" hides the array's length, so PostgreSQL
    /// keeps one generic plan.
    /// </summary>
    public const string Sql = $$"""
        select q.i as i, t.token_id as token_id, t.scopes as scopes, t.agent_id as agent_id, a.handle as agent_handle,
               a.principal_id as principal_id, p.handle as principal_handle,
               coalesce(t.room_id, '00000000-0000-0000-0000-000000000000') as room_id, r.handle as room_handle,
               seat.seat_id as seat_id, seat.since as seat_since,
               s.session_id as session_id, s.agent_id as session_agent_id, s.handle as session_handle, s.created_at as session_created_at,
               s.expires_at as session_expires_at, s.ended_at as session_ended_at, s.superseded_at as session_superseded_at,
               case when s.token_id is not null then s.token_path || s.token_id end as session_tokens,
               sa.alias as alias, sa.generation as alias_generation,
               pa.participant_id as participant_id, pa.removed_at is not null as was_removed,
               t.path as path, t.actions as actions, t.asks as asks, bounded.token_ids as bounded_tokens, bounded.uses as bounded_uses,
               t.invite_id as invitation_id, t.seat_id is not null and seat.seat_id is null as seat_is_over, t.ends_at as ends_at,
               {{GuestAgents.IsGuest}} as is_guest,
               joined.joined_as as joined_as, t.operators as operators, t.own_above as own_above
        from unnest((select $1), (select $2)) with ordinality as q(token, session, i)
        cross join lateral (select subject_id from parle.credentials c where c.hash = q.token limit 1) as tc
        cross join lateral (
            select t.*, least(t.expires_at, (select min(above.expires_at) from parle.agent_tokens above where above.token_id = any(t.path))) as ends_at,
                   (select count(*) from parle.agent_tokens above where above.token_id = any(t.path) and above.agent_id = t.agent_id) as own_above
            from parle.agent_tokens t
            where t.token_id = tc.subject_id and t.revoked_at is null and (t.expires_at is null or t.expires_at > now())
              and (t.path = '{}' or not exists (
                select 1 from parle.agent_tokens above where above.token_id = any(t.path) and (above.revoked_at is not null or above.expires_at <= now())))
              and (t.operators is null or not exists (select 1 from parle.operators o where o.operator_id = any(t.operators) and o.revoked_at is not null)) limit 1) as t
        left join lateral (
            select array_agg(b.token_id) as token_ids, array_agg(b.uses) as uses
            from parle.agent_tokens b where b.token_id = any(t.path || t.token_id) and b.uses is not null) as bounded on t.path <> '{}' or t.uses is not null
        cross join lateral (select * from parle.agents a where a.agent_id = t.agent_id and a.deleted_at is null limit 1) as a
        cross join lateral (select * from parle.principals p where p.principal_id = a.principal_id limit 1) as p
        left join lateral (select * from parle.rooms r where r.room_id = t.room_id and r.archived_at is null limit 1) as r on true
        left join lateral (
            select * from parle.seats s
            where s.agent_id = t.agent_id and s.room_id = r.room_id and s.removed_at is null and (t.seat_id is null or s.seat_id = t.seat_id) limit 1) as seat on true
        left join lateral (
            select coalesce(i.joined_as, case when i.accepted_by = i.inviter_id then 'guest' else 'itself' end) as joined_as
            from parle.invitations i where i.seat_id = seat.seat_id and i.kind = 'key' limit 1) as joined on true
        left join lateral (select subject_id from parle.credentials c where c.hash = q.session limit 1) as sc on true
        left join lateral (select * from parle.agent_sessions s where s.session_id = sc.subject_id limit 1) as s on true
        left join lateral (select alias, generation from parle.session_aliases sa where sa.session_id = s.session_id and sa.released_at is null limit 1) as sa on true
        left join lateral (
            select participant_id, removed_at from parle.participants p
            where p.session_id = s.session_id and p.room_id = t.room_id and p.seat_id = seat.seat_id and (p.left_at is null or p.removed_at is not null) limit 1) as pa on true
        """;

    /// <summary>The number of its credentials in the query, from 1.</summary>
    public required long Place { get; init; }

    /// <summary>The token.</summary>
    public required Guid TokenID { get; init; }

    /// <summary>The token's scopes.</summary>
    public required string[] Scopes { get; init; }

    /// <summary>The agent that the token is of.</summary>
    public required Guid AgentID { get; init; }

    /// <summary>The agent's handle.</summary>
    public required string AgentHandle { get; init; }

    /// <summary>The agent's principal.</summary>
    public required Guid PrincipalID { get; init; }

    /// <summary>The principal's handle.</summary>
    public required string PrincipalHandle { get; init; }

    /// <summary>The room that the token is for; <see cref="Guid.Empty"/> for none.</summary>
    public required Guid RoomID { get; init; }

    /// <summary>The room's handle; null for none, and when the room is archived.</summary>
    public string? RoomHandle { get; init; }

    /// <summary>The agent's seat there, and the common row that lies last before it.</summary>
    public (Guid SeatID, long Since)? Seat { get; init; }

    /// <summary>The session; null without a valid credential of one.</summary>
    public SessionRow? Session { get; init; }

    /// <summary>The participant that the session is in the room.</summary>
    public Guid? ParticipantID { get; init; }

    /// <summary>Whether that participant was removed.</summary>
    public bool WasRemoved { get; init; }

    /// <summary>The tokens above this one, the root first.</summary>
    public required Guid[] Path { get; init; }

    /// <summary>The number of these tokens that belong to the same agent.</summary>
    public long OwnAbove { get; init; }

    /// <summary>The actions that the token is limited to; null for no limit.</summary>
    public string[]? Actions { get; init; }

    /// <summary>The asks that the token is limited to; null for no limit.</summary>
    public Guid[]? Asks { get; init; }

    /// <summary>The tokens, among this one and its path, that have a number of uses, and these numbers.</summary>
    public IReadOnlyList<(Guid TokenID, int Uses)> BoundedUses { get; init; } = [];

    /// <summary>The invitation that the token came from.</summary>
    public Guid? InvitationID { get; init; }

    /// <summary>Whether the token was for a seat that is over.</summary>
    public bool SeatIsOver { get; init; }

    /// <summary>The end of the token, or of one above it; null for none.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>Whether the agent is a guest of its principal.</summary>
    public bool IsGuest { get; init; }

    /// <summary>The way in which the seat joined by a key; null for a seat without one.</summary>
    public string? JoinedAs { get; init; }

    /// <summary>The operators by whom the token was made; empty for none.</summary>
    public Guid[] Operators { get; init; } = [];

    /// <summary>Reads a row of <see cref="Sql"/>.</summary>
    public static CallerRow Read(Row row) => new()
    {
        Place = row.Get<long>("i"),
        TokenID = row.Get<Guid>("token_id"),
        Scopes = row.Get<string[]>("scopes"),
        AgentID = row.Get<Guid>("agent_id"),
        AgentHandle = row.Get<string>("agent_handle"),
        PrincipalID = row.Get<Guid>("principal_id"),
        PrincipalHandle = row.Get<string>("principal_handle"),
        RoomID = row.Get<Guid>("room_id"),
        RoomHandle = row.Get<string?>("room_handle"),
        Seat = row.Get<Guid?>("seat_id") is { } seatID ? (seatID, row.Get<long>("seat_since")) : null,
        Session = row.Get<Guid?>("session_id") is { } sessionID ? SessionRow.Read(row, sessionID) : null,
        ParticipantID = row.Get<Guid?>("participant_id"),
        WasRemoved = row.Get<bool>("was_removed"),
        Path = row.Get<Guid[]>("path"),
        OwnAbove = row.Get<long>("own_above"),
        Actions = row.Get<string[]?>("actions"),
        Asks = row.Get<Guid[]?>("asks"),
        BoundedUses = row.Get<Guid[]?>("bounded_tokens") is { } bounded ? [.. bounded.Zip(row.Get<int[]>("bounded_uses"))] : [],
        InvitationID = row.Get<Guid?>("invitation_id"),
        SeatIsOver = row.Get<bool>("seat_is_over"),
        EndsAt = row.Get<DateTimeOffset?>("ends_at"),
        IsGuest = row.Get<bool>("is_guest"),
        JoinedAs = row.Get<string?>("joined_as"),
        Operators = row.Get<Guid[]?>("operators") ?? [],
    };
}

/// <summary>The session of a caller.</summary>
/// <param name="SessionID">Its id.</param>
/// <param name="AgentID">The agent that it is of.</param>
/// <param name="Handle">Its handle.</param>
/// <param name="Alias">The alias that it holds, and its generation.</param>
/// <param name="CreatedAt">Its start.</param>
/// <param name="ExpiresAt">Its end at the latest.</param>
/// <param name="EndedAt">Its end; null while it lives.</param>
/// <param name="SupersededAt">The time at which another session superseded it; null for never.</param>
/// <param name="Tokens">The token that started it, after those above it.</param>
public sealed record SessionRow(
    Guid SessionID, Guid AgentID, string Handle, (string Alias, long Generation)? Alias, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt,
    DateTimeOffset? EndedAt, DateTimeOffset? SupersededAt, Guid[] Tokens)
{
    internal static SessionRow Read(Row row, Guid sessionID) => new(
        sessionID, row.Get<Guid>("session_agent_id"), row.Get<string>("session_handle"),
        row.Get<string?>("alias") is { } alias ? (alias, row.Get<long>("alias_generation")) : null,
        row.Get<DateTimeOffset>("session_created_at"), row.Get<DateTimeOffset>("session_expires_at"),
        row.Get<DateTimeOffset?>("session_ended_at"), row.Get<DateTimeOffset?>("session_superseded_at"),
        row.Get<Guid[]?>("session_tokens") ?? []);
}
