using Marten;
using Npgsql;

namespace Parle.Projections.Rooms;

/// <summary>A room with one of its members.</summary>
/// <param name="RoomID">The room.</param>
/// <param name="Handle">Its handle; null when it has none.</param>
/// <param name="IsPrivate">Whether it is private.</param>
/// <param name="CreatedAt">The time of its opening.</param>
/// <param name="OwnerID">The principal that owns it.</param>
/// <param name="OwnerHandle">The owner's handle.</param>
public sealed record MembersRoomRow(
    Guid RoomID, string? Handle, bool IsPrivate, DateTimeOffset CreatedAt, Guid OwnerID, string OwnerHandle);

/// <summary>Open rooms that were opened under equally many tokens.</summary>
/// <param name="Tokens">The number of tokens in the authority of the opening; 0 where that was not queried.</param>
/// <param name="Rooms">The number of rooms.</param>
public sealed record OpenRooms(long Tokens, long Rooms);

/// <summary>The opening of a room: its time, and the owner's names.</summary>
/// <param name="CreatedAt">The time of its opening.</param>
/// <param name="OwnerHandle">The owner's handle.</param>
/// <param name="OwnerName">The owner's display name.</param>
public sealed record RoomOpening(DateTimeOffset CreatedAt, string OwnerHandle, string OwnerName);

/// <summary>A seat in a room, with its names.</summary>
/// <param name="SeatID">The seat.</param>
/// <param name="PrincipalID">The principal, or the principal for whom the agent acts.</param>
/// <param name="Handle">The principal's handle.</param>
/// <param name="DisplayName">The principal's display name.</param>
/// <param name="AdmittedAt">The time at which it was given.</param>
/// <param name="Agent">The agent; null for a principal's own seat.</param>
public sealed record SeatRow(
    Guid SeatID, Guid PrincipalID, string Handle, string DisplayName, DateTimeOffset AdmittedAt, SeatedAgentRow? Agent);

/// <summary>An agent that has a seat.</summary>
/// <param name="AgentID">The agent.</param>
/// <param name="Handle">Its handle.</param>
/// <param name="DisplayName">Its display name.</param>
/// <param name="LiveSessions">The number of its live sessions in the room.</param>
/// <param name="LastSeenAt">The time of the last request of these; null for none.</param>
public sealed record SeatedAgentRow(Guid AgentID, string Handle, string DisplayName, int LiveSessions, DateTimeOffset? LastSeenAt);

/// <summary>The presence of a live session.</summary>
/// <param name="ParticipantID">The presence.</param>
/// <param name="PrincipalID">The principal for whom the agent acts.</param>
/// <param name="SessionID">The session.</param>
/// <param name="AgentID">The agent.</param>
/// <param name="SessionHandle">The session's handle.</param>
/// <param name="Address">Its address.</param>
/// <param name="LastSeenAt">The time of its last request.</param>
/// <param name="ExpiresAt">The time of its end.</param>
public sealed record PresentSession(
    Guid ParticipantID, Guid PrincipalID, Guid SessionID, Guid AgentID, string SessionHandle, string Address, DateTimeOffset LastSeenAt,
    DateTimeOffset ExpiresAt);

/// <summary>Reads rooms, their seats and the sessions that are present; see <see cref="RoomDirectory"/>.</summary>
public static class RoomPage
{
    private const string HandleSql =
        "select exists (select from parle.rooms where owner_id = $1 and archived_at is null and handle = $2) as is_taken";

    // The tokens under which a room was opened are on its first fact; only the limits of callers that have a token above need them.
    private const string CountSql = """
        select tokens, count(*) as rooms from (
            select case when $2 then (
                select count(*) from parle.mt_events e, jsonb_array_elements_text(e.headers->'authority') as step
                where e.stream_id = r.room_id and e.version = 1 and step like 'token:%') else 0 end as tokens
            from parle.rooms r where r.owner_id = $1 and r.archived_at is null) as opened
        group by tokens
        """;

