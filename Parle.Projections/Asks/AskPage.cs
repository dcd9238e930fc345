using Npgsql;
using NpgsqlTypes;
using Parle.Projections.Rooms;

namespace Parle.Projections.Asks;

/// <summary>An ask, as a list shows it.</summary>
/// <param name="AskID">The ask.</param>
/// <param name="Kind">The kind of ask.</param>
/// <param name="State">How far it is.</param>
/// <param name="Words">The request, canonical JSON; null when it is erased.</param>
/// <param name="AskerSeatID">The one that asks.</param>
/// <param name="Asker">The same, as an address.</param>
/// <param name="ClaimantSeatID">The seat that works on it; null for nobody.</param>
/// <param name="Claimant">The same, as an address.</param>
/// <param name="LeaseUntil">When the claim lapses.</param>
/// <param name="Sha256">The digest of its subject.</param>
/// <param name="Quorum">How many principals must approve.</param>
/// <param name="DueAt">After this moment nobody can answer.</param>
/// <param name="UsableUntil">Until when the approval can be used.</param>
/// <param name="OpenedAt">When it was asked.</param>
/// <param name="UpdatedAt">When something last happened to it.</param>
/// <param name="IsForEverybody">Whether everybody was asked.</param>
/// <param name="Seq">Where its first row stands in the reader's view.</param>
public sealed record AskRow(
    Guid AskID, string Kind, string State, string? Words, Guid AskerSeatID, string Asker, Guid? ClaimantSeatID, string? Claimant,
    DateTimeOffset? LeaseUntil, string? Sha256, int? Quorum, DateTimeOffset? DueAt, DateTimeOffset? UsableUntil, DateTimeOffset OpenedAt,
    DateTimeOffset UpdatedAt, bool IsForEverybody, long Seq);

/// <summary>One thing that was handed over.</summary>
/// <param name="ItemID">Which.</param>
/// <param name="SeatID">By whom.</param>
/// <param name="EventID">With which fact.</param>
/// <param name="ExpiresAt">When it can no longer be read.</param>
/// <param name="WithdrawnAt">When it was taken back.</param>
/// <param name="Words">Name, media type and text, canonical JSON; null when it is gone.</param>
/// <param name="Redacted">Whether its author or the room's owner took it away.</param>
/// <param name="Seq">Where the fact that brought it stands in the reader's view.</param>
/// <param name="IsLast">Whether nothing was handed over after it.</param>
public sealed record ContextRow(
    Guid ItemID, Guid SeatID, Guid EventID, DateTimeOffset? ExpiresAt, DateTimeOffset? WithdrawnAt, string? Words, bool Redacted, long Seq,
    bool IsLast);

/// <summary>Something that happened to an ask, as a row of the reader's view.</summary>
/// <param name="Row">The row, without its words when they are longer than was asked for.</param>
/// <param name="Bytes">How many bytes its words have.</param>
public sealed record AskHistoryRow(TimelineRow Row, int Bytes);

/// <summary>The seat whose asks are meant, and which of them.</summary>
/// <param name="RoomID">The room.</param>
/// <param name="SeatID">The asking seat: it sees its own, and those it was asked.</param>
/// <param name="Since">How many common rows lie before its view.</param>
public sealed record AsksOf(Guid RoomID, Guid SeatID, long Since)
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

/// <summary>Reads asks, for a seat that may see them. Others find nothing, however they ask.</summary>
public static class AskPage
{
    /// <summary>Most asks of a page.</summary>
    public const int MaxAsks = 50;

    /// <summary>Most facts of a page of one ask's history.</summary>
    public const int MaxFacts = 50;

    /// <summary>Most things of a page of what was handed over.</summary>
    public const int MaxItems = 64;

    /// <summary>Most bytes of these that are fetched for a page, beyond its first thing.</summary>
    public const int MaxItemBytes = 4 * 1024 * 1024;

    private const string Address = "(select '@' || p.handle || coalesce('.' || g.handle, '') from parle.seats s join parle.principals p on "
        + "p.principal_id = s.principal_id left join parle.agents g on g.agent_id = s.agent_id where s.seat_id = {0})";

