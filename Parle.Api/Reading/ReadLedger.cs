using Microsoft.Extensions.Caching.Memory;
using Npgsql;
using Parle.Api.Platform;
using Parle.Api.Wire;
using Parle.Projections.Rooms;

namespace Parle.Api.Reading;

/// <summary>
/// The read ledger: what was shown to each seat, and when. A read that shows rows for the first time waits until that is written down; all
/// reads that wait at the same moment share one commit. A read that shows nothing new writes nothing.
/// </summary>
public sealed class ReadLedger(NpgsqlDataSource database, TimeProvider clock) : BackgroundService
{
    private const int MaxTogether = 256;
    private const int MaxWaiting = 16_384;
    private const int MaxRemembered = 100_000; // Ranges, of all seats together.

    private readonly Batcher<Entry, SeqRange> entries = new(MaxWaiting, MaxTogether);
    private readonly MemoryCache remembered = new(new MemoryCacheOptions { SizeLimit = MaxRemembered });

    /// <summary>Returns when the ledger says that the rows from one position of a seat's view to another are shown.</summary>
    /// <param name="seatID">The seat.</param>
    /// <param name="fromSeq">The first row, 1 or more.</param>
    /// <param name="uptoSeq">The last row, <paramref name="fromSeq"/> or more.</param>
    /// <param name="sessionID">The session that reads.</param>
    public Task Record(Guid seatID, long fromSeq, long uptoSeq, Guid sessionID)
    {
        var range = new SeqRange(fromSeq, uptoSeq);
        if (HeadRequests.ShowsNothing || (remembered.Get<LedgerRanges>(seatID) is { } shown && shown.Cover(range)))
        {
            return Task.CompletedTask;
        }

        return entries.Ask(new(seatID, range, sessionID));
    }

    /// <summary>Remembers a range that is on the ledger, so that it is not looked up again.</summary>
    /// <param name="seatID">The seat.</param>
    /// <param name="shown">Rows that a line of the ledger covers.</param>
    public void Remember(Guid seatID, SeqRange shown)
    {
        var known = (remembered.Get<LedgerRanges>(seatID) ?? LedgerRanges.None).With(shown);
        remembered.Set(seatID, known, new MemoryCacheEntryOptions { Size = known.Count });
    }

    /// <summary>Forgets all ranges: each is looked up anew.</summary>
    public void Clear() => remembered.Clear();

    /// <inheritdoc/>
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        entries.Close();
        return base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        remembered.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => entries.Run(async waiting =>
    {
        // When this fails, all reads of the batch fail: none of them may show rows that are not on the ledger.
        await Write([.. waiting.Select(entry => entry.Request)]);
        foreach (var entry in waiting)
        {
            entry.Resolve(entry.Request.Range);
        }
    });

    private async Task Write(IReadOnlyList<Entry> waiting)
    {
        var lines = waiting.GroupBy(entry => (entry.SeatID, entry.SessionID)).SelectMany(
            reader => Merge(reader).Select(range => new LedgerLine(reader.Key.SeatID, range.From, range.Upto, reader.Key.SessionID)));
        foreach (var covered in await LedgerLines.Write(database, [.. lines], clock.GetUtcNow()))
        {
            Remember(covered.SeatID, new(covered.FromSeq, covered.UptoSeq));
        }
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

    private sealed record Entry(Guid SeatID, SeqRange Range, Guid SessionID);
}
