using Npgsql;
using NpgsqlTypes;
using Parle.Projections.Rooms;

namespace Parle.Projections.Asks;

/// <summary>An ask, as a list shows it.</summary>
/// <param name="AskID">The ask.</param>
/// <param name="Kind">What for.</param>
/// <param name="State">How far it is.</param>
/// <param name="Words">What was asked, canonical JSON; null when it is erased.</param>
/// <param name="AskerSeatID">Who asks.</param>
/// <param name="Asker">The same, as an address.</param>
/// <param name="ClaimantSeatID">Who works on it; null when nobody does.</param>
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
    Guid AskID, string Kind, string State, string? Words, Guid AskerSeatID, string Asker, Guid? ClaimantSeatID, string? Claimant, DateTimeOffset? LeaseUntil, string? Sha256, int? Quorum,
    DateTimeOffset? DueAt, DateTimeOffset? UsableUntil, DateTimeOffset OpenedAt, DateTimeOffset UpdatedAt, bool IsForEverybody, long Seq);

/// <summary>One thing that was handed over.</summary>
/// <param name="ItemID">Which.</param>
/// <param name="SeatID">By whom.</param>
/// <param name="EventID">With which fact.</param>
/// <param name="ExpiresAt">When it can no longer be read.</param>
/// <param name="WithdrawnAt">When it was taken back.</param>
/// <param name="Words">Name, media type and text, canonical JSON; null when it is gone.</param>
/// <param name="Redacted">Whether its author or the room's owner took it away.</param>
public sealed record ContextRow(Guid ItemID, Guid SeatID, Guid EventID, DateTimeOffset? ExpiresAt, DateTimeOffset? WithdrawnAt, string? Words, bool Redacted);

