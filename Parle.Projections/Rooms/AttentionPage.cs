using Npgsql;
using NpgsqlTypes;

namespace Parle.Projections.Rooms;

/// <summary>A direct message that waits for its addressee.</summary>
/// <param name="Row">The message, as a row of the seat's view.</param>
/// <param name="RouteID">The reply route.</param>
/// <param name="InteractionID">The exchange it belongs to.</param>
/// <param name="Hop">The number of replies before it.</param>
/// <param name="Answered">Whether the route was used.</param>
public sealed record AttentionRow(TimelineRow Row, Guid RouteID, Guid InteractionID, int Hop, bool Answered);

/// <summary>The acknowledged position of an owner's work.</summary>
/// <param name="Seq">The position in the seat's view; 0 when nothing was acknowledged.</param>
/// <param name="EventID">The row acknowledged last; null when none was.</param>
/// <param name="UpdatedAt">The moment of that; null when none was.</param>
public sealed record Acknowledged(long Seq, Guid? EventID, DateTimeOffset? UpdatedAt);

/// <summary>The owner of work.</summary>
/// <param name="RoomID">The room.</param>
/// <param name="SeatID">The seat in it.</param>
/// <param name="Scopes">The scopes within the seat: the participant, and before it an alias.</param>
/// <param name="ParticipantID">The participant that asks. A message it wrote itself is no work for it.</param>
/// <param name="AgentID">Its agent.</param>
public sealed record WorkOf(Guid RoomID, Guid SeatID, IReadOnlyList<string> Scopes, Guid ParticipantID, Guid AgentID);

/// <summary>Reads waiting work, and moves the position up to which it is acknowledged.</summary>
public static class AttentionPage
{
    /// <summary>The name under which a used reply route is stored; see <see cref="Tables.KeptAnswers"/>.</summary>
    public const string UsedRoute = "reply_route";

    private const string PageSql = $"""
        with waiting as (
            select distinct on (a.seq) a.seq, a.event_id, a.route_id, a.interaction_id, a.hop
            from unnest($3) as s(scope)
            left join parle.acknowledgements k on k.seat_id = $2 and k.scope = s.scope
            cross join lateral (
                select * from parle.attention a
                where a.seat_id = $2 and a.scope = s.scope and a.seq > coalesce(k.seq, 0) and a.author_id is distinct from $4
                order by a.seq limit $6) as a
            order by a.seq, a.route_id limit $6
        ), sized as (
            select w.*, r.room_id, r.type, r.created_at, r.addressing, r.author_id, r.author_alias, r.subject_id, c.body,
                   sum(coalesce(octet_length(c.body), 0)) over (order by w.seq) as bytes, row_number() over (order by w.seq) as i
            from waiting w
            cross join lateral (select * from parle.timeline_rows r where r.event_id = w.event_id and r.room_id = $1 limit 1) as r
            left join lateral (select body from parle.contents c where c.content_id = w.event_id and c.room_id = $1 limit 1) as c on true
        )
        select r.seq, {TimelineColumns.Select}, r.route_id, r.interaction_id, r.hop,
               exists (
                   select from parle.kept_answers k
                   where k.room_id = $1 and k.author_id = $5 and k.action = '{UsedRoute}' and k.key = r.route_id::text) as is_answered
        from sized r {TimelineColumns.People}
        where r.i = 1 or r.bytes <= $7
        order by r.seq
        """;

    private const string AcknowledgedSql = "select seq, event_id, updated_at from parle.acknowledgements where seat_id = $1 and scope = $2";

    // Only a waiting row can be acknowledged. It takes along all rows before it, in every scope of the caller, because they are drained
    // together. A caller that drained its own row before it had its alias has not seen the alias's work of then.
    private const string AcknowledgeSql = """
        with named as (
            select a.seq, a.event_id, bool_or(
                a.scope = ($2::text[])[1]
                or r.created_at > (
                    select sa.claimed_at from parle.participants p
                    join parle.session_aliases sa on sa.session_id = p.session_id and sa.released_at is null
                    where p.participant_id = $3)) as all_scopes
            from parle.attention a
            join parle.timeline_rows r on r.event_id = a.event_id
            left join parle.acknowledgements k on k.seat_id = a.seat_id and k.scope = a.scope
            where a.seat_id = $1 and a.scope = any($2) and a.seq = $4 and a.author_id is distinct from $3
              and ($5::uuid is null or a.event_id = $5) and a.seq > coalesce(k.seq, 0)
            group by a.seq, a.event_id
        ), moved as (
            insert into parle.acknowledgements (seat_id, scope, seq, event_id, updated_at)
            select $1, s.scope, n.seq, n.event_id, $6
            from named n cross join unnest($2) with ordinality as s(scope, i) where n.all_scopes or s.i = cardinality($2)
            on conflict (seat_id, scope) do update set seq = excluded.seq, event_id = excluded.event_id, updated_at = excluded.updated_at
            where acknowledgements.seq < excluded.seq
            returning 1
        )
        select n.seq, n.event_id from named n where exists (select from moved)
        """;

