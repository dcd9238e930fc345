using Npgsql;
using NpgsqlTypes;
using Parle.Projections.Rooms;

namespace Parle.Projections.Asks;

/// <summary>An ask as a list shows it.</summary>
/// <param name="AskID">The ask.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="State">Its state.</param>
/// <param name="Words">The request, as canonical JSON; null when it is erased.</param>
/// <param name="AskerSeatID">The asker's seat.</param>
/// <param name="Asker">The asker's address.</param>
/// <param name="ClaimantSeatID">The seat that has claimed it; null for none.</param>
/// <param name="Claimant">The claimant's address.</param>
/// <param name="LeaseUntil">The time at which the claim lapses.</param>
/// <param name="Sha256">The digest of its subject.</param>
/// <param name="Quorum">The number of principals that must approve.</param>
/// <param name="DueAt">The deadline for answers.</param>
/// <param name="UsableUntil">The moment an approval expires.</param>
/// <param name="OpenedAt">The moment it was opened.</param>
/// <param name="UpdatedAt">The moment of its last fact.</param>
/// <param name="IsForEverybody">Whether everybody was asked.</param>
/// <param name="Seq">The place of its first row in the reader's view.</param>
public sealed record AskRow(
    Guid AskID, string Kind, string State, string? Words, Guid AskerSeatID, string Asker, Guid? ClaimantSeatID, string? Claimant,
    DateTimeOffset? LeaseUntil, string? Sha256, int? Quorum, DateTimeOffset? DueAt, DateTimeOffset? UsableUntil, DateTimeOffset OpenedAt,
    DateTimeOffset UpdatedAt, bool IsForEverybody, long Seq);

/// <summary>One item of context.</summary>
/// <param name="ItemID">The item.</param>
/// <param name="SeatID">The seat that added it.</param>
/// <param name="EventID">The fact that added it.</param>
/// <param name="ExpiresAt">The moment it expires.</param>
/// <param name="WithdrawnAt">The moment it was withdrawn.</param>
/// <param name="Words">Name, media type and text, as canonical JSON; null when it is gone.</param>
/// <param name="Redacted">Whether its author or the room's owner redacted it.</param>
/// <param name="Seq">The place in the reader's view of the fact that added it.</param>
/// <param name="IsLast">Whether it is the newest item.</param>
public sealed record ContextRow(
    Guid ItemID, Guid SeatID, Guid EventID, DateTimeOffset? ExpiresAt, DateTimeOffset? WithdrawnAt, string? Words, bool Redacted, long Seq,
    bool IsLast);

/// <summary>A fact about an ask, as a row of the reader's view.</summary>
/// <param name="Row">The row; without its content when that is longer than the wanted bound.</param>
/// <param name="Bytes">The bytes of its content.</param>
public sealed record AskHistoryRow(TimelineRow Row, int Bytes);

/// <summary>A fact about an ask and its digest, as the seat's view has them.</summary>
/// <param name="EventID">The fact.</param>
/// <param name="Seq">Its place in the reader's view.</param>
/// <param name="Leaf">Its leaf in the log of that view, stored when it was recorded.</param>
/// <param name="AskedAt">The ask's number among the common rows; null for an ask of some.</param>
public sealed record AskLeaf(Guid EventID, long Seq, byte[] Leaf, long? AskedAt);

/// <summary>A query for asks, as one seat sees them.</summary>
/// <param name="RoomID">The room.</param>
/// <param name="SeatID">The reading seat. It sees its own asks, and asks for which it is an addressee.</param>
/// <param name="Since">The number of common rows before its view.</param>
public sealed record AsksQuery(Guid RoomID, Guid SeatID, long Since)
{
    /// <summary>Only this one; null for all.</summary>
    public Guid? AskID { get; init; }

    /// <summary>Only these states; empty for all.</summary>
    public IReadOnlyList<string> States { get; init; } = [];

    /// <summary>Only this kind; null for all.</summary>
    public string? Kind { get; init; }

    /// <summary><c>asked</c>, <c>claimed</c> or <c>for_me</c>; null for all.</summary>
    public string? Mine { get; init; }

    /// <summary>Only those opened after this one, by id.</summary>
    public Guid After { get; init; }
}

/// <summary>Reads asks for a seat that may see them. Every other seat finds nothing.</summary>
public static class AskPage
{
    /// <summary>Most asks of a page.</summary>
    public const int MaxAsks = 50;

    /// <summary>Most facts of a page of one ask's history.</summary>
    public const int MaxFacts = 50;

    /// <summary>Most items of a page of context.</summary>
    public const int MaxItems = 64;

    /// <summary>Most bytes of items fetched for a page, beyond its first item.</summary>
    public const int MaxItemBytes = 4 * 1024 * 1024;

    private static string AddressOf(string seat) =>
        "(select '@' || p.handle || coalesce('.' || g.handle, '') from parle.seats s join parle.principals p on "
        + $"p.principal_id = s.principal_id left join parle.agents g on g.agent_id = s.agent_id where s.seat_id = {seat})";