/// <summary>Whose asks are meant, and which of them.</summary>
/// <param name="RoomID">The room.</param>
/// <param name="SeatID">Who asks: it sees its own, and those it was asked.</param>
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

    private const string Address = "(select '@' || p.handle || coalesce('.' || g.handle, '') from parle.seats s join parle.principals p on p.principal_id = s.principal_id left join parle.agents g on g.agent_id = s.agent_id where s.seat_id = {0})";

    private static readonly string ListSql = $"""
        select a.ask_id, a.kind, a.state, c.body, a.asker_seat_id, {string.Format(Address, "a.asker_seat_id")}, a.claimant_seat_id, {string.Format(Address, "a.claimant_seat_id")},
               a.lease_until, a.sha256, a.quorum, a.due_at, a.usable_until, a.opened_at, a.updated_at, a.common is not null,
               coalesce(
                   (select p.seq from parle.timeline_private p where p.event_id = a.ask_id and p.seat_id = $2),
                   a.common - $3 + coalesce((select q.number from parle.timeline_private q where q.seat_id = $2 and q.after < a.common order by q.number desc limit 1), 0))
        from parle.asks a left join parle.contents c on c.content_id = a.ask_id and c.room_id = a.room_id
        where a.room_id = $1 and a.ask_id > $4
          and (a.asker_seat_id = $2 or a.common > $3 or exists (select from parle.ask_seats s where s.ask_id = a.ask_id and s.seat_id = $2))
          and ($5::uuid is null or a.ask_id = $5)
          and (cardinality($6::text[]) = 0 or a.state = any($6))
          and ($7::text is null or a.kind = $7)
          and ($8::text is null or case $8 when 'asked' then a.asker_seat_id = $2 when 'claimed' then a.claimant_seat_id = $2 else a.asker_seat_id <> $2 end)
        order by a.ask_id limit $9
        """;

    private const string FactsSql = $"""
        select coalesce(p.seq, r.common - $3 + coalesce((select number from parle.timeline_private q where q.seat_id = $2 and q.after < r.common order by q.number desc limit 1), 0)), {TimelinePage.Columns}
        from (
            select r.*, c.body from parle.ask_facts f
            cross join lateral (select * from parle.timeline_rows r where r.event_id = f.event_id and r.room_id = (select k.room_id from parle.asks k where k.ask_id = f.ask_id) limit 1) as r
            left join lateral (select body from parle.contents c where c.content_id = f.event_id and c.room_id = r.room_id limit 1) as c on true
            where f.ask_id = $1) as r
        left join lateral (select seq from parle.timeline_private p where p.seat_id = $2 and p.event_id = r.event_id limit 1) as p on true
        {TimelinePage.People}
        where p.seq is not null or r.common > $3
        order by 1
        """;

    private const string ContextSql = """
        select i.item_id, i.seat_id, i.event_id, i.expires_at, i.withdrawn_at, c.body, exists (select from parle.redactions d where c.body is null and d.shown_at = i.item_id)
        from parle.context_items i join parle.ask_facts f on f.ask_id = i.ask_id and f.event_id = i.event_id join parle.asks k on k.ask_id = i.ask_id left join parle.contents c on c.content_id = i.item_id and c.room_id = k.room_id
        where i.ask_id = $1 and ($2::uuid is null or i.item_id = $2) order by f.number, i.position
        """;

    /// <summary>Asks in the order of their opening, at most one more than <see cref="MaxAsks"/>.</summary>
    public static async Task<IReadOnlyList<AskRow>> List(NpgsqlDataSource database, AsksOf wanted, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(ListSql);
        command.Parameters.AddRange(new NpgsqlParameter[]
        {
            new() { Value = wanted.RoomID }, new() { Value = wanted.SeatID }, new() { Value = wanted.Since }, new() { Value = wanted.After },
            new() { Value = (object?)wanted.AskID ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
            new() { Value = wanted.States.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            new() { Value = (object?)wanted.Kind ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            new() { Value = (object?)wanted.Mine ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            new() { Value = (long)MaxAsks + 1 },
        });
        var asks = new List<AskRow>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            asks.Add(new(
                rows.GetGuid(0), rows.GetString(1), rows.GetString(2), Or<string>(rows, 3), rows.GetGuid(4), rows.GetString(5), OrNot<Guid>(rows, 6), Or<string>(rows, 7),
                OrNot<DateTimeOffset>(rows, 8), Or<string>(rows, 9), OrNot<int>(rows, 10), OrNot<DateTimeOffset>(rows, 11), OrNot<DateTimeOffset>(rows, 12),
                rows.GetFieldValue<DateTimeOffset>(13), rows.GetFieldValue<DateTimeOffset>(14), rows.GetBoolean(15), rows.GetInt64(16)));
        }

        return asks;
    }

    /// <summary>Everything that happened to an ask, as rows of the seat's view.</summary>
    public static async Task<IReadOnlyList<TimelineRow>> Facts(NpgsqlDataSource database, Guid askID, Guid seatID, long since, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(FactsSql);
        command.Parameters.AddRange(new NpgsqlParameter[] { new() { Value = askID }, new() { Value = seatID }, new() { Value = since } });
        var facts = new List<TimelineRow>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            facts.Add(TimelinePage.Row(rows));
        }

        return facts;
    }

    /// <summary>What was handed over with an ask; or only <paramref name="itemID"/>.</summary>
    public static async Task<IReadOnlyList<ContextRow>> Context(NpgsqlDataSource database, Guid askID, Guid? itemID, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(ContextSql);
        command.Parameters.AddRange(new NpgsqlParameter[] { new() { Value = askID }, new() { Value = (object?)itemID ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid } });
        var items = new List<ContextRow>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            items.Add(new(rows.GetGuid(0), rows.GetGuid(1), rows.GetGuid(2), OrNot<DateTimeOffset>(rows, 3), OrNot<DateTimeOffset>(rows, 4), Or<string>(rows, 5), rows.GetBoolean(6)));
        }

        return items;
    }

    private static T? Or<T>(NpgsqlDataReader row, int column)
        where T : class => row.IsDBNull(column) ? null : row.GetFieldValue<T>(column);

    private static T? OrNot<T>(NpgsqlDataReader row, int column)
        where T : struct => row.IsDBNull(column) ? null : row.GetFieldValue<T>(column);
}
