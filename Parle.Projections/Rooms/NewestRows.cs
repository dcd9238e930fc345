using Npgsql;

namespace Parle.Projections.Rooms;

/// <summary>The newest common rows of a room, read alone or in a batch with other queries.</summary>
/// <param name="roomID">The room.</param>
/// <param name="after">The place before the first of them.</param>
/// <param name="count">Most rows.</param>
public sealed class NewestRows(Guid roomID, long after, int count)
{
    private readonly List<StoredRow> rows = [];

    /// <summary>The room.</summary>
    public Guid RoomID => roomID;

    /// <summary>The place before the first of them.</summary>
    public long After { get; } = after;

    /// <summary>The query.</summary>
    public NpgsqlBatchCommand Command =>
        new(StoredRows.NewestSql) { Parameters = { StoredRows.ID(roomID), StoredRows.Number(After), StoredRows.Number(count) } };

    /// <summary>The rows, the last one first.</summary>
    public IReadOnlyList<StoredRow> Rows => rows;

    /// <summary>The place of the last one; <see cref="After"/> for none.</summary>
    public long Last { get; private set; } = after;

    /// <summary>The version of the fact that last erased content of the room; 0 for none, or without a row.</summary>
    public long Erased { get; private set; }

    /// <summary>Reads the rows by a query of its own.</summary>
    public async Task Read(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Command);
        await using var results = await batch.ExecuteReaderAsync(cancellation);
        await Read(results, cancellation);
    }

    /// <summary>Reads the rows from a batch's results.</summary>
    public async Task Read(NpgsqlDataReader results, CancellationToken cancellation = default)
    {
        var columns = new StoredColumns(results);
        var (common, erased) = (new Column<long>(results, "common"), new Column<long>(results, "erased"));
        while (await results.ReadAsync(cancellation) && columns.AddTo(rows))
        {
            (Last, Erased) = (Math.Max(Last, common.Value), erased.Value);
        }
    }
}