    private static readonly string ListSql = $"""
        select a.ask_id, a.kind, a.state, c.body, a.asker_seat_id, {AddressOf("a.asker_seat_id")} as asker,
               a.claimant_seat_id, {AddressOf("a.claimant_seat_id")} as claimant,
               a.lease_until, a.sha256, a.quorum, a.due_at, a.usable_until, a.opened_at, a.updated_at,
               a.common is not null as is_for_everybody,
               coalesce(
                   (select p.seq from parle.timeline_private p where p.event_id = a.ask_id and p.seat_id = $2),
                   a.common - $3 + coalesce((select q.number from parle.timeline_private q where q.seat_id = $2 and q.after < a.common order by q.number desc limit 1), 0)) as seq
        from parle.asks a left join parle.contents c on c.content_id = a.ask_id and c.room_id = a.room_id
        where a.room_id = $1 and a.ask_id > $4
          and (a.asker_seat_id = $2 or a.common > $3 or exists (select from parle.ask_seats s where s.ask_id = a.ask_id and s.seat_id = $2))
          and ($5::uuid is null or a.ask_id = $5)
          and (cardinality($6::text[]) = 0 or a.state = any($6))
          and ($7::text is null or a.kind = $7)
          and ($8::text is null or case $8 when 'asked' then a.asker_seat_id = $2 when 'claimed' then a.claimant_seat_id = $2 else a.asker_seat_id <> $2 end)
        order by a.ask_id limit $9
        """;

    // The place of a fact in a seat's view: among its private rows, or among the common ones after the view's beginning.
    private const string Position = """
        left join lateral (select seq from parle.timeline_private p where p.seat_id = $2 and p.event_id = r.event_id limit 1) as p on true
        cross join lateral (select coalesce(p.seq, r.common - $3 + coalesce((select number from parle.timeline_private q where q.seat_id = $2 and q.after < r.common order by q.number desc limit 1), 0)) as seq) as s
        """;

    private const string FactsSql = $"""
        select s.seq, {TimelineColumns.Select}, r.bytes
        from (
            select r.*, f.number, case when octet_length(c.body) <= $5 then c.body end as body, coalesce(octet_length(c.body), 0) as bytes from parle.ask_facts f
            cross join lateral (select * from parle.timeline_rows r where r.event_id = f.event_id and r.room_id = (select k.room_id from parle.asks k where k.ask_id = f.ask_id) limit 1) as r
            left join lateral (select body from parle.contents c where c.content_id = f.event_id and c.room_id = r.room_id limit 1) as c on true
            where f.ask_id = $1 and ($6::text is null or r.type = $6)) as r
        {Position}
        {TimelineColumns.People}
        where (p.seq is not null or r.common > $3) and s.seq < $4
        order by r.number desc limit $7
        """;

    private const string ContextSql = $"""
        with visible as materialized (
            select i.item_id, i.seat_id, i.event_id, i.expires_at, i.withdrawn_at, r.room_id, s.seq, row_number() over (order by f.number, i.position) as n
            from parle.context_items i join parle.ask_facts f on f.ask_id = i.ask_id and f.event_id = i.event_id
            cross join lateral (select * from parle.timeline_rows r where r.event_id = i.event_id and r.room_id = (select k.room_id from parle.asks k where k.ask_id = i.ask_id) limit 1) as r
            {Position}
            where i.ask_id = $1 and ($4::uuid is null or i.item_id = $4) and (p.seq is not null or r.common > $3)
        ), page as (
            select v.*, c.body, sum(coalesce(octet_length(c.body), 0)) over (order by v.n) as bytes, row_number() over (order by v.n) as i
            from (select * from visible where $5::uuid is null or n > (select n from visible where item_id = $5) order by n limit $6) as v
            left join lateral (select body from parle.contents c where c.content_id = v.item_id and c.room_id = v.room_id limit 1) as c on true
        )
        select item_id, seat_id, event_id, expires_at, withdrawn_at, body,
               exists (select from parle.redactions d where page.body is null and d.shown_at = page.item_id) as redacted, seq,
               n = (select max(n) from visible) as is_last
        from page where i = 1 or bytes <= $7 order by n
        """;

    private const string LeavesSql = $"""
        select r.event_id, s.seq, r.leaf, r.asked_at
        from (
            select r.*, f.number, k.common as asked_at
            from parle.ask_facts f join parle.asks k on k.ask_id = f.ask_id
            cross join lateral (select * from parle.timeline_rows r where r.event_id = f.event_id and r.room_id = k.room_id limit 1) as r
            where f.ask_id = $1 and k.room_id = $4) as r
        {Position}
        where p.seq is not null or r.common > $3
        order by r.number
        """;