    /// <summary>The open rooms in which a principal has a seat of its own, in the order of their opening.</summary>
    /// <param name="database">The database of the view.</param>
    /// <param name="principalID">The principal.</param>
    /// <param name="after">Only rooms with a greater id.</param>
    /// <param name="limit">Most rooms.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<MembersRoomRow>> OfMember(
        NpgsqlDataSource database, Guid principalID, Guid after, int limit, CancellationToken cancellation) => database.Rows(
        """
        select r.room_id, r.handle, r.kind = 'private' as is_private, r.created_at, r.owner_id, p.handle as owner_handle
        from parle.rooms r join parle.principals p on p.principal_id = r.owner_id
        where r.archived_at is null and r.room_id > $2
          and exists (
              select from parle.seats s
              where s.room_id = r.room_id and s.principal_id = $1 and s.agent_id is null and s.removed_at is null)
        order by r.room_id limit $3
        """,
        row => new MembersRoomRow(
            row.Get<Guid>("room_id"), row.Get<string?>("handle"), row.Get<bool>("is_private"), row.Get<DateTimeOffset>("created_at"),
            row.Get<Guid>("owner_id"), row.Get<string>("owner_handle")),
        cancellation, principalID, after, (long)limit);

    /// <summary>Whether an open room of <paramref name="ownerID"/> has the handle.</summary>
    public static Task<bool> IsHandleTaken(IQuerySession session, Guid ownerID, string handle, CancellationToken cancellation) =>
        session.Scalar<bool>(HandleSql, cancellation, ownerID, handle);

    /// <summary>The number of a principal's open rooms.</summary>
    /// <param name="database">The database of the view.</param>
    /// <param name="ownerID">The principal.</param>
    /// <param name="byTokens">Whether to count separately by the number of tokens under which they were opened.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<OpenRooms>> Count(
        NpgsqlDataSource database, Guid ownerID, bool byTokens, CancellationToken cancellation) =>
        database.Rows(CountSql, Counted, cancellation, ownerID, byTokens);

    /// <summary>The same, within a unit of work.</summary>
    public static Task<IReadOnlyList<OpenRooms>> Count(
        IQuerySession session, Guid ownerID, bool byTokens, CancellationToken cancellation) =>
        session.Rows(CountSql, Counted, cancellation, ownerID, byTokens);

    /// <summary>The opening of a room; null when there is no such room.</summary>
    public static async Task<RoomOpening?> Opening(NpgsqlDataSource database, Guid roomID, CancellationToken cancellation) =>
        (await database.Rows(
            """
            select r.created_at, p.handle, p.display_name
            from parle.rooms r join parle.principals p on p.principal_id = r.owner_id where r.room_id = $1
            """,
            row => new RoomOpening(row.Get<DateTimeOffset>("created_at"), row.Get<string>("handle"), row.Get<string>("display_name")),
            cancellation, roomID)) is [var opening] ? opening : null;

    /// <summary>The seats of a room, those of <paramref name="principalID"/> first, and the number of all.</summary>
    /// <param name="database">The database of the view.</param>
    /// <param name="roomID">The room.</param>
    /// <param name="principalID">The principal that asks.</param>
    /// <param name="now">The moment.</param>
    /// <param name="limit">Most seats.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<(IReadOnlyList<SeatRow> Seats, long Count)> Seats(
        NpgsqlDataSource database, Guid roomID, Guid principalID, DateTimeOffset now, int limit, CancellationToken cancellation)
    {
        var rows = await database.Rows(
            """
            with shown as (
                select s.seat_id, s.principal_id, p.handle, p.display_name, s.admitted_at,
                    s.agent_id, a.handle as agent_handle, a.display_name as agent_name, count(*) over () as seats
                from parle.seats s
                join parle.principals p on p.principal_id = s.principal_id
                left join parle.agents a on a.agent_id = s.agent_id
                where s.room_id = $1 and s.removed_at is null
                order by s.principal_id <> $2, s.agent_id is not null, s.admitted_at, s.seat_id limit $3
            ), life as (
                select p.seat_id, count(*) as sessions, max(coalesce(seen.last_seen_at, a.created_at)) as last_seen_at
                from parle.participants p
                join parle.agent_sessions a on a.session_id = p.session_id
                left join parle.session_activity seen on seen.session_id = p.session_id
                where p.room_id = $1 and p.left_at is null
                  and a.ended_at is null and a.superseded_at is null and a.expires_at > $4
                group by p.seat_id
            )
            select s.*, coalesce(l.sessions, 0) as sessions, l.last_seen_at from shown s left join life l using (seat_id)
            order by s.principal_id <> $2, s.agent_id is not null, s.admitted_at, s.seat_id
            """,
            row => (
                Seat: new SeatRow(
                    row.Get<Guid>("seat_id"), row.Get<Guid>("principal_id"), row.Get<string>("handle"), row.Get<string>("display_name"),
                    row.Get<DateTimeOffset>("admitted_at"),
                    row.Get<Guid?>("agent_id") is { } agentID
                        ? new(agentID, row.Get<string>("agent_handle"), row.Get<string>("agent_name"), (int)row.Get<long>("sessions"),
                            row.Get<DateTimeOffset?>("last_seen_at")) : null),
                Count: row.Get<long>("seats")),
            cancellation, roomID, principalID, (long)limit, now);
        return ([.. rows.Select(row => row.Seat)], rows is [var first, ..] ? first.Count : 0);
    }

    /// <summary>The live sessions that are present in a room, in the order of entering.</summary>
    /// <param name="database">The database of the view.</param>
    /// <param name="roomID">The room.</param>
    /// <param name="after">Only presences with a greater id.</param>
    /// <param name="now">The moment.</param>
    /// <param name="limit">Most presences.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<PresentSession>> Present(
        NpgsqlDataSource database, Guid roomID, Guid after, DateTimeOffset now, int limit, CancellationToken cancellation) => database.Rows(
        """
        select p.participant_id, s.principal_id, p.session_id, s.agent_id, a.handle, p.address,
            coalesce(seen.last_seen_at, a.created_at) as last_seen_at, a.expires_at
        from parle.participants p
        join parle.seats s on s.seat_id = p.seat_id
        join parle.agent_sessions a on a.session_id = p.session_id
        left join parle.session_activity seen on seen.session_id = p.session_id
        where p.room_id = $1 and p.left_at is null and p.participant_id > $2 and s.removed_at is null
          and a.ended_at is null and a.superseded_at is null and a.expires_at > $3
        order by p.participant_id limit $4
        """,
        row => new PresentSession(
            row.Get<Guid>("participant_id"), row.Get<Guid>("principal_id"), row.Get<Guid>("session_id"), row.Get<Guid>("agent_id"),
            row.Get<string>("handle"), row.Get<string>("address"), row.Get<DateTimeOffset>("last_seen_at"),
            row.Get<DateTimeOffset>("expires_at")),
        cancellation, roomID, after, now, (long)limit);

    /// <summary>The seat of a participant of a room; null when it is not one of the room's.</summary>
    public static Task<Guid?> SeatOf(NpgsqlDataSource database, Guid participantID, Guid roomID, CancellationToken cancellation) =>
        database.Scalar<Guid?>(
            "select seat_id from parle.participants where participant_id = $1 and room_id = $2", cancellation, participantID, roomID);

    /// <summary>The fact that added a context item, and the seat that added it; null for none.</summary>
    public static async Task<ContextItemOrigin?> Item(
        NpgsqlDataSource database, Guid itemID, Guid roomID, CancellationToken cancellation) =>
        (await database.Rows(
            """
            select i.event_id, i.seat_id
            from parle.context_items i join parle.asks a on a.ask_id = i.ask_id
            where i.item_id = $1 and a.room_id = $2
            """,
            row => new ContextItemOrigin(row.Get<Guid>("event_id"), row.Get<Guid>("seat_id")), cancellation, itemID, roomID))
                is [var item, ..]
            ? item : null;

    private static OpenRooms Counted(Row row) => new(row.Get<long>("tokens"), row.Get<long>("rooms"));
}

/// <summary>The origin of a context item.</summary>
/// <param name="EventID">The fact that added it.</param>
/// <param name="SeatID">The seat that added it.</param>
public sealed record ContextItemOrigin(Guid EventID, Guid SeatID);
