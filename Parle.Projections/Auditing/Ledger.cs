using Npgsql;

namespace Parle.Projections.Auditing;

/// <summary>A seat, ended ones included, with the start of its view.</summary>
/// <param name="SeatID">The seat.</param>
/// <param name="Address">Its holder: <c>@principal</c> or <c>@principal.agent</c>.</param>
/// <param name="Since">The number of common rows before its view.</param>
public sealed record LedgerSeat(Guid SeatID, string Address, long Since);

/// <summary>A range of positions of a view that were all shown.</summary>
/// <param name="From">The first.</param>
/// <param name="Upto">The last.</param>
public sealed record ShownRange(long From, long Upto);

/// <summary>The first time that a row was shown.</summary>
/// <param name="At">The moment of the ledger's line, right before the row was sent.</param>
/// <param name="SessionID">The session that read.</param>
public sealed record FirstShown(DateTimeOffset At, Guid SessionID);

/// <summary>A seat in whose view a fact stands.</summary>
/// <param name="SeatID">The seat.</param>
/// <param name="Address">The address of its holder.</param>
/// <param name="Seq">The fact's position in its view.</param>
/// <param name="First">The first time that it was shown there; null for never.</param>
public sealed record Witness(Guid SeatID, string Address, long Seq, FirstShown? First);

/// <summary>
/// "Which seat was shown a fact, and when?" Read from the lines of <see cref="Tables.ReadLedger"/>, which may overlap: the earliest one
/// counts.
/// </summary>
public static class Ledger
{
    private const string Whose = """
        (select '@' || p.handle || coalesce('.' || a.handle, '')
         from parle.principals p left join parle.agents a on a.agent_id = s.agent_id where p.principal_id = s.principal_id)
        """;

    // A common row's place depends on the number of the seat's private rows that were written before it.
    private const string WitnessesSql = $"""
        with fact as materialized (
            select r.event_id, r.common from parle.timeline_rows r where r.event_id = $2 and r.room_id = $1),
        seen as (
            select s.seat_id, f.common - s.since + coalesce((
                select p.number from parle.timeline_private p
                where p.seat_id = s.seat_id and p.after < f.common order by p.number desc limit 1), 0) as seq
            from fact f join parle.seats s on s.room_id = $1 and s.since < f.common
            where f.common is not null
              and (s.removed_at is null or s.removed_at > (select e.timestamp from parle.mt_events e where e.id = f.event_id))
            union all
            select p.seat_id, p.seq from fact f join parle.timeline_private p on p.event_id = f.event_id where f.common is null
        )
        select v.seat_id, {Whose} as address, v.seq, first.shown_at, first.session_id
        from seen v join parle.seats s on s.seat_id = v.seat_id and s.room_id = $1
        left join lateral (
            select d.shown_at, d.session_id from parle.disclosures d
            where d.seat_id = v.seat_id and d.upto_seq >= v.seq and d.from_seq <= v.seq
            order by d.shown_at, d.upto_seq limit 1) as first on true
        where v.seat_id > $3
        order by v.seat_id limit $4
        """;

    private const string AddressAtSql = """
        select '@' || p.handle || '.' || a.handle || '.' || coalesce(held.alias, s.handle)
        from parle.agent_sessions s join parle.agents a on a.agent_id = s.agent_id
        join parle.principals p on p.principal_id = a.principal_id
        left join lateral (
            select c.data->>'alias' as alias from parle.mt_events c
            where c.stream_id = s.agent_id and c.type = 'alias_claimed' and (c.data->>'session_id')::uuid = s.session_id
              and c.timestamp <= $2
              and not exists (
                  select from parle.mt_events r
                  where r.stream_id = c.stream_id and r.type = 'alias_released' and r.data->>'alias' = c.data->>'alias'
                    and r.version > c.version and r.timestamp <= $2)
            order by c.version desc limit 1) as held on true
        where s.session_id = $1
        """;

    /// <summary>The seat, if it is or was one of the room's.</summary>
    public static async Task<LedgerSeat?> Seat(NpgsqlDataSource database, Guid roomID, Guid seatID, CancellationToken cancellation) =>
        (await database.Rows(
            $"select s.seat_id, {Whose} as address, s.since from parle.seats s where s.room_id = $1 and s.seat_id = $2",
            row => new LedgerSeat(row.Get<Guid>("seat_id"), row.Get<string>("address"), row.Get<long>("since")), cancellation,
            roomID, seatID)) is [var found, ..] ? found : null;

