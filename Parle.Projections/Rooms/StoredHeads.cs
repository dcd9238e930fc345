using Npgsql;
using NpgsqlTypes;

namespace Parle.Projections.Rooms;

/// <summary>The head of a reader's view at one moment, relative to its cursor.</summary>
/// <param name="Seq">The last place of the view.</param>
/// <param name="Common">The number of the room's common rows.</param>
/// <param name="Erased">The version of the fact that last erased content of the room; 0 for none.</param>
/// <param name="After">The last common row before the cursor.</param>
/// <param name="Number">The number of the view's private rows before the cursor.</param>
/// <param name="NextPrivate">The common row after which the first private one beyond the cursor stands; null for none.</param>
/// <param name="IsOver">Whether a waiting reader has lost its seat, or the room is archived: the reader is shown nothing more.</param>
public sealed record ViewHead(long Seq, long Common, long Erased, long After, long Number, long? NextPrivate, bool IsOver);

/// <summary>A cursor in the view of a seat.</summary>
/// <param name="RoomID">The room.</param>
/// <param name="SeatID">The seat.</param>
/// <param name="Before">The number of common rows before the view.</param>
/// <param name="Since">The cursor, 0 or more.</param>
/// <param name="WaitingID">The session that waits at the cursor for a row; null when no session waits.</param>
public sealed record ViewCursor(Guid RoomID, Guid SeatID, long Before, long Since, Guid? WaitingID);

/// <summary>
/// Queries the heads of views, many at once. For a waiting session, one new row is written to the read ledger by the same statement.
/// </summary>
public static class StoredHeads
{
    // "limit 1" makes the planner use an index for each row, also in a plan that is cached while the tables are small.
    // "(select $1)" hides the array's length, so PostgreSQL keeps one generic plan.
    private const string Columns = """
        q.i, coalesce(head.common, 0) as common, coalesce(erased.version, 0) as erased, coalesce(seen.number, 0) as seen,
        coalesce(own.number, 0) as own, next.after
        """;

    private const string Heads = """
        from unnest((select $1), (select $2), (select $3), (select $4), (select $5)) with ordinality
            as q(room_id, seat_id, seq, before, session_id, i)
        left join lateral (
            select common from parle.timeline_rows r where r.room_id = q.room_id and r.common is not null
            order by r.common desc limit 1) as head on true
        left join lateral (
            select version from parle.erasures e where e.room_id = q.room_id order by e.version desc limit 1) as erased on true
        left join lateral (
            select number from parle.timeline_private p where p.seat_id = q.seat_id and p.seq <= q.seq
            order by p.seq desc limit 1) as seen on true
        left join lateral (
            select number from parle.timeline_private p where p.seat_id = q.seat_id order by p.number desc limit 1) as own on true
        left join lateral (
            select after from parle.timeline_private p where p.seat_id = q.seat_id and p.number = coalesce(seen.number, 0) + 1
            limit 1) as next on own.number is not null
        """;

    private const string HeadsSql = $"select {Columns} {Heads}";

    // One row always fits a page; how many more fit is known only when they are formatted. The line is joined with the lines that it
    // touches, as in LedgerLines. The seat and the room are checked at the same moment as the rows.
    private const string ShowOneSql = $"""
        with looked as materialized (
            select {Columns}, q.seat_id, q.seq, q.before, q.session_id,
                q.session_id is not null and (seat.seat_id is null or room.room_id is null) as is_over
            {Heads}
            left join lateral (
                select seat_id from parle.seats s where s.seat_id = q.seat_id and s.removed_at is null
                limit 1) as seat on q.session_id is not null
            left join lateral (
                select room_id from parle.rooms r where r.room_id = q.room_id and r.archived_at is null
                limit 1) as room on q.session_id is not null
        ), one as materialized (
            select l.i, l.seat_id, l.session_id, l.seq + 1 as seq, coalesce(touching.from_seq, l.seq + 1) as from_seq,
                coalesce(touching.upto_seq > l.seq, false) as is_shown
            from looked l
            cross join lateral (
                select min(d.from_seq) as from_seq, max(d.upto_seq) as upto_seq from parle.disclosures d
                where d.seat_id = l.seat_id and d.upto_seq >= l.seq and d.from_seq <= l.seq + 1) as touching
            where l.session_id is not null and l.common - l.before + l.own = l.seq + 1 and not l.is_over
        ), written as (
            insert into parle.disclosures (seat_id, from_seq, upto_seq, session_id, shown_at)
            select seat_id, from_seq, seq, session_id, $6 from one where not is_shown
            on conflict do nothing
        )
        select l.i, l.common, l.erased, l.seen, l.own, l.after, l.is_over, one.from_seq from looked l left join one on one.i = l.i
        """;

