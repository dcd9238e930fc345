using Npgsql;
using NpgsqlTypes;
using Parle.Domain.Rooms;

namespace Parle.Projections.Rooms;

/// <summary>A row that waits for its addressee.</summary>
/// <param name="Row">A direct message, or a fact about an ask, as a row of the seat's view.</param>
/// <param name="Ask">The place of the ask's entry in <see cref="WorkOf.Asks"/>; null for a message.</param>
/// <param name="RouteID">The reply route; null for none.</param>
/// <param name="InteractionID">The exchange it belongs to.</param>
/// <param name="Hop">The number of replies before it.</param>
/// <param name="Answered">Whether the route was used.</param>
public sealed record AttentionRow(TimelineRow Row, int? Ask, Guid? RouteID, Guid InteractionID, int Hop, bool Answered);

/// <summary>A seat's queue, as one session finds it.</summary>
/// <param name="Rows">The rows that wait, oldest first, at most <see cref="TimelinePage.MaxRows"/>.</param>
/// <param name="Acknowledged">The acknowledged position of the alias, or else of the session.</param>
/// <param name="Head">The last <c>seq</c> of the seat's view.</param>
/// <param name="Read">The last <c>seq</c> up to which the seat was shown all of its view; 0 for nothing.</param>
public sealed record AttentionQueue(IReadOnlyList<AttentionRow> Rows, Acknowledged Acknowledged, long Head, long Read);

/// <summary>The acknowledged position of an owner's work.</summary>
/// <param name="Seq">The position in the seat's view; 0 when nothing was acknowledged.</param>
/// <param name="EventID">The row acknowledged last; null when none was.</param>
/// <param name="UpdatedAt">The moment of that; null when none was.</param>
public sealed record Acknowledged(long Seq, Guid? EventID, DateTimeOffset? UpdatedAt);

/// <summary>The owner of work.</summary>
/// <param name="RoomID">The room.</param>
/// <param name="SeatID">The seat in it.</param>
/// <param name="Since">The number of common rows before the seat's view.</param>
/// <param name="Alias">The alias of the session; null for none.</param>
/// <param name="ParticipantID">The participant that asks. A message it wrote itself is no work for it.</param>
/// <param name="AgentID">Its agent.</param>
public sealed record WorkOf(Guid RoomID, Guid SeatID, long Since, string? Alias, Guid ParticipantID, Guid AgentID)
{
    /// <summary>What asks want of it: the ask, the number of the fact since which it waits, and its scope within the seat.</summary>
    public IReadOnlyList<(Guid AskID, int Number, string Scope)> Asks { get; init; } = [];

    /// <summary>The scopes of messages to it within the seat, see <see cref="Target.Scope"/>.</summary>
    public IReadOnlyList<string> Scopes =>
        [.. Alias is null ? (string[])[] : [Alias], Target.AnySession, ParticipantID.ToString()];
}

/// <summary>Reads waiting work, and moves the position up to which it is acknowledged.</summary>
public static class AttentionPage
{
    /// <summary>The name under which a used reply route is stored; see <see cref="Tables.KeptAnswers"/>.</summary>
    public const string UsedRoute = "reply_route";

    // $1 room, $2 seat, $3 common rows before its view, $4 scopes, $5 participant, $6 most rows, $7 to $9 what asks want. Messages are
    // acknowledged by scope, each ask on a line of its own: so what one session takes over from another takes no message of that one along.
    private const string Waiting = $"""
        wanted as (
            select p.seq, f.event_id, e.scope, 'ask:' || e.ask_id as line, e.i
            from unnest($7::uuid[], $8::integer[], $9::text[]) with ordinality as e(ask_id, number, scope, i)
            join parle.ask_facts f on f.ask_id = e.ask_id and f.number = e.number
            join parle.timeline_rows r on r.event_id = f.event_id and r.room_id = $1
            left join lateral (
                select seq from parle.timeline_private p where p.seat_id = $2 and p.event_id = f.event_id limit 1) as own on true
            cross join lateral (
                select coalesce(own.seq, r.common - $3 + {TimelinePage.PrivateBefore}) as seq) as p
            where r.author_id is distinct from $5 and p.seq > 0
        ), waiting as (
            select a.seq, a.event_id, a.scope as line, a.route_id, a.interaction_id, a.hop, null::bigint as i
            from unnest($4) as s(scope)
            left join parle.acknowledgements k on k.seat_id = $2 and k.scope = s.scope
            cross join lateral (
                select a.* from parle.attention a
                join parle.timeline_rows r on r.event_id = a.event_id and r.type = 'message_submitted'
                where a.seat_id = $2 and a.scope = s.scope and a.seq > coalesce(k.seq, 0) and a.author_id is distinct from $5
                order by a.seq limit $6) as a
            union all
            select w.seq, w.event_id, w.line, a.route_id, coalesce(a.interaction_id, w.event_id), coalesce(a.hop, 0), w.i
            from wanted w
            left join parle.acknowledgements k on k.seat_id = $2 and k.scope = w.line
            left join parle.attention a on a.seat_id = $2 and a.scope = w.scope and a.seq = w.seq and a.scope = any($4)
            where w.seq > coalesce(k.seq, 0)
        )
        """;

