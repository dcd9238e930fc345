using Npgsql;

namespace Parle.Projections.Record;

/// <summary>Complete nodes of the hash trees of logs. A stored node never changes.</summary>
public static class LogNodes
{
    /// <summary>The stored nodes of one level, by index.</summary>
    /// <param name="database">The database.</param>
    /// <param name="logID">The log.</param>
    /// <param name="level">The level.</param>
    /// <param name="from">The first index.</param>
    /// <param name="to">The index after the last one.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<Dictionary<long, byte[]>> Find(
        NpgsqlDataSource database, Guid logID, int level, long from, long to, CancellationToken cancellation) => (await database.Rows(
        "select index, hash from parle.log_nodes where log_id = $1 and level = $2 and index >= $3 and index < $4",
        row => (Index: row.Get<long>("index"), Hash: row.Get<byte[]>("hash")), cancellation, logID, level, from, to))
        .ToDictionary(node => node.Index, node => node.Hash);

    /// <summary>Stores nodes of one level.</summary>
    public static async Task Keep(NpgsqlDataSource database, Guid logID, int level, IReadOnlyList<(long Index, byte[] Hash)> nodes,
        CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "insert into parle.log_nodes (log_id, level, index, hash) select $1, $2, * from unnest($3, $4) on conflict do nothing");
        command.Parameters.AddRange(new NpgsqlParameter[]
        {
            new() { Value = logID }, new() { Value = level }, new() { Value = nodes.Select(node => node.Index).ToArray() },
            new() { Value = nodes.Select(node => node.Hash).ToArray() },
        });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
