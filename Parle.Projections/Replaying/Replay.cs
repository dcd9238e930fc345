using System.Diagnostics;
using JasperFx.Events;
using Marten;
using Marten.Events.Archiving;
using Npgsql;

namespace Parle.Projections.Replaying;

/// <summary>All facts once more, in the order of the record and a page at a time, for each view as far as it has come.</summary>
internal sealed class Replay(IDocumentStore store, NpgsqlDataSource database, SideTables tables, IEnumerable<View> views, IProgress<ReplayProgress> progress)
{
    private const int FactsAtOnce = 1000;

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
        var started = Stopwatch.GetTimestamp();
        var (start, end) = (reached.Values.Min(), ends.Values.Max());
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var (loading, writing) = (Load(start, end, cancellation), Task.CompletedTask);
        try
        {
            while (await loading is { Count: > 0 } page)
            {
                var last = page.Count < FactsAtOnce ? end : page[^1].Sequence;
                loading = Load(last, end, cancellation); // The next page is read, and this one computed, while the one before is written.
                var statements = await Statements(page, ends, cancellation);
                await writing;
                writing = Write(connection, statements, cancellation);
                foreach (var (view, place) in ends)
                {
                    reached[view] = Math.Max(reached[view], Math.Min(place, last));
                }

                Facts += page.Count;
                progress.Report(new("replaying", last - start, end - start));
            }

            await writing;
        }
        finally
        {
            await Task.WhenAny(Task.WhenAll(loading, writing)); // Nothing goes on after a failure.
        }

        Time += Stopwatch.GetElapsedTime(started);
    }

    private async Task<IReadOnlyList<IEvent>> Load(long after, long upto, CancellationToken cancellation)
    {
        if (after >= upto)
        {
            return [];
        }

        await using var session = store.QuerySession();
        return await session.Events.QueryAllRawEvents()
            .Where(fact => fact.Sequence > after && fact.Sequence <= upto && fact.MaybeArchived())
            .OrderBy(fact => fact.Sequence).Take(FactsAtOnce).ToListAsync(cancellation);
    }

    private async Task<IReadOnlyList<NpgsqlBatch>> Statements(IReadOnlyList<IEvent> page, IReadOnlyDictionary<View, long> ends, CancellationToken cancellation)
    {
        var statements = new List<NpgsqlBatch>();
        foreach (var (view, from) in reached)
        {
            var facts = from < page[0].Sequence && page[^1].Sequence <= ends[view] ? page : [.. page.Where(fact => fact.Sequence > from && fact.Sequence <= ends[view])];
            if (facts.Count > 0)
            {
                statements.AddRange(await tables.Statements(view, facts, cancellation));
            }
        }

        return statements;
    }

    private static async Task Write(NpgsqlConnection connection, IReadOnlyList<NpgsqlBatch> statements, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        foreach (var batch in statements)
        {
            await using (batch)
            {
                (batch.Connection, batch.Transaction) = (connection, transaction);
                await batch.ExecuteNonQueryAsync(cancellation);
            }
        }

        await transaction.CommitAsync(cancellation);
    }
}
