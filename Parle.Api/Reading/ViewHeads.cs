using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Platform;
using Parle.Projections.Rooms;

namespace Parle.Api.Reading;

/// <summary>
/// Looks up where views stand, for every read: rows held in memory are shown only as long as they are true, on every node. That is cheap,
/// since all reads that wait at the same moment share one query. A reader that waited mostly gets one row: the same round trip fetches that
/// row and writes it to the read ledger.
/// </summary>
public sealed class ViewHeads(NpgsqlDataSource database, RecentRows recent, ReadLedger ledger, TimeProvider clock) : BackgroundService
{
    private const int MaxTogether = 128;
    private const int MaxWaiting = 16_384;

    private readonly Batcher<ViewCursor, ViewHead> questions = new(MaxWaiting, MaxTogether);

    /// <summary>Where the view of a seat stands now, seen from a cursor.</summary>
    /// <param name="roomID">The room.</param>
    /// <param name="seat">The seat.</param>
    /// <param name="since">The cursor.</param>
    /// <param name="waiting">The session that waits there for what comes; null when the reader does not wait.</param>
    public Task<ViewHead> Find(Guid roomID, CallerSeat seat, long since, Guid? waiting) =>
        questions.Ask(new(roomID, seat.SeatID, seat.Since, since, waiting));

    /// <inheritdoc/>
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        questions.Close();
        return base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => questions.Run(Answer);

    private async Task Answer(IReadOnlyList<Pending<ViewCursor, ViewHead>> waiting)
    {
        var cursors = waiting.Select(question => question.Request).ToList();
        var newest = cursors.Where(cursor => cursor.WaitingID is not null).Select(cursor => cursor.RoomID).Distinct()
            .Select(recent.NewerThanHeld).OfType<NewestRows>().ToList();
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(StoredHeads.Command(cursors, clock.GetUtcNow()));
        newest.ForEach(rows => batch.BatchCommands.Add(rows.Command));
        IReadOnlyList<(int Index, ViewHead Head, long? ShownFrom)> heads;
        await using (var results = await batch.ExecuteReaderAsync())
        {
            heads = await StoredHeads.Read(results, cursors);
            foreach (var rows in newest)
            {
                await results.NextResultAsync();
                await rows.Read(results);
            }

            await results.NextResultAsync(); // The commit comes after the last row.
        }

        foreach (var rows in newest)
        {
            await recent.Hold(rows);
        }

        foreach (var (index, head, shownFrom) in heads)
        {
            if (shownFrom is { } from)
            {
                ledger.Remember(cursors[index].SeatID, new(from, head.Seq));
            }

            waiting[index].Resolve(head);
        }
    }
}