    /// <summary>Asks in the order of their opening, at most one more than <see cref="MaxAsks"/>.</summary>
    public static Task<IReadOnlyList<AskRow>> List(NpgsqlDataSource database, AsksQuery wanted, CancellationToken cancellation) =>
        database.Rows(
            ListSql,
            row => new AskRow(
                row.Get<Guid>("ask_id"), row.Get<string>("kind"), row.Get<string>("state"), row.Get<string?>("body"),
                row.Get<Guid>("asker_seat_id"), row.Get<string>("asker"), row.Get<Guid?>("claimant_seat_id"), row.Get<string?>("claimant"),
                row.Get<DateTimeOffset?>("lease_until"), row.Get<string?>("sha256"), row.Get<int?>("quorum"),
                row.Get<DateTimeOffset?>("due_at"), row.Get<DateTimeOffset?>("usable_until"), row.Get<DateTimeOffset>("opened_at"),
                row.Get<DateTimeOffset>("updated_at"), row.Get<bool>("is_for_everybody"), row.Get<long>("seq")),
            cancellation, wanted.RoomID, wanted.SeatID, wanted.Since, wanted.After, wanted.AskID, wanted.States.ToArray(), wanted.Kind,
            wanted.Mine, (long)MaxAsks + 1);

    /// <summary>
    /// The facts of an ask as rows of the seat's view, newest first: at most one more than <see cref="MaxFacts"/>, to tell whether there
    /// are more.
    /// </summary>
    /// <param name="database">The database of the view.</param>
    /// <param name="askID">The ask.</param>
    /// <param name="of">The reading seat.</param>
    /// <param name="before">Only rows before this place in the view.</param>
    /// <param name="maxBytes">The bound on content. Longer content is not fetched.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<AskHistoryRow>> History(
        NpgsqlDataSource database, Guid askID, AsksQuery of, long before, int maxBytes, CancellationToken cancellation) =>
        Facts(database, askID, of, before, maxBytes, null, MaxFacts + 1, cancellation);

    /// <summary>The digests of all facts of an ask that the seat sees, in their order.</summary>
    public static Task<IReadOnlyList<AskLeaf>> Leaves(
        NpgsqlDataSource database, Guid askID, AsksQuery of, CancellationToken cancellation) => database.Rows(
            LeavesSql,
            row => new AskLeaf(
                row.Get<Guid>("event_id"), row.Get<long>("seq"), row.Get<byte[]>("leaf"), row.Get<long?>("asked_at")),
            cancellation, askID, of.SeatID, of.Since, of.RoomID);

    /// <summary>The newest fact of one type; null when there is none.</summary>
    public static async Task<TimelineRow?> Newest(
        NpgsqlDataSource database, Guid askID, AsksQuery of, string type, CancellationToken cancellation) =>
        (await Facts(database, askID, of, long.MaxValue, int.MaxValue, type, 1, cancellation)) is [var fact] ? fact.Row : null;

    /// <summary>The newest facts of one type, newest first, at most 500, without their content.</summary>
    public static async Task<IReadOnlyList<TimelineRow>> OfType(
        NpgsqlDataSource database, Guid askID, AsksQuery of, string type, CancellationToken cancellation) =>
        [.. (await Facts(database, askID, of, long.MaxValue, maxBytes: 0, type, 500, cancellation)).Select(fact => fact.Row)];

    /// <summary>The place of the newest fact about an ask in the seat's view; 0 when it sees none.</summary>
    public static async Task<long> Watermark(NpgsqlDataSource database, Guid askID, AsksQuery of, CancellationToken cancellation) =>
        (await Facts(database, askID, of, long.MaxValue, maxBytes: 0, null, 1, cancellation)) is [var fact] ? fact.Row.Seq : 0;

    private static async Task<IReadOnlyList<AskHistoryRow>> Facts(
        NpgsqlDataSource database, Guid askID, AsksQuery of, long before, int maxBytes, string? type, int most,
        CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(FactsSql);
        command.Parameters.AddRange(new NpgsqlParameter[]
        {
            new() { Value = askID }, new() { Value = of.SeatID }, new() { Value = of.Since }, new() { Value = before },
            new() { Value = maxBytes }, new() { Value = (object?)type ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            new() { Value = (long)most },
        });
        var facts = new List<AskHistoryRow>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var (columns, row) = (new TimelineColumns(rows), new Row(rows));
        while (await rows.ReadAsync(cancellation))
        {
            facts.Add(new(columns.Row, row.Get<int>("bytes")));
        }

        return facts;
    }

    /// <summary>A page of an ask's context, as far as the seat sees it.</summary>
    /// <param name="database">The database of the view.</param>
    /// <param name="askID">The ask.</param>
    /// <param name="of">The reading seat.</param>
    /// <param name="itemID">Only this one; null for all.</param>
    /// <param name="after">Only items added after this one; null for all.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<ContextRow>> Context(
        NpgsqlDataSource database, Guid askID, AsksQuery of, Guid? itemID, Guid? after, CancellationToken cancellation) => database.Rows(
            ContextSql,
            row => new ContextRow(
                row.Get<Guid>("item_id"), row.Get<Guid>("seat_id"), row.Get<Guid>("event_id"), row.Get<DateTimeOffset?>("expires_at"),
                row.Get<DateTimeOffset?>("withdrawn_at"), row.Get<string?>("body"), row.Get<bool>("redacted"), row.Get<long>("seq"),
                row.Get<bool>("is_last")),
            cancellation, askID, of.SeatID, of.Since, itemID, after, (long)MaxItems, (long)MaxItemBytes);
}
