using System.Threading.Channels;
using Microsoft.Extensions.Caching.Memory;
using Npgsql;
using NpgsqlTypes;

namespace Parle.Api.Rooms;

/// <summary>
/// The ledger of what each seat was shown. A read that shows rows for the first time waits until that is written down; all that
/// wait at the same moment share one commit. A read that shows nothing new writes nothing.
/// </summary>
public sealed class Disclosures(NpgsqlDataSource database, TimeProvider clock) : BackgroundService
{
    private const int MaxTogether = 256;
    private const int MaxRemembered = 100_000;

    // A line that touches what was shown before says so from its beginning on: one line then answers for all of it.
    private const string Sql = """
        insert into parle.disclosures (seat_id, from_seq, upto_seq, session_id, shown_at)
        select q.seat_id,
               coalesce((select min(d.from_seq) from parle.disclosures d where d.seat_id = q.seat_id and d.upto_seq >= q.from_seq - 1 and d.from_seq <= q.from_seq), q.from_seq),
               coalesce((select max(d.upto_seq) from parle.disclosures d where d.seat_id = q.seat_id and d.upto_seq >= q.upto_seq and d.from_seq <= q.upto_seq + 1), q.upto_seq),
               q.session_id, $5
        from unnest($1, $2, $3, $4) as q(seat_id, from_seq, upto_seq, session_id)
        where not exists (select from parle.disclosures d where d.seat_id = q.seat_id and d.upto_seq >= q.upto_seq and d.from_seq <= q.from_seq)
        on conflict do nothing
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
        if (remembered.Get<Range>(seatID) is { } shown && shown.Covers(fromSeq, uptoSeq))
        {
            return Task.CompletedTask;
        }

        var entry = new Entry(seatID, new(fromSeq, uptoSeq), sessionID, new(TaskCreationOptions.RunContinuationsAsynchronously));
        return entries.Writer.TryWrite(entry) ? entry.Written.Task : Task.FromException(new TimeoutException("The service is stopping."));
    }

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
        var lines = waiting.GroupBy(entry => (entry.SeatID, entry.SessionID)).SelectMany(reader => Merge(reader).Select(range => (Seat: reader.Key.SeatID, Range: range, Session: reader.Key.SessionID))).ToList();
        await using var command = database.CreateCommand(Sql);
        command.Parameters.AddRange(new NpgsqlParameter[]
        {
            new() { Value = lines.Select(line => line.Seat).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
            new() { Value = lines.Select(line => line.Range.From).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
            new() { Value = lines.Select(line => line.Range.Upto).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
            new() { Value = lines.Select(line => line.Session).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
            new() { Value = clock.GetUtcNow(), NpgsqlDbType = NpgsqlDbType.TimestampTz },
        });
        await command.ExecuteNonQueryAsync();
        foreach (var (seat, range, _) in lines)
        {
            var known = remembered.Get<Range>(seat);
            remembered.Set(seat, known?.Touches(range) is true ? known.With(range) : range, new MemoryCacheEntryOptions { Size = 1 });
        }
    }

    private static IEnumerable<Range> Merge(IEnumerable<Entry> ofOneSeat)
    {
        Range? open = null;
        foreach (var range in ofOneSeat.Select(entry => entry.Range).OrderBy(range => range.From))
        {
            if (open?.Touches(range) is false)
            {
                yield return open;
                open = null;
            }

            open = open?.With(range) ?? range;
        }

        if (open is not null)
        {
            yield return open;
        }
    }

    private sealed record Entry(Guid SeatID, Range Range, Guid SessionID, TaskCompletionSource Written);

    private sealed record Range(long From, long Upto)
    {
        public bool Covers(long from, long upto) => From <= from && upto <= Upto;

        public bool Touches(Range other) => From <= other.Upto + 1 && other.From <= Upto + 1;

        public Range With(Range other) => new(Math.Min(From, other.From), Math.Max(Upto, other.Upto));
    }
}
