using Npgsql;

namespace Parle.Projections.Rooms;

/// <summary>One row of a reader's view.</summary>
/// <param name="Seq">Its place in that view, dense from 1.</param>
/// <param name="EventID">The fact.</param>
/// <param name="Type">The fact's stored name.</param>
/// <param name="At">The time of the fact.</param>
/// <param name="Addressing">The audience, as stored; null for nobody in particular.</param>
/// <param name="Author">The participant that caused it; null for facts of the room itself.</param>
/// <param name="Subject">The participant or seat that a fact of the room is about, as an address.</param>
/// <param name="Content">Canonical JSON; null when there is none, or when it is erased.</param>
public sealed record TimelineRow(
    long Seq, Guid EventID, string Type, DateTimeOffset At, string? Addressing, TimelineAuthor? Author, string? Subject, string? Content)
{
    /// <summary>The redaction of its content, or for a redaction the redacted fact; null for most rows.</summary>
    public TimelineRedaction? Redaction { get; init; }
}

/// <summary>A redaction of content.</summary>
/// <param name="EventID">The redacting fact.</param>
/// <param name="FactID">The fact whose content it was.</param>
/// <param name="By">The redacting seat, as an address.</param>
/// <param name="Reason">The reason.</param>
public sealed record TimelineRedaction(Guid EventID, Guid FactID, string By, string Reason);

/// <summary>The author of a row.</summary>
/// <param name="ParticipantID">The presence in the room.</param>
/// <param name="PrincipalID">The principal it acted for.</param>
/// <param name="AgentID">The agent.</param>
/// <param name="SessionID">The agent's session.</param>
/// <param name="SessionAddress">The session's own address, <c>@principal.agent.handle</c>.</param>
/// <param name="Alias">The alias it had when it wrote; null for none.</param>
public sealed record TimelineAuthor(
    Guid ParticipantID, Guid PrincipalID, Guid? AgentID, Guid SessionID, string SessionAddress, string? Alias);

/// <summary>Reads a seat's view after a cursor.</summary>
public static class TimelinePage
{
    /// <summary>Most rows of a page.</summary>
    public const int MaxRows = 200;

    /// <summary>Most bytes of content fetched for a page, beyond its first row; an answer contains them twice.</summary>
    public const int MaxContentBytes = 149 * 1024;

    // The seat's k-th private row is its last one up to the cursor N. So common rows go on from since + N - k, private ones from k + 1.
    // Each row's parts are fetched by index lookups ("limit 1"): the plan is made while the tables are small, and must stay good when they
    // are large.
    private const string PageSql = $"""
        with cursor as materialized (
            select coalesce((
                select number from parle.timeline_private where seat_id = $2 and seq <= $4 order by seq desc limit 1), 0) as k
        ), page as (
            (select r.common as after, 0::bigint as number,
                 r.event_id, r.room_id, r.type, r.created_at, r.addressing, r.author_id, r.author_alias, r.subject_id
             from parle.timeline_rows r
             where r.room_id = $1 and r.common > $3 + $4 - (select k from cursor) order by r.common limit $5)
            union all
            (select p.after, p.number,
                 r.event_id, r.room_id, r.type, r.created_at, r.addressing, r.author_id, r.author_alias, r.subject_id
             from (
                 select * from parle.timeline_private p
                 where p.seat_id = $2 and p.number > (select k from cursor) order by p.number limit $5) as p
             cross join lateral (
                 select * from parle.timeline_rows r where r.event_id = p.event_id and r.room_id = $1 limit 1) as r)
        ), merged as (
            select *, row_number() over (order by after, number) as i from page order by after, number limit $5
        ), sized as (
            select m.*, c.body, sum(coalesce(octet_length(c.body), 0)) over (order by m.i) as bytes
            from merged m
            left join lateral (
                select body from parle.contents c where c.content_id = m.event_id and c.room_id = m.room_id limit 1) as c on true
        )
        select $4 + r.i as seq, {TimelineColumns.Select}
        from sized r {TimelineColumns.People}
        where r.i = 1 or r.bytes <= $6
        order by r.i
        """;

