using Npgsql;
using NpgsqlTypes;

namespace Parle.Projections.Rooms;

/// <summary>Rows of a seat's view, from one place to another, that are about to be shown to a session.</summary>
/// <param name="SeatID">The seat.</param>
/// <param name="FromSeq">The first row, 1 or more.</param>
/// <param name="UptoSeq">The last row.</param>
/// <param name="SessionID">The session that reads.</param>
public sealed record LedgerLine(Guid SeatID, long FromSeq, long UptoSeq, Guid SessionID);

/// <summary>Rows of a seat's view that one line of the read ledger covers.</summary>
/// <param name="SeatID">The seat.</param>
/// <param name="FromSeq">The first row.</param>
/// <param name="UptoSeq">The last row.</param>
public sealed record LedgerCover(Guid SeatID, long FromSeq, long UptoSeq);

/// <summary>Writes lines of the read ledger, see <see cref="Tables.ReadLedger"/>.</summary>
public static class LedgerLines
{
    // A line that touches earlier lines is written from their beginning on, so that one line covers all of it. The answer is the whole
    // range of the covering line: a reader that was shown much is then not looked up again for each page.
    // "(select $1)" hides the array's length, so PostgreSQL keeps one generic plan.
    private const string WriteSql = """
        with known as materialized (
            select q.*, line.from_seq as line_from, line.upto_seq as line_upto
            from unnest((select $1), (select $2), (select $3), (select $4)) with ordinality as q(seat_id, from_seq, upto_seq, session_id, i)
            left join lateral (
                select d.from_seq, d.upto_seq from parle.disclosures d
                where d.seat_id = q.seat_id and d.upto_seq >= q.upto_seq and d.from_seq <= q.from_seq
                order by d.upto_seq desc limit 1) as line on true
        ), fresh as materialized (
            select q.i, q.seat_id, q.session_id,
                coalesce((
                    select min(d.from_seq) from parle.disclosures d
                    where d.seat_id = q.seat_id and d.upto_seq >= q.from_seq - 1 and d.from_seq <= q.from_seq), q.from_seq) as from_seq,
                coalesce((
                    select max(d.upto_seq) from parle.disclosures d
                    where d.seat_id = q.seat_id and d.upto_seq >= q.upto_seq and d.from_seq <= q.upto_seq + 1), q.upto_seq) as upto_seq
            from known q where q.line_upto is null
        ), written as (
            insert into parle.disclosures (seat_id, from_seq, upto_seq, session_id, shown_at)
            select f.seat_id, f.from_seq, f.upto_seq, f.session_id, $5 from fresh f
            on conflict do nothing
        )
        select k.seat_id, coalesce(f.from_seq, k.line_from) as from_seq, coalesce(f.upto_seq, k.line_upto) as upto_seq
        from known k left join fresh f on f.i = k.i
        """;

    /// <summary>
    /// Writes the rows that are not covered yet, and returns the ranges covered then: one for each line, at least as wide as the line.
    /// </summary>
    /// <param name="database">The database of the ledger.</param>
    /// <param name="lines">The lines.</param>
    /// <param name="at">The time at which the rows are shown.</param>
    public static async Task<IReadOnlyList<LedgerCover>> Write(
        NpgsqlDataSource database, IReadOnlyList<LedgerLine> lines, DateTimeOffset at)
    {
        await using var command = database.CreateCommand(WriteSql);
        command.Parameters.AddRange(new NpgsqlParameter[]
        {
            Column(lines, line => line.SeatID, NpgsqlDbType.Uuid), Column(lines, line => line.FromSeq, NpgsqlDbType.Bigint),
            Column(lines, line => line.UptoSeq, NpgsqlDbType.Bigint), Column(lines, line => line.SessionID, NpgsqlDbType.Uuid),
            new() { Value = at, NpgsqlDbType = NpgsqlDbType.TimestampTz },
        });
        var covered = new List<LedgerCover>(lines.Count);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var row = new Row(reader);
            covered.Add(new(row.Get<Guid>("seat_id"), row.Get<long>("from_seq"), row.Get<long>("upto_seq")));
        }

        await reader.NextResultAsync(); // The commit comes after the last row.
        return covered;
    }

    private static NpgsqlParameter Column<T>(IReadOnlyList<LedgerLine> lines, Func<LedgerLine, T> column, NpgsqlDbType type) =>
        new() { Value = lines.Select(column).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
}
