using System.Diagnostics;
using JasperFx.Events;
using Npgsql;
using Parle.Projections.History;

namespace Parle.Projections.Replaying;

/// <summary>Replays facts in the order of the record, page by page, for each view up to its own position.</summary>
internal sealed class Replay(NpgsqlDataSource database, ShadowTables tables, IEnumerable<View> views, IProgress<ReplayProgress> progress)
{
    private readonly Dictionary<View, long> reached = views.ToDictionary(view => view, _ => 0L);

    /// <summary>The number of facts read.</summary>
    public long Facts { get; private set; }

    /// <summary>The time that took, writing included.</summary>
    public TimeSpan Time { get; private set; }

    /// <summary>The largest number of facts that a view still lacks up to these positions.</summary>
    public long Lag(IReadOnlyDictionary<View, long> ends) => reached.Max(view => ends[view.Key] - view.Value);

    /// <summary>Replays up to these positions of the record.</summary>
    public async Task To(IReadOnlyDictionary<View, long> ends, CancellationToken cancellation)
    {
        var behind = reached.Where(view => view.Value < ends[view.Key]).ToList();
        if (behind is [])
        {
            return;
        }

        var started = Stopwatch.GetTimestamp();
        var (start, end) = (behind.Min(view => view.Value), behind.Max(view => ends[view.Key]));
        await using var connection = await database.OpenConnectionAsync(cancellation);
        using var record = new StoredFacts(database, start, end, FactReader.Current);
        Task<Page?> Load() => Task.Run(() => record.Next(), cancellation);
        var (loading, writing) = (Load(), Task.CompletedTask);
        try
        {
            while (await loading is { } page)
            {
                // While one page is written, this one is computed and the next one read. More pages at once would survive a garbage
                // collection.
                loading = Load();
                var writes = await Writes(page.Facts, ends);
                await writing;
                writing = Task.Run(() => Write(connection, writes), cancellation);
                foreach (var (view, place) in ends)
                {
                    reached[view] = Math.Max(reached[view], Math.Min(place, page.Upto));
                }

                Facts += page.Facts.Count;
                progress.Report(new("replaying", page.Upto - start, end - start));
            }

            await writing;
        }
        finally
        {
            await Task.WhenAny(Task.WhenAll(loading, writing)); // After a failure nothing goes on.
        }

        Time += Stopwatch.GetElapsedTime(started);
    }

    private async Task<List<NpgsqlBatchCommand>> Writes(IReadOnlyList<IEvent> page, IReadOnlyDictionary<View, long> ends)
    {
        var writes = new List<NpgsqlBatchCommand>();
        foreach (var (view, from) in reached)
        {
            var facts = page is [var first, ..] && from < first.Sequence && page[^1].Sequence <= ends[view]
                ? page : [.. page.Where(fact => fact.Sequence > from && fact.Sequence <= ends[view])];
            if (facts.Count > 0)
            {
                writes.AddRange(await tables.Statements(view, facts));
            }
        }

        return writes;
    }

    // All writes of a page are one transaction.
    private static void Write(NpgsqlConnection connection, List<NpgsqlBatchCommand> writes)
    {
        if (writes is [])
        {
            return;
        }

        using var batch = connection.CreateBatch();
        writes.ForEach(batch.BatchCommands.Add);
        batch.ExecuteNonQuery();
    }
}
