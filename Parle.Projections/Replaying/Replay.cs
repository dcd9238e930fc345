using System.Diagnostics;
using JasperFx.Events;
using Npgsql;
using Parle.Projections.History;

namespace Parle.Projections.Replaying;

/// <summary>All facts once more, in the order of the record and a page at a time, for each view as far as it has come.</summary>
internal sealed class Replay(NpgsqlDataSource database, ShadowTables tables, IEnumerable<View> views, IProgress<ReplayProgress> progress)
{
    private readonly Dictionary<View, long> reached = views.ToDictionary(view => view, _ => 0L);

    /// <summary>How many facts were read.</summary>
    public long Facts { get; private set; }

    /// <summary>How long that took, with the writing.</summary>
    public TimeSpan Time { get; private set; }

    /// <summary>How many facts, at most, each view has yet to see until these places of the record.</summary>
    public long Lag(IReadOnlyDictionary<View, long> ends) => reached.Max(view => ends[view.Key] - view.Value);

    /// <summary>Goes on until these places of the record.</summary>
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
                // The next page is read, and this one computed, while the one before is written. More at once would outlive a collection.
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
            await Task.WhenAny(Task.WhenAll(loading, writing)); // Nothing goes on after a failure.
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

    // In one transaction.
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