    private const string RowsSql = $"""
        select 0::bigint as seq, {TimelineColumns.Select}
        from unnest($1) as q(event_id)
        cross join lateral (
            select r.*, (select body from parle.contents c where c.content_id = r.event_id and c.room_id = r.room_id) as body
            from parle.timeline_rows r where r.event_id = q.event_id limit 1) as r {TimelineColumns.People}
        """;

    // Like the page above, without content.
    private const string LeavesSql = """
        with cursor as materialized (
            select coalesce((
                select number from parle.timeline_private where seat_id = $2 and seq <= $4 order by seq desc limit 1), 0) as k
        ), page as (
            (select r.common as after, 0::bigint as number, r.leaf from parle.timeline_rows r
             where r.room_id = $1 and r.common > $3 + $4 - (select k from cursor) order by r.common limit $5)
            union all
            (select p.after, p.number, r.leaf
             from (
                 select * from parle.timeline_private p
                 where p.seat_id = $2 and p.number > (select k from cursor) order by p.number limit $5) as p
             cross join lateral (
                 select leaf from parle.timeline_rows r where r.event_id = p.event_id and r.room_id = $1 limit 1) as r)
        )
        select leaf from page order by after, number limit $5
        """;

    /// <summary>
    /// The number of private rows of the seat $2 before a common row <c>r</c>: those written while the room had fewer common rows. A binary
    /// search finds the last of these, so that a row far back costs no more than a new one.
    /// </summary>
    internal const string PrivateBefore = """
        (with recursive search(low, high) as (
            select 0::bigint, coalesce((
                select number from parle.timeline_private where seat_id = $2 order by number desc limit 1), 0)
            union all
            select case when p.after < r.common then p.number else low end,
                case when p.after < r.common then high else p.number - 1 end
            from search
            cross join lateral (
                select number, after from parle.timeline_private p
                where p.seat_id = $2 and p.number = (low + high + 1) / 2 limit 1) as p
            where low < high
        )
        select low from search where low = high)
        """;

    private const string PositionSql = $"""
        select seq from parle.timeline_private where event_id = $4 and seat_id = $2
        union all
        select r.common - $3 + {PrivateBefore} from parle.timeline_rows r
        where r.event_id = $4 and r.room_id = $1 and r.common > $3
        """;

    internal const string HeadSql = """
        select coalesce((
                select common from parle.timeline_rows where room_id = $1 and common is not null order by common desc limit 1), 0) - $3
             + coalesce((select number from parle.timeline_private where seat_id = $2 order by number desc limit 1), 0)
        """;

    /// <summary>The rows after <paramref name="since"/>, in order, at most <see cref="MaxRows"/>.</summary>
    /// <param name="database">The database of the view.</param>
    /// <param name="roomID">The room.</param>
    /// <param name="seatID">The reading seat.</param>
    /// <param name="before">The number of common rows before that view.</param>
    /// <param name="since">The cursor, 0 or more.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<IReadOnlyList<TimelineRow>> Read(
        NpgsqlDataSource database, Guid roomID, Guid seatID, long before, long since, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(PageSql);
        command.Parameters.AddRange(
            new NpgsqlParameter[]
            {
                new() { Value = roomID }, new() { Value = seatID }, new() { Value = before }, new() { Value = since },
                new() { Value = (long)MaxRows }, new() { Value = (long)MaxContentBytes }
            });
        var page = new List<TimelineRow>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var columns = new TimelineColumns(rows);
        while (await rows.ReadAsync(cancellation))
        {
            page.Add(columns.Row);
        }

