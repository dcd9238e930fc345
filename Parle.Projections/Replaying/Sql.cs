using Npgsql;

namespace Parle.Projections.Replaying;

/// <summary>Statements that run once and are not prepared.</summary>
internal static class Sql
{
    public static async Task Execute(this NpgsqlDataSource database, string sql, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await connection.Execute(sql, cancellation);
    }

    public static async Task<int> Execute(
        this NpgsqlConnection connection, string sql, CancellationToken cancellation, params object[] parameters)
    {
        await using var command = connection.Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    public static async Task<T> Single<T>(
        this NpgsqlConnection connection, string sql, CancellationToken cancellation, params object[] parameters)
    {
        await using var command = connection.Command(sql, parameters);
        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }

    public static async Task<IReadOnlyList<T>> Rows<T>(this NpgsqlConnection connection, string sql, Func<Row, T> read,
        CancellationToken cancellation, params object[] parameters)
    {
        await using var command = connection.Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(read(new(reader)));
        }

        return rows;
    }

    private static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, object[] parameters)
    {
        // A table of millions takes its time; the operator can interrupt.
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new() { Value = parameter });
        }

        return command;
    }
}
