using System.Threading.Channels;
using Microsoft.Extensions.Caching.Memory;
using Npgsql;
using NpgsqlTypes;
using Parle.Api.Wire;

namespace Parle.Api.Reading;

/// <summary>
/// The ledger of what each seat was shown. A read that shows rows for the first time waits until that is written down; all that
/// wait at the same moment share one commit. A read that shows nothing new writes nothing.
/// </summary>
public sealed class Disclosures(NpgsqlDataSource database, TimeProvider clock) : BackgroundService
{
    private const int MaxTogether = 256;
    private const int MaxRemembered = 100_000; // Ranges, of all seats together.

    // A line that touches what was shown before says so from its beginning on: one line then answers for all of it. What is answered
    // is what the line says that covers the page, so that a reader that was shown much is not looked up for each page of it.
    // "(select $1)" hides the array's length, so PostgreSQL keeps one generic plan.
    private const string Sql = """
        with known as materialized (
            select q.*, line.from_seq as line_from, line.upto_seq as line_upto
            from unnest((select $1), (select $2), (select $3), (select $4)) with ordinality as q(seat_id, from_seq, upto_seq, session_id, i)
            left join lateral (
                select d.from_seq, d.upto_seq from parle.disclosures d
                where d.seat_id = q.seat_id and d.upto_seq >= q.upto_seq and d.from_seq <= q.from_seq order by d.upto_seq desc limit 1) as line on true
        ), fresh as materialized (
            select q.i, q.seat_id, q.session_id,
                   coalesce((select min(d.from_seq) from parle.disclosures d where d.seat_id = q.seat_id and d.upto_seq >= q.from_seq - 1 and d.from_seq <= q.from_seq), q.from_seq) as from_seq,
                   coalesce((select max(d.upto_seq) from parle.disclosures d where d.seat_id = q.seat_id and d.upto_seq >= q.upto_seq and d.from_seq <= q.upto_seq + 1), q.upto_seq) as upto_seq
            from known q where q.line_upto is null
        ), written as (
            insert into parle.disclosures (seat_id, from_seq, upto_seq, session_id, shown_at)
            select f.seat_id, f.from_seq, f.upto_seq, f.session_id, $5 from fresh f
            on conflict do nothing
        )
        select k.seat_id, coalesce(f.from_seq, k.line_from), coalesce(f.upto_seq, k.line_upto) from known k left join fresh f on f.i = k.i
        """;

    private readonly Channel<Entry> entries = Channel.CreateUnbounded<Entry>(new() { SingleReader = true });
    private readonly MemoryCache remembered = new(new MemoryCacheOptions { SizeLimit = MaxRemembered });

    /// <summary>Returns when it is on the record that the rows from one position of a seat's view to another are shown.</summary>
    /// <param name="seatID">Whose view.</param>
    /// <param name="fromSeq">The first row, 1 or more.</param>
    /// <param name="uptoSeq">The last row, <paramref name="fromSeq"/> or more.</param>
    /// <param name="sessionID">Who reads.</param>
    public Task Record(Guid seatID, long fromSeq, long uptoSeq, Guid sessionID)
    {
        var range = new SeqRange(fromSeq, uptoSeq);
        if (HeadRequests.ShowsNothing || (remembered.Get<ShownRanges>(seatID) is { } shown && shown.Cover(range)))
        {
            return Task.CompletedTask;
        }

        var entry = new Entry(seatID, range, sessionID, new(TaskCreationOptions.RunContinuationsAsynchronously));
        return entries.Writer.TryWrite(entry) ? entry.Written.Task : Task.FromException(new TimeoutException("The service is stopping."));
    }

    /// <summary>Remembers what is on the record, so that it is not asked for again.</summary>
    /// <param name="seatID">Whose view.</param>
    /// <param name="shown">Rows that lines of the ledger say were shown.</param>
    public void Remember(Guid seatID, SeqRange shown)
    {
        var known = (remembered.Get<ShownRanges>(seatID) ?? ShownRanges.None).With(shown);
        remembered.Set(seatID, known, new MemoryCacheEntryOptions { Size = known.Count });
    }

    /// <summary>Forgets what is on the record: it is looked up anew.</summary>
    public void Clear() => remembered.Clear();

    /// <inheritdoc/>
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        entries.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        remembered.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var waiting = new List<Entry>(MaxTogether);
        while (await entries.Reader.WaitToReadAsync(CancellationToken.None))
        {
            waiting.Clear();
            while (waiting.Count < MaxTogether && entries.Reader.TryRead(out var entry))
            {
                waiting.Add(entry);
            }

            try
            {
                await Write(waiting);
                waiting.ForEach(entry => entry.Written.TrySetResult());
            }
            catch (Exception failure) // It belongs to those who wait: none of them may show what is not on the record.
            {
                waiting.ForEach(entry => entry.Written.TrySetException(failure));
            }
        }
    }

    private async Task Write(List<Entry> waiting)
    {
        var lines = waiting.GroupBy(entry => (entry.SeatID, entry.SessionID)).SelectMany(
            reader => Merge(reader).Select(range => (Seat: reader.Key.SeatID, Range: range, Session: reader.Key.SessionID))).ToList();
        await using var command = database.CreateCommand(Sql);
        command.Parameters.AddRange(new NpgsqlParameter[]
        {
            new() { Value = lines.Select(line => line.Seat).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
            new() { Value = lines.Select(line => line.Range.From).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
            new() { Value = lines.Select(line => line.Range.Upto).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
            new() { Value = lines.Select(line => line.Session).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
            new() { Value = clock.GetUtcNow(), NpgsqlDbType = NpgsqlDbType.TimestampTz },
        });
        var shown = new List<(Guid SeatID, SeqRange Range)>(lines.Count);
        await using (var rows = await command.ExecuteReaderAsync())
        {
            while (await rows.ReadAsync())
            {
                shown.Add((rows.GetGuid(0), new(rows.GetInt64(1), rows.GetInt64(2))));
            }

            await rows.NextResultAsync(); // The commit comes after the last row.
        }

        shown.ForEach(line => Remember(line.SeatID, line.Range));
    }

    private static IEnumerable<SeqRange> Merge(IEnumerable<Entry> ofOneSeat)
    {
        SeqRange? open = null;
        foreach (var range in ofOneSeat.Select(entry => entry.Range).OrderBy(range => range.From))
        {
            if (open is { } apart && !apart.Touches(range))
            {
                yield return apart;
                open = null;
            }

            open = open?.With(range) ?? range;
        }

        if (open is { } last)
        {
            yield return last;
        }
    }

    private sealed record Entry(Guid SeatID, SeqRange Range, Guid SessionID, TaskCompletionSource Written);
}
