using Npgsql;

namespace Parle.Projections.Replaying;

/// <summary>A write barrier: makes all writers wait for a moment, so that the end of the record stands still.</summary>
/// <remarks>
/// Every writer locks <c>mt_streams</c> before it draws its facts' positions, and keeps that lock until it has committed. So while the
/// barrier holds the table, no fact with a lower position can still appear. Readers of views do not notice. An asynchronous view is held by
/// the row of its progress, which changes in the transaction of its rows.
/// </remarks>
/// <param name="Connection">The connection of the transaction that holds the locks.</param>
/// <param name="Ends">The position of each view, which does not move meanwhile.</param>
internal sealed record WriteBarrier(NpgsqlConnection Connection, IReadOnlyDictionary<View, long> Ends)
{
    private const string Patience = "300ms"; // Other writers queue behind a waiting lock, so it must not wait for long.

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Runs an action while writers wait, in one transaction. If another transaction is in the way, such as a backup that reads every
    /// table, all of it is tried again a little later.
    /// </summary>
    /// <returns>The position that each view had reached.</returns>
    public static async Task<IReadOnlyDictionary<View, long>> While(
        NpgsqlDataSource database, IReadOnlyCollection<View> views, IProgress<ReplayProgress> progress, CancellationToken cancellation,
        Func<WriteBarrier, Task> work)
    {
        while (true)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(cancellation);
                await using var transaction = await connection.BeginTransactionAsync(cancellation);
                await connection.Execute($"set local lock_timeout = '{Patience}'", cancellation);
                var ends = await End(connection, views, cancellation);
                await work(new(connection, ends));
                await transaction.CommitAsync(cancellation);
                return ends;
            }
            catch (PostgresException busy)
                when (busy.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
            {
                progress.Report(new("waiting for somebody who reads the record, such as a backup", 0, 0));
                await Task.Delay(Pause, cancellation);
            }
        }
    }

    private static async Task<IReadOnlyDictionary<View, long>> End(
        NpgsqlConnection connection, IReadOnlyCollection<View> views, CancellationToken cancellation)
    {
        var ends = new Dictionary<View, long>();
        foreach (var view in views.Where(view => view.MayLag))
        {
            if (await Reached() is { } place)
            {
                ends[view] = place;
                continue;
            }

            // The view may be writing its first rows together with the row of its progress. There is no row to lock yet, so the whole table
            // is locked.
            await connection.Execute($"lock table {ParleStore.Schema}.mt_event_progression in share mode", cancellation);
            ends[view] = await Reached() ?? 0;

            async Task<long?> Reached()
            {
                var reached = await connection.Rows(
                    $"select last_seq_id from {ParleStore.Schema}.mt_event_progression where name = $1 for update",
                    row => row.Get<long>("last_seq_id"), cancellation, view.Shard);
                return reached is [var last] ? last : null;
            }
        }

        if (views.Any(view => !view.MayLag))
        {
            await connection.Execute($"lock table {ParleStore.Schema}.mt_streams in access exclusive mode", cancellation);
            var end = await connection.Single<long>($"select coalesce(max(seq_id), 0) from {ParleStore.Schema}.mt_events", cancellation);
            foreach (var view in views.Where(view => !view.MayLag))
            {
                ends[view] = end;
            }
        }

        return ends;
    }
}
