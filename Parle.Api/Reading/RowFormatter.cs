using System.Collections.Concurrent;
using Npgsql;
using Parle.Projections.Rooms;

namespace Parle.Api.Reading;

/// <summary>Formats stored rows as bytes. Authors are cached: how a row names its author never changes.</summary>
public sealed class RowFormatter(NpgsqlDataSource database)
{
    private const int MaxAuthors = 20_000;

    private readonly ConcurrentDictionary<(Guid ParticipantID, string? Alias), RowBytes.AuthorBytes> authors = new();

    /// <summary>
    /// The rows as bytes. Rows without content (except admissions and removals) and rows by unknown authors are loaded individually.
    /// </summary>
    /// <param name="rows">The rows.</param>
    /// <param name="memory">The memory of their bytes; null for memory of their own.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<RowBytes>> Format(IReadOnlyList<StoredRow> rows, PooledBytes? memory, CancellationToken cancellation)
    {
        var spelt = new RowBytes[rows.Count];
        List<Guid>? others = null;
        for (var i = 0; i < spelt.Length; i++)
        {
            var row = rows[i];
            if (row is { AuthorID: { } authorID, Content: not null } && authors.TryGetValue((authorID, row.Alias), out var author))
            {
                spelt[i] = RowBytes.Of(row, author, memory);
            }
            else if (row is { AuthorID: null, Subject: { } subject, Content: null })
            {
                spelt[i] = RowBytes.Of(
                    new TimelineRow(0, row.EventID, row.Type, row.At, row.Addressing, Author: null, subject, Content: null), memory);
            }
            else
            {
                (others ??= []).Add(row.EventID);
            }
        }

        if (others is not null)
        {
            var found = (await TimelinePage.Rows(database, others, cancellation)).ToDictionary(row => row.EventID);
            for (var i = 0; i < spelt.Length; i++)
            {
                spelt[i] ??= RowBytes.Of(found[rows[i].EventID], memory);
            }

            Remember(found.Values);
        }

        return spelt;
    }

    private void Remember(IEnumerable<TimelineRow> rows)
    {
        if (authors.Count > MaxAuthors)
        {
            authors.Clear(); // Seldom, and the authors in use are soon back.
        }

        foreach (var author in rows.Select(row => row.Author).OfType<TimelineAuthor>()
            .DistinctBy(author => (author.ParticipantID, author.Alias)))
        {
            authors.TryAdd((author.ParticipantID, author.Alias), RowBytes.AuthorBytes.Of(author));
        }
    }
}
