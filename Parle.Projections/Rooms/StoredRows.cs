using Npgsql;

namespace Parle.Projections.Rooms;

/// <summary>A row as the timeline stores it, with its content, but without its author's names.</summary>
/// <param name="EventID">The fact.</param>
/// <param name="Type">The fact's stored name.</param>
/// <param name="At">The time of the fact.</param>
/// <param name="Addressing">The audience, as stored; null for nobody in particular.</param>
/// <param name="AuthorID">The participant that caused it; null for facts of the room itself.</param>
/// <param name="Alias">The alias its author had; null for none.</param>
/// <param name="Subject">The participant or seat that a fact of the room is about, as an address.</param>
/// <param name="Content">Canonical JSON in UTF-8; null when there is none, or when it is erased.</param>
public readonly record struct StoredRow(
    Guid EventID, string Type, DateTimeOffset At, string? Addressing, Guid? AuthorID, string? Alias, string? Subject, byte[]? Content);

/// <summary>Reads rows of a room by their place in it, as cheaply as possible.</summary>
public static class StoredRows
{
    // Only few rows have a subject, mostly at the beginning of a room; it is looked up only for these.
    private const string Columns = """
        m.event_id, m.type, m.created_at, m.addressing::text as addressing, m.author_id, m.author_alias,
        case when m.subject_id is not null then (
            select '@' || p.handle || coalesce('.' || a.handle, '')
            from parle.seats s
            join parle.principals p on p.principal_id = s.principal_id
            left join parle.agents a on a.agent_id = s.agent_id
            where s.seat_id = m.subject_id and s.room_id = m.room_id limit 1) end as subject,
        c.body
        """;

    // Each row's parts are fetched by index lookups ("limit 1"): the plan is made while the tables are small, and must stay good when they
    // are large.
    private const string Words = "left join lateral (select body from parle.contents c where c.content_id = m.event_id and c.room_id = "
        + "m.room_id limit 1) as c on true";

    private const string CommonSql = $"""
        select {Columns}
        from (
            select * from parle.timeline_rows r
            where r.room_id = $1 and r.common > $2 and r.common <= $3 order by r.common limit $4) as m {Words}
        order by m.common
        """;

    /// <summary>
    /// The newest common rows of a room after a place, at most so many, with their places, last one first; and the version of the fact that
    /// last erased content of the room.
    /// </summary>
    internal const string NewestSql = $"""
        select {Columns}, m.common,
            coalesce((select e.version from parle.erasures e where e.room_id = $1 order by e.version desc limit 1), 0) as erased
        from (
            select * from parle.timeline_rows r
            where r.room_id = $1 and r.common > $2 order by r.common desc limit $3) as m {Words}
        order by m.common desc
        """;

    private const string MergedSql = $"""
        with page as (
            (select r.common as after, 0::bigint as number,
                 r.event_id, r.room_id, r.type, r.created_at, r.addressing, r.author_id, r.author_alias, r.subject_id
             from parle.timeline_rows r where r.room_id = $1 and r.common > $3 order by r.common limit $5)
            union all
            (select p.after, p.number,
                 r.event_id, r.room_id, r.type, r.created_at, r.addressing, r.author_id, r.author_alias, r.subject_id
             from (select * from parle.timeline_private p where p.seat_id = $2 and p.number > $4 order by p.number limit $5) as p
             cross join lateral (
                 select * from parle.timeline_rows r where r.event_id = p.event_id and r.room_id = $1 limit 1) as r)
        )
        select {Columns} from (select * from page order by after, number limit $5) as m {Words}
        order by m.after, m.number
        """;

    /// <summary>The common rows of a room after one place up to another, at most a page.</summary>
    /// <param name="database">The database of the view.</param>
    /// <param name="roomID">The room.</param>
    /// <param name="after">The place before the first.</param>
    /// <param name="upto">The last place.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<IReadOnlyList<StoredRow>> Common(
        NpgsqlDataSource database, Guid roomID, long after, long upto, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(CommonSql);
        command.Parameters.AddRange(new NpgsqlParameter[] { ID(roomID), Number(after), Number(upto), Number(TimelinePage.MaxRows) });
        return await Read(command, (int)Math.Min(TimelinePage.MaxRows, upto - after), cancellation);
    }

    /// <summary>
    /// A seat's own rows after its <paramref name="number"/>-th, and the common ones after a place, in the order of its view.
    /// </summary>
    /// <param name="database">The database of the view.</param>
    /// <param name="roomID">The room.</param>
    /// <param name="seatID">The reading seat.</param>
    /// <param name="after">The place before the first common row.</param>
    /// <param name="number">The number before the first private row.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<IReadOnlyList<StoredRow>> Merged(
        NpgsqlDataSource database, Guid roomID, Guid seatID, long after, long number, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(MergedSql);
        command.Parameters.AddRange(
            new NpgsqlParameter[] { ID(roomID), ID(seatID), Number(after), Number(number), Number(TimelinePage.MaxRows) });
        return await Read(command, TimelinePage.MaxRows, cancellation);
    }

    private static async Task<IReadOnlyList<StoredRow>> Read(NpgsqlCommand command, int count, CancellationToken cancellation)
    {
        await using var results = await command.ExecuteReaderAsync(cancellation);
        var (rows, columns) = (new List<StoredRow>(count), new StoredColumns(results));
        while (await results.ReadAsync(cancellation) && columns.AddTo(rows))
        {
        }

        return rows;
    }

    internal static NpgsqlParameter<Guid> ID(Guid value) => new() { TypedValue = value };

    internal static NpgsqlParameter<long> Number(long value) => new() { TypedValue = value };
}

/// <summary>The columns of stored rows in a result.</summary>
/// <param name="results">The result.</param>
internal sealed class StoredColumns(NpgsqlDataReader results)
{
    private readonly Column<Guid> eventID = new(results, "event_id");
    private readonly Column<string> type = new(results, "type");
    private readonly Column<DateTimeOffset> createdAt = new(results, "created_at");
    private readonly Column<string?> addressing = new(results, "addressing");
    private readonly Column<Guid?> authorID = new(results, "author_id");
    private readonly Column<string?> alias = new(results, "author_alias");
    private readonly Column<string?> subject = new(results, "subject");
    private readonly Column<byte[]?> body = new(results, "body");
    private long bytes;

    /// <summary>Adds the present row to a page; false when the page is full.</summary>
    /// <param name="rows">The page. It holds a bounded number of bytes; only its first row may exceed the bound.</param>
    public bool AddTo(List<StoredRow> rows)
    {
        var content = body.Value;
        bytes += content?.Length ?? 0;
        if (rows.Count > 0 && bytes > TimelinePage.MaxContentBytes)
        {
            return false;
        }

        rows.Add(new(
            eventID.Value, type.Value, createdAt.Value, addressing.Value, authorID.Value, alias.Value, subject.Value, content));
        return true;
    }
}
