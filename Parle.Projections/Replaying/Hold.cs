using Npgsql;

namespace Parle.Projections.Replaying;

/// <summary>Makes all writers wait, so that the record ends where it ends: for moments only.</summary>
/// <remarks>
/// Whoever appends facts looks at <c>mt_streams</c> before it draws their places in the record, and keeps that lock until it has
/// committed. So when this has the table, no fact with a lower place can still come. Readers of views do not notice. A view that lags
/// is held by the row that says how far it has come, which changes in the transaction of its rows.
/// </remarks>
/// <param name="Connection">In whose transaction it is held.</param>
/// <param name="Ends">The place in the record that each view has come to, and stays at meanwhile.</param>
internal sealed record Hold(NpgsqlConnection Connection, IReadOnlyDictionary<View, long> Ends)
{
    private const string Patience = "300ms"; // Writers queue behind one who waits for a lock.

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Does something while writers wait, in one transaction; all of it again after a while when somebody is in the way, such as a
    /// backup that reads every table.
    /// </summary>
    /// <returns>The place in the record that each view had come to.</returns>
    public static async Task<IReadOnlyDictionary<View, long>> While(
        NpgsqlDataSource database, IReadOnlyCollection<View> views, IProgress<ReplayProgress> progress, CancellationToken cancellation,
        Func<Hold, Task> work)
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

            // Its first rows may be on their way, with the row that says so: nothing is there yet that could be held, so all of them are.
            await connection.Execute($"lock table {ParleStore.Schema}.mt_event_progression in share mode", cancellation);
            ends[view] = await Reached() ?? 0;

            async Task<long?> Reached()
            {
                var reached = await connection.Rows(
                    $"select last_seq_id from {ParleStore.Schema}.mt_event_progression where name = $1 for update", row => row.GetInt64(0),
                    cancellation, view.Shard);
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