    /// <summary>
    /// The seats that have a fact in their views, and the first time each was shown it; by seat id. Empty for a fact that is nobody's row.
    /// </summary>
    /// <param name="database">The database of the views.</param>
    /// <param name="roomID">The room.</param>
    /// <param name="factID">The fact.</param>
    /// <param name="after">Only seats after this one.</param>
    /// <param name="limit">Most seats.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<Witness>> Witnesses(
        NpgsqlDataSource database, Guid roomID, Guid factID, Guid after, int limit, CancellationToken cancellation) => database.Rows(
            WitnessesSql, row => new Witness(
                row.Get<Guid>("seat_id"), row.Get<string>("address"), row.Get<long>("seq"),
                row.Get<DateTimeOffset?>("shown_at") is { } at ? new(at, row.Get<Guid>("session_id")) : null),
            cancellation, roomID, factID, after, limit);

    /// <summary>Whether the fact is one of the room's.</summary>
    public static Task<bool> Has(NpgsqlDataSource database, Guid roomID, Guid factID, CancellationToken cancellation) =>
        database.Scalar<bool>(
            "select exists (select from parle.mt_events e where e.stream_id = $1 and e.id = $2)", cancellation, roomID, factID);

    /// <summary>The positions of its view that a seat had been shown by a moment: in order, without overlaps.</summary>
    /// <param name="database">The database of the ledger.</param>
    /// <param name="seatID">The seat.</param>
    /// <param name="at">The moment.</param>
    /// <param name="after">Only ranges that end after this position.</param>
    /// <param name="limit">Most ranges.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<ShownRange>> Shown(
        NpgsqlDataSource database, Guid seatID, DateTimeOffset at, long after, int limit, CancellationToken cancellation) => database.Rows(
            """
            select lower(r) as from_seq, upper(r) - 1 as upto_seq from (
                select unnest(range_agg(int8range(d.from_seq, d.upto_seq, '[]'))) as r
                from parle.disclosures d where d.seat_id = $1 and d.shown_at <= $2) as shown
            where upper(r) - 1 > $3 order by 1 limit $4
            """,
            row => new ShownRange(row.Get<long>("from_seq"), row.Get<long>("upto_seq")), cancellation, seatID, at, after, limit);

    /// <summary>The first time each of some positions was shown; only positions shown by the moment.</summary>
    public static async Task<IReadOnlyDictionary<long, FirstShown>> First(
        NpgsqlDataSource database, Guid seatID, IReadOnlyList<long> positions, DateTimeOffset at, CancellationToken cancellation)
    {
        var first = new Dictionary<long, FirstShown>();
        if (positions.Count == 0)
        {
            return first;
        }

        await using var command = database.CreateCommand("""
            select d.from_seq, d.upto_seq, d.shown_at, d.session_id from parle.disclosures d
            where d.seat_id = $1 and d.upto_seq >= $2 and d.from_seq <= $3 and d.shown_at <= $4 order by d.shown_at, d.upto_seq
            """);
        command.Parameters.AddRange(
            new object[] { seatID, positions.Min(), positions.Max(), at }.Select(value => new NpgsqlParameter { Value = value }).ToArray());
        var left = new SortedSet<long>(positions);
        await using var lines = await command.ExecuteReaderAsync(cancellation);
        var line = new Row(lines);
        while (left.Count > 0 && await lines.ReadAsync(cancellation))
        {
            foreach (var seq in left.GetViewBetween(line.Get<long>("from_seq"), line.Get<long>("upto_seq")).ToList())
            {
                first[seq] = new(line.Get<DateTimeOffset>("shown_at"), line.Get<Guid>("session_id"));
                left.Remove(seq);
            }
        }

        return first;
    }

    /// <summary>The digests of rows, as in the logs of views.</summary>
    public static async Task<IReadOnlyDictionary<Guid, byte[]>> Leaves(
        NpgsqlDataSource database, IReadOnlyList<Guid> factIDs, CancellationToken cancellation) => (await database.Rows(
            "select r.event_id, r.leaf from parle.timeline_rows r where r.event_id = any($1)",
            row => (EventID: row.Get<Guid>("event_id"), Leaf: row.Get<byte[]>("leaf")), cancellation, factIDs.ToArray()))
            .ToDictionary(row => row.EventID, row => row.Leaf);

    /// <summary>The address under which a session read at a moment: its alias then, or else its handle.</summary>
    public static Task<string?> AddressAt(
        NpgsqlDataSource database, Guid sessionID, DateTimeOffset at, CancellationToken cancellation) =>
        database.Scalar<string?>(AddressAtSql, cancellation, sessionID, at);

    /// <summary>The address of a person or organisation, or of an agent, without a session.</summary>
    public static async Task<string> AddressOf(
        NpgsqlDataSource database, Guid principalID, Guid? agentID, CancellationToken cancellation) => (await database.Scalar<string>(
            $"select {Whose} from (select $1::uuid as principal_id, $2::uuid as agent_id) as s", cancellation, principalID, agentID))!;
}