        return page;
    }

    /// <summary>Rows by their facts, each in full, but without places, which differ between views.</summary>
    public static async Task<IReadOnlyList<TimelineRow>> Rows(
        NpgsqlDataSource database, IReadOnlyList<Guid> eventIDs, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(RowsSql);
        command.Parameters.Add(new() { Value = eventIDs.ToArray() });
        var found = new List<TimelineRow>(eventIDs.Count);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var columns = new TimelineColumns(rows);
        while (await rows.ReadAsync(cancellation))
        {
            found.Add(columns.Row);
        }

        return found;
    }

    /// <summary>The digests of the facts after <paramref name="since"/>, in order.</summary>
    /// <param name="database">The database of the view.</param>
    /// <param name="roomID">The room.</param>
    /// <param name="seatID">The reading seat.</param>
    /// <param name="before">The number of common rows before that view.</param>
    /// <param name="since">The cursor, 0 or more.</param>
    /// <param name="count">Most digests.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<byte[]>> Leaves(
        NpgsqlDataSource database, Guid roomID, Guid seatID, long before, long since, int count, CancellationToken cancellation) =>
        database.Rows(LeavesSql, row => row.Get<byte[]>("leaf"), cancellation, roomID, seatID, before, since, (long)count);

    /// <summary>The place of a fact in a view; null when the view does not contain it.</summary>
    /// <param name="database">The database of the view.</param>
    /// <param name="roomID">The room.</param>
    /// <param name="seatID">The reading seat.</param>
    /// <param name="before">The number of common rows before that view.</param>
    /// <param name="eventID">The fact.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<long?> PositionOf(
        NpgsqlDataSource database, Guid roomID, Guid seatID, long before, Guid eventID, CancellationToken cancellation) =>
        database.Scalar<long?>(PositionSql, cancellation, roomID, seatID, before, eventID);

    /// <summary>The highest <c>seq</c> of the view now, 0 when it is empty.</summary>
    public static Task<long> Head(NpgsqlDataSource database, Guid roomID, Guid seatID, long before, CancellationToken cancellation) =>
        database.Scalar<long>(HeadSql, cancellation, roomID, seatID, before);

    /// <summary>The newest fact in a view; null when the view is empty.</summary>
    public static Task<Guid?> Newest(NpgsqlDataSource database, Guid roomID, Guid seatID, long before, CancellationToken cancellation) =>
        database.Scalar<Guid?>(
            """
            select event_id from (
                (select event_id, common as after, 0::bigint as number from parle.timeline_rows
                 where room_id = $1 and common > $3 order by common desc limit 1)
                union all
                (select event_id, after, number from parle.timeline_private where seat_id = $2 order by number desc limit 1)) as last
            order by after desc, number desc limit 1
            """,
            cancellation, roomID, seatID, before);

    /// <summary>The last of a view's newest rows with content, by anybody or by the seat itself; null when there is none.</summary>
    public static Task<Guid?> NewestContent(
        NpgsqlDataSource database, Guid roomID, Guid seatID, long before, bool ofAnybody, CancellationToken cancellation) =>
        database.Scalar<Guid?>(
            """
            select v.event_id from (
                (select event_id, author_id, common as after, 0::bigint as number from parle.timeline_rows
                 where room_id = $1 and common > $3 order by common desc limit 50)
                union all
                (select p.event_id, r.author_id, p.after, p.number
                 from (select * from parle.timeline_private where seat_id = $2 order by number desc limit 50) as p
                 cross join lateral (
                    select author_id from parle.timeline_rows r where r.event_id = p.event_id and r.room_id = $1 limit 1) as r)) as v
            where exists (select from parle.contents c where c.content_id = v.event_id and c.room_id = $1)
              and ($4 or exists (
                select from parle.participants a where a.participant_id = v.author_id and a.seat_id = $2 and a.room_id = $1))
            order by v.after desc, v.number desc limit 1
            """,
            cancellation, roomID, seatID, before, ofAnybody);
}