    private static readonly string ListSql = $"""
        select a.ask_id, a.kind, a.state, c.body, a.asker_seat_id, {string.Format(Address, "a.asker_seat_id")} as asker,
               a.claimant_seat_id, {string.Format(Address, "a.claimant_seat_id")} as claimant,
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

    // Where a fact stands in the view of a seat: among its private rows, or among the common ones after its beginning.
    private const string Position = """
        left join lateral (select seq from parle.timeline_private p where p.seat_id = $2 and p.event_id = r.event_id limit 1) as p on true
        cross join lateral (select coalesce(p.seq, r.common - $3 + coalesce((select number from parle.timeline_private q where q.seat_id = $2 and q.after < r.common order by q.number desc limit 1), 0)) as seq) as s
        """;

    private const string FactsSql = $"""
        select s.seq, {TimelinePage.Columns}, r.bytes
        from (
            select r.*, f.number, case when octet_length(c.body) <= $5 then c.body end as body, coalesce(octet_length(c.body), 0) as bytes from parle.ask_facts f
            cross join lateral (select * from parle.timeline_rows r where r.event_id = f.event_id and r.room_id = (select k.room_id from parle.asks k where k.ask_id = f.ask_id) limit 1) as r
            left join lateral (select body from parle.contents c where c.content_id = f.event_id and c.room_id = r.room_id limit 1) as c on true
            where f.ask_id = $1 and ($6::text is null or r.type = $6)) as r
        {Position}
        {TimelinePage.People}
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

    /// <summary>Asks in the order of their opening, at most one more than <see cref="MaxAsks"/>.</summary>
    public static Task<IReadOnlyList<AskRow>> List(NpgsqlDataSource database, AsksOf wanted, CancellationToken cancellation) =>
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
    /// The history of an ask, as rows of the seat's view, the newest first: at most one more than <see cref="MaxFacts"/>, so that it is
    /// known whether there is more.
    /// </summary>
    /// <param name="database">Where the view is.</param>
    /// <param name="askID">The ask.</param>
    /// <param name="of">The seat of the view.</param>
    /// <param name="before">Only what stands before this place in the view.</param>
    /// <param name="maxBytes">Longer words are not fetched.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<AskHistoryRow>> History(
        NpgsqlDataSource database, Guid askID, AsksOf of, long before, int maxBytes, CancellationToken cancellation) =>
        Facts(database, askID, of, before, maxBytes, null, MaxFacts + 1, cancellation);

    /// <summary>The newest fact of one name; null when there is none.</summary>
    public static async Task<TimelineRow?> Newest(
        NpgsqlDataSource database, Guid askID, AsksOf of, string type, CancellationToken cancellation) =>
        (await Facts(database, askID, of, long.MaxValue, int.MaxValue, type, 1, cancellation)) is [var fact] ? fact.Row : null;

    private static async Task<IReadOnlyList<AskHistoryRow>> Facts(
        NpgsqlDataSource database, Guid askID, AsksOf of, long before, int maxBytes, string? type, int most, CancellationToken cancellation)
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
        while (await rows.ReadAsync(cancellation))
        {
            facts.Add(new(TimelinePage.Row(rows), rows.GetInt32(TimelinePage.ColumnCount)));
        }

        return facts;
    }

    /// <summary>A page of what was handed over with an ask, of what the seat sees of it.</summary>
    /// <param name="database">Where the view is.</param>
    /// <param name="askID">The ask.</param>
    /// <param name="of">The seat of the view.</param>
    /// <param name="itemID">Only this one; null for all.</param>
    /// <param name="after">Only what was handed over after this one; null for all.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<ContextRow>> Context(
        NpgsqlDataSource database, Guid askID, AsksOf of, Guid? itemID, Guid? after, CancellationToken cancellation) => database.Rows(
            ContextSql,
            row => new ContextRow(
                row.Get<Guid>("item_id"), row.Get<Guid>("seat_id"), row.Get<Guid>("event_id"), row.Get<DateTimeOffset?>("expires_at"),
                row.Get<DateTimeOffset?>("withdrawn_at"), row.Get<string?>("body"), row.Get<bool>("redacted"), row.Get<long>("seq"),
                row.Get<bool>("is_last")),
            cancellation, askID, of.SeatID, of.Since, itemID, after, (long)MaxItems, (long)MaxItemBytes);
}
