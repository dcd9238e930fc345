using Npgsql;

namespace Parle.Projections;

/// <summary>A write that shows whether the database takes writes, see <see cref="Tables.WriteProbes"/>.</summary>
public static class WriteProbe
{
    private const string LineSql = """
        with over as (delete from parle.write_probes where written_at < now() - interval '1 hour' and node_id <> $1)
        insert into parle.write_probes (node_id, written_at) values ($1, now())
        on conflict (node_id) do update set written_at = excluded.written_at
        """;

    // On a full disk, a write that fits into existing blocks still succeeds. So new blocks are written too.
    private const string NewBlocksSql = """
        do $$
        begin
            if has_database_privilege(current_database(), 'TEMP') then
                create temp table write_probe (filler text);
                insert into write_probe select repeat('x', 1900) from generate_series(1, 140);
                drop table write_probe;
            end if;
        end
        $$
        """;

    /// <summary>Writes the line of a node, and some new blocks.</summary>
    /// <param name="connection">A connection.</param>
    /// <param name="nodeID">The node.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="PostgresException">The database takes no write.</exception>
    public static async Task Write(NpgsqlConnection connection, Guid nodeID, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.Run(LineSql, cancellation, nodeID);
        await connection.Run(NewBlocksSql, cancellation);
        await transaction.CommitAsync(cancellation);
    }
}