    /// <summary>The query for the heads of the views of <paramref name="cursors"/>.</summary>
    /// <param name="cursors">The cursors.</param>
    /// <param name="now">The time at which a row is shown by this query.</param>
    public static NpgsqlBatchCommand Command(IReadOnlyList<ViewCursor> cursors, DateTimeOffset now)
    {
        var showsOne = ShowsOne(cursors);
        var command = new NpgsqlBatchCommand(showsOne ? ShowOneSql : HeadsSql)
        {
            Parameters =
            {
                Column(cursors, cursor => cursor.RoomID, NpgsqlDbType.Uuid), Column(cursors, cursor => cursor.SeatID, NpgsqlDbType.Uuid),
                Column(cursors, cursor => cursor.Since, NpgsqlDbType.Bigint), Column(cursors, cursor => cursor.Before, NpgsqlDbType.Bigint),
                Column(cursors, cursor => cursor.WaitingID, NpgsqlDbType.Uuid),
            },
        };
        if (showsOne)
        {
            command.Parameters.Add(new() { Value = now, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        }

        return command;
    }

    /// <summary>Reads the heads of a result.</summary>
    /// <param name="rows">The result of <see cref="Command"/>.</param>
    /// <param name="cursors">The cursors that were asked about.</param>
    /// <returns>
    /// Each head, the place of its cursor among <paramref name="cursors"/>, and the first place of the ledger's line that covers the row
    /// that was shown; null when none was.
    /// </returns>
    public static async Task<IReadOnlyList<(int Index, ViewHead Head, long? ShownFrom)>> Read(
        NpgsqlDataReader rows, IReadOnlyList<ViewCursor> cursors)
    {
        var (heads, columns) = (new List<(int, ViewHead, long?)>(cursors.Count), new HeadColumns(rows, ShowsOne(cursors)));
        while (await rows.ReadAsync())
        {
            var index = columns.Index;
            heads.Add((index, columns.Head(cursors[index]), columns.ShownFrom));
        }

        return heads;
    }

    private static bool ShowsOne(IReadOnlyList<ViewCursor> cursors) => cursors.Any(cursor => cursor.WaitingID is not null);

    private static NpgsqlParameter Column<T>(IReadOnlyList<ViewCursor> cursors, Func<ViewCursor, T> column, NpgsqlDbType type) =>
        new() { Value = cursors.Select(column).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };

    // Every read of a view passes here.
    private sealed class HeadColumns(NpgsqlDataReader rows, bool showsOne)
    {
        private readonly Column<long> place = new(rows, "i");
        private readonly Column<long> common = new(rows, "common");
        private readonly Column<long> erased = new(rows, "erased");
        private readonly Column<long> seen = new(rows, "seen");
        private readonly Column<long> own = new(rows, "own");
        private readonly Column<long?> after = new(rows, "after");
        private readonly Column<bool>? isOver = showsOne ? new(rows, "is_over") : null;
        private readonly Column<long?>? shownFrom = showsOne ? new(rows, "from_seq") : null;

        public int Index => (int)place.Value - 1;

        public long? ShownFrom => shownFrom?.Value;

        public ViewHead Head(ViewCursor cursor) => new(
            common.Value - cursor.Before + own.Value, common.Value, erased.Value, cursor.Before + cursor.Since - seen.Value, seen.Value,
            after.Value, IsOver: isOver?.Value ?? false);
    }
}