    private const string PageSql = $"""
        with {Waiting}, first as (
            select distinct on (seq) * from waiting order by seq, route_id limit $6
        ), sized as (
            select w.*, r.room_id, r.type, r.created_at, r.addressing, r.author_id, r.author_alias, r.subject_id, c.body,
                   sum(coalesce(octet_length(c.body), 0)) over (order by w.seq) as bytes, row_number() over (order by w.seq) as place
            from first w
            cross join lateral (select * from parle.timeline_rows r where r.event_id = w.event_id and r.room_id = $1 limit 1) as r
            left join lateral (select body from parle.contents c where c.content_id = w.event_id and c.room_id = $1 limit 1) as c on true
        )
        select r.seq, {TimelineColumns.Select}, r.i, r.route_id, r.interaction_id, r.hop,
               r.route_id is not null and exists (
                   select from parle.kept_answers k
                   where k.room_id = $1 and k.author_id = $10 and k.action = '{UsedRoute}' and k.key = r.route_id::text) as is_answered
        from sized r {TimelineColumns.People}
        where r.place = 1 or r.bytes <= $11
        order by r.seq
        """;

    private const string AcknowledgedSql = "select seq, event_id, updated_at from parle.acknowledgements where seat_id = $1 and scope = $2";

    // Only a waiting row can be acknowledged. It takes along all rows before it, in every scope of the caller, because they are drained
    // together. A caller that drained its own row before it had its alias ($10) has not seen the alias's work of then. Of two sessions that
    // acknowledge one row, the first one has it.
    private const string AcknowledgeSql = $"""
        with {Waiting}, named as (
            select w.seq, w.event_id, w.line,
                   w.line = $10 or r.created_at > (
                       select sa.claimed_at from parle.participants p
                       join parle.session_aliases sa on sa.session_id = p.session_id and sa.released_at is null
                       where p.participant_id = $5) as with_alias
            from waiting w join parle.timeline_rows r on r.event_id = w.event_id
            where w.seq = $11 and ($12::uuid is null or w.event_id = $12)
        ), moved as (
            insert into parle.acknowledgements (seat_id, scope, seq, event_id, updated_at)
            select distinct $2::uuid, s.line, n.seq, n.event_id, $13::timestamptz
            from (select seq, event_id, bool_or(with_alias) as with_alias from named group by seq, event_id) as n
            cross join (select unnest($4) as line union select line from waiting where i is not null and seq <= $11) as s
            where s.line is distinct from $10 or n.with_alias
            on conflict (seat_id, scope) do update set seq = excluded.seq, event_id = excluded.event_id, updated_at = excluded.updated_at
            where acknowledgements.seq < excluded.seq
            returning scope
        )
        select n.seq, n.event_id from named n where exists (select from moved m where m.scope = n.line)
        """;

    private const string ViewSql = $"""
        select ({TimelinePage.HeadSql}) as head,
               coalesce((select max(d.upto_seq) from parle.disclosures d where d.seat_id = $2 and d.from_seq <= 1), 0) as read
        """;

    /// <summary>The waiting work.</summary>
    public static async Task<AttentionQueue> Read(NpgsqlDataSource database, WorkOf work, CancellationToken cancellation)
    {
        // In one round trip.
        await using var batch = database.CreateBatch();
        var page = new NpgsqlBatchCommand(PageSql);
        page.Parameters.AddRange((NpgsqlParameter[])
            [.. WaitingFor(work), new() { Value = work.AgentID }, new() { Value = (long)TimelinePage.MaxContentBytes }]);
        batch.BatchCommands.Add(page);
        batch.BatchCommands.Add(new(AcknowledgedSql)
        { Parameters = { new() { Value = work.SeatID }, new() { Value = work.Alias ?? work.ParticipantID.ToString() } } });
        batch.BatchCommands.Add(new(ViewSql)
        { Parameters = { new() { Value = work.RoomID }, new() { Value = work.SeatID }, new() { Value = work.Since } } });
        await using var results = await batch.ExecuteReaderAsync(cancellation);
        var (rows, columns, row) = (new List<AttentionRow>(), new TimelineColumns(results), new Row(results));
        while (await results.ReadAsync(cancellation))
        {
            rows.Add(
                new(columns.Row, row.Get<long?>("i") is { } place ? (int)place - 1 : null, row.Get<Guid?>("route_id"),
                    row.Get<Guid>("interaction_id"), row.Get<int>("hop"), row.Get<bool>("is_answered")));
        }

        await results.NextResultAsync(cancellation);
        var acknowledged = await results.ReadAsync(cancellation)
            ? new Acknowledged(row.Get<long>("seq"), row.Get<Guid>("event_id"), row.Get<DateTimeOffset>("updated_at")) : new(0, null, null);
        await results.NextResultAsync(cancellation);
        await results.ReadAsync(cancellation);
        return new(rows, acknowledged, row.Get<long>("head"), row.Get<long>("read"));
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
        await using var command = database.CreateCommand(AcknowledgeSql);
        command.Parameters.AddRange((NpgsqlParameter[])[.. WaitingFor(work),
            new() { Value = (object?)work.Alias ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text }, new() { Value = seq },
            new() { Value = (object?)eventID ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid }, new() { Value = at }]);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var row = new Row(rows);
        return await rows.ReadAsync(cancellation) ? new(row.Get<long>("seq"), row.Get<Guid>("event_id"), at) : null;
    }

    // The parameters $1 to $9.
    private static NpgsqlParameter[] WaitingFor(WorkOf work) =>
    [
        new() { Value = work.RoomID }, new() { Value = work.SeatID }, new() { Value = work.Since }, Texts(work.Scopes),
        new() { Value = work.ParticipantID }, new() { Value = (long)TimelinePage.MaxRows },
        new() { Value = work.Asks.Select(ask => ask.AskID).ToArray() }, new() { Value = work.Asks.Select(ask => ask.Number).ToArray() },
        Texts([.. work.Asks.Select(ask => ask.Scope)]),
    ];

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
