using Marten;
using Npgsql;
using Weasel.Postgresql.Tables;

namespace Parle.Projections.Replaying;

/// <summary>
/// Rebuilds views from the record beside the live ones and compares them. Rows that differ can be replaced by the rebuilt ones.
/// </summary>
/// <remarks>
/// The service goes on meanwhile. Writers wait only for moments, readers never: rows are replaced by ordinary statements in ordinary
/// transactions. So a reader sees a row either before or after its repair, and grants, indexes and prepared statements stay. A rebuild that
/// is killed leaves a schema that nothing reads; the next rebuild removes it.
/// </remarks>
public sealed class Rebuild(IDocumentStore store, NpgsqlDataSource database, IProgress<ReplayProgress> progress)
{
    private const int ShortLag = 2000; // Most facts that are replayed while writers wait.
    private const int Approaches = 5; // After so many approaches writers wait, whatever is left: they are faster than the replay.
    private const int RowsAtOnce = 5000; // Most rows replaced while writers wait.

    /// <summary>The number of facts replayed.</summary>
    public long Facts { get; private set; }

    /// <summary>The time that took.</summary>
    public TimeSpan Replaying { get; private set; }

    /// <summary>Compares views with the record, and changes nothing.</summary>
    /// <exception cref="RebuildException">Another one runs on this database.</exception>
    public Task<IReadOnlyList<ComparisonResult>> Check(IReadOnlyCollection<View> views, CancellationToken cancellation) =>
        Run(views, replaces: false, cancellation);

    /// <summary>Compares views with the record, and replaces rows that differ. Returns the findings from before the repair.</summary>
    /// <exception cref="RebuildException">Another one runs on this database, or a view differs again at once.</exception>
    public Task<IReadOnlyList<ComparisonResult>> Replace(IReadOnlyCollection<View> views, CancellationToken cancellation) =>
        Run(views, replaces: true, cancellation);

    private async Task<IReadOnlyList<ComparisonResult>> Run(IReadOnlyCollection<View> views, bool replaces, CancellationToken cancellation)
    {
        await using var only = await database.OpenConnectionAsync(cancellation);
        if (!await only.Single<bool>("select pg_try_advisory_lock(hashtext('parle.projections'))", cancellation))
        {
            throw new RebuildException("Another rebuild or check runs on this database.");
        }

        var tables = new ShadowTables(store, database);
        var replay = new Replay(database, tables, views, progress);
        try
        {
            await tables.Create(views, cancellation);
            var found = await Compare(tables, replay, views, views, cancellation);
            if (replaces && found.Where(finding => !finding.Agrees).Select(finding => finding.View).ToList() is { Count: > 0 } differing)
            {
                await Replace(replay, views, differing, cancellation);
                var left = (await Compare(tables, replay, views, differing, cancellation)).FirstOrDefault(finding => !finding.Agrees);
                if (left is not null)
                {
                    throw new RebuildException($"The view {left.View} was put right and differs again in {left.Differing} rows: somebody "
                        + "else writes it, or it is not made of facts alone.");
                }
            }

            return found;
        }
        finally
        {
            (Facts, Replaying) = (replay.Facts, replay.Time);
            await tables.Drop(CancellationToken.None);
            await only.Execute("select pg_advisory_unlock(hashtext('parle.projections'))", CancellationToken.None);
        }
    }

    private async Task<IReadOnlyList<ComparisonResult>> Compare(ShadowTables tables, Replay replay, IReadOnlyCollection<View> views,
        IReadOnlyCollection<View> wanted, CancellationToken cancellation)
    {
        await Approach(replay, views, cancellation);
        await tables.Finish(views, cancellation);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellation);
        var ends = await WriteBarrier.While(database, views, progress, cancellation, async hold =>
        {
            await replay.To(hold.Ends, cancellation);
            await connection.Execute("set local timezone = 'UTC'", cancellation); // The time zone must not change the digest.
            // The transaction's snapshot is taken by its first query.
            await connection.Single<long>("select count(*) from pg_class where oid = 0", cancellation);
        });
        var found = new List<ComparisonResult>();
        foreach (var view in wanted)
        {
            progress.Report(new($"comparing {view}", found.Count, wanted.Count));
            found.Add(await Comparison.Of(connection, view, ends[view], cancellation));
        }

        await snapshot.CommitAsync(cancellation);
        return found;
    }

    // Replays up to so near the end of the record that the rest takes no time.
    private async Task Approach(Replay replay, IReadOnlyCollection<View> views, CancellationToken cancellation)
    {
        for (var i = 0; i < Approaches; i++)
        {
            var ends = await WriteBarrier.While(database, views, progress, cancellation, _ => Task.CompletedTask);
            if (replay.Lag(ends) <= ShortLag)
            {
                return;
            }

            await replay.To(ends, cancellation);
        }
    }

    private async Task Replace(
        Replay replay, IReadOnlyCollection<View> views, IReadOnlyCollection<View> differing, CancellationToken cancellation)
    {
        foreach (var table in differing.SelectMany(view => view.Projection.Tables))
        {
            await using var connection = await database.OpenConnectionAsync(cancellation);
            if (await connection.Single<bool>($"select to_regclass('{Comparison.Differing(table)}') is null", cancellation))
            {
                continue;
            }

            var rows = await connection.Single<long>($"select count(*) from {Comparison.Differing(table)}", cancellation);
            try
            {
                for (var done = 0L; done < rows; done += RowsAtOnce)
                {
                    progress.Report(new($"replacing rows of {table.Identifier.Name}", done, rows));
                    await Replace(replay, views, table, done, done + RowsAtOnce, cancellation);
                }
            }
            catch (PostgresException taken) when (taken.SqlState is PostgresErrorCodes.UniqueViolation)
            {
                // A unique value may belong to a later row, so all rows of this table are replaced at once.
                await Replace(replay, views, table, 0, rows, cancellation);
            }

            await connection.Execute($"drop table {Comparison.Differing(table)}", cancellation);
        }
    }

    private Task Replace(
        Replay replay, IReadOnlyCollection<View> views, Table table, long after, long upto, CancellationToken cancellation) =>
            WriteBarrier.While(
            database, views, progress, cancellation, async hold =>
            {
                await replay.To(hold.Ends, cancellation);
                var (name, columns) = (table.Identifier.Name, string.Join(", ", table.Columns.Select(column => column.Name)));
                var chosen = $"select {Comparison.Key(table, "d")} from {Comparison.Differing(table)} d where n > $1 and n <= $2";
                await hold.Connection.Execute(
                    $"delete from {ParleStore.Schema}.{name} l where ({Comparison.Key(table, "l")}) in ({chosen})", cancellation, after,
                    upto);
                await hold.Connection.Execute(
                    $"insert into {ParleStore.Schema}.{name} ({columns}) select {columns} from {ShadowTables.Schema}.{name} r where "
                    + $"({Comparison.Key(table, "r")}) in ({chosen})", cancellation, after, upto);
            });
}