    /// <summary>
    /// The waiting work, oldest first, at most <see cref="TimelinePage.MaxRows"/>; and the acknowledged position of the first scope.
    /// </summary>
    public static async Task<(IReadOnlyList<AttentionRow> Rows, Acknowledged Acknowledged)> Read(
        NpgsqlDataSource database, WorkOf work, CancellationToken cancellation)
    {
        // In one round trip.
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(PageSql)
        {
            Parameters =
            {
                new() { Value = work.RoomID }, new() { Value = work.SeatID }, Texts(work.Scopes), new() { Value = work.ParticipantID },
                new() { Value = work.AgentID }, new() { Value = (long)TimelinePage.MaxRows },
                new() { Value = (long)TimelinePage.MaxContentBytes },
            },
        });
        batch.BatchCommands.Add(new(AcknowledgedSql) { Parameters = { new() { Value = work.SeatID }, new() { Value = work.Scopes[0] } } });
        await using var results = await batch.ExecuteReaderAsync(cancellation);
        var (rows, columns, row) = (new List<AttentionRow>(), new TimelineColumns(results), new Row(results));
        while (await results.ReadAsync(cancellation))
        {
            rows.Add(
                new(columns.Row, row.Get<Guid>("route_id"), row.Get<Guid>("interaction_id"), row.Get<int>("hop"),
                    row.Get<bool>("is_answered")));
        }

        await results.NextResultAsync(cancellation);
        return (rows, await results.ReadAsync(cancellation)
            ? new(row.Get<long>("seq"), row.Get<Guid>("event_id"), row.Get<DateTimeOffset>("updated_at")) : new(0, null, null));
    }

    /// <summary>The newest reply route that can still be used, with the participant it leads back to; null when there is none.</summary>
    /// <param name="database">The database of the view.</param>
    /// <param name="work">The owner of the work.</param>
    /// <param name="maxHops">Most replies in one exchange.</param>
    /// <param name="since">Routes of older messages have expired.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<(Guid RouteID, Guid AuthorID)?> OpenRoute(
        NpgsqlDataSource database, WorkOf work, int maxHops, DateTimeOffset since, CancellationToken cancellation)
    {
        var found = await database.Rows(
            $"""
            select a.route_id, a.author_id
            from parle.attention a join parle.timeline_rows r on r.event_id = a.event_id and r.room_id = $1
            where a.seat_id = $2 and a.scope = any($3) and a.author_id <> $4 and a.hop < $6 and r.created_at > $7
              and not exists (
                  select from parle.kept_answers k
                  where k.room_id = $1 and k.author_id = $5 and k.action = '{UsedRoute}' and k.key = a.route_id::text)
            order by a.seq desc limit 1
            """,
            row => (row.Get<Guid>("route_id"), row.Get<Guid>("author_id")), cancellation, work.RoomID, work.SeatID, work.Scopes.ToArray(),
            work.ParticipantID, work.AgentID, maxHops, since);
        return found is [var route] ? route : null;
    }

    /// <summary>The message to which a reply route leads back; null when the session has no such route.</summary>
    /// <param name="database">The database of the work.</param>
    /// <param name="work">The session's work.</param>
    /// <param name="routeID">The route.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<RoutedMessage?> Route(
        NpgsqlDataSource database, WorkOf work, Guid routeID, CancellationToken cancellation)
    {
        var found = await database.Rows(
            """
            select a.event_id, a.author_id, a.interaction_id, a.hop, r.created_at, r.author_alias, p.address, s.agent_id
            from parle.attention a
            join parle.timeline_rows r on r.event_id = a.event_id
            join parle.participants p on p.participant_id = a.author_id and p.room_id = r.room_id
            join parle.seats s on s.seat_id = p.seat_id and s.room_id = r.room_id
            where a.route_id = $1 and a.seat_id = $2 and a.scope = any($3) and a.author_id <> $4
            """,
            row => new RoutedMessage(
                row.Get<Guid>("event_id"), row.Get<Guid>("author_id"), row.Get<Guid>("interaction_id"), row.Get<int>("hop"),
                row.Get<DateTimeOffset>("created_at"), row.Get<string?>("author_alias"), row.Get<string>("address"),
                row.Get<Guid>("agent_id")),
            cancellation, routeID, work.SeatID, work.Scopes.ToArray(), work.ParticipantID);
        return found is [var message, ..] ? message : null;
    }

    /// <summary>Acknowledges a waiting row, and all before it. Null when it is no such row; then nothing changes.</summary>
    /// <param name="database">The database of the view.</param>
    /// <param name="work">The owner of the work.</param>
    /// <param name="seq">The row's position in the seat's view.</param>
    /// <param name="eventID">The row's id, if the caller gave one; it must match.</param>
    /// <param name="at">The moment.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<Acknowledged?> Acknowledge(
        NpgsqlDataSource database, WorkOf work, long seq, Guid? eventID, DateTimeOffset at, CancellationToken cancellation)
    {
        var moved = await database.Rows(
            AcknowledgeSql, row => new Acknowledged(row.Get<long>("seq"), row.Get<Guid>("event_id"), at), cancellation, work.SeatID,
            work.Scopes.ToArray(), work.ParticipantID, seq, eventID, at);
        return moved is [var acknowledged, ..] ? acknowledged : null;
    }

    private static NpgsqlParameter Texts(IReadOnlyList<string> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}

/// <summary>A message that can be answered along a route.</summary>
/// <param name="MessageID">The message.</param>
/// <param name="AuthorID">The participant that wrote it.</param>
/// <param name="InteractionID">The exchange it is part of.</param>
/// <param name="Hop">The number of replies before it.</param>
/// <param name="At">The time at which it was written.</param>
/// <param name="AuthorAlias">The alias that its author had; null for none.</param>
/// <param name="AuthorAddress">Its author's own address.</param>
/// <param name="AgentID">The author's agent.</param>
public sealed record RoutedMessage(
    Guid MessageID, Guid AuthorID, Guid InteractionID, int Hop, DateTimeOffset At, string? AuthorAlias, string AuthorAddress, Guid AgentID);
