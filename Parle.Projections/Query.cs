using System.Data.Common;
using Marten;
using Npgsql;

namespace Parle.Projections;

/// <summary>One row of a result. Columns are read by name.</summary>
/// <param name="reader">A reader positioned on the row.</param>
public readonly struct Row(DbDataReader reader)
{
    /// <summary>The value of a column; null when the column is NULL and <typeparamref name="T"/> allows null.</summary>
    /// <typeparam name="T">A type that Npgsql reads the column's type as.</typeparam>
    /// <param name="column">The column's name.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such column.</exception>
    /// <exception cref="InvalidCastException">The column has another type, or is NULL although <typeparamref name="T"/> does not allow
    /// null.</exception>
    public T Get<T>(string column)
    {
        var ordinal = reader.GetOrdinal(column);
        return default(T) is null && reader.IsDBNull(ordinal) ? default! : reader.GetFieldValue<T>(ordinal);
    }

    /// <summary>The value of the only column.</summary>
    internal T Only<T>() => default(T) is null && reader.IsDBNull(0) ? default! : reader.GetFieldValue<T>(0);
}

/// <summary>
/// A column of a result, found by its name once for all rows: for results of many rows, and for queries that nearly every request makes.
/// </summary>
/// <typeparam name="T">A type that Npgsql reads the column's type as.</typeparam>
/// <param name="reader">The reader, at the result; at any of its rows when a value is read.</param>
/// <param name="name">The column's name.</param>
/// <exception cref="IndexOutOfRangeException">There is no such column.</exception>
internal readonly struct Column<T>(NpgsqlDataReader reader, string name)
{
    private readonly int ordinal = reader.GetOrdinal(name);

    /// <summary>The value in the present row; null when the column is NULL and <typeparamref name="T"/> allows null.</summary>
    public T Value => default(T) is null && reader.IsDBNull(ordinal) ? default! : reader.GetFieldValue<T>(ordinal);
}

/// <summary>
/// Queries and statements. Parameters are <c>$1</c>, <c>$2</c> and so on, in the order of the arguments; null becomes NULL.
/// </summary>
public static class Query
{
    /// <summary>All rows that <paramref name="sql"/> finds, over a connection of the pool.</summary>
    /// <typeparam name="T">The type of a result.</typeparam>
    /// <param name="database">The pool.</param>
    /// <param name="sql">The query.</param>
    /// <param name="read">Makes a result from a row.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="parameters">The parameters.</param>
    public static async Task<IReadOnlyList<T>> Rows<T>(
        this NpgsqlDataSource database, string sql, Func<Row, T> read, CancellationToken cancellation,
        params IReadOnlyList<object?> parameters)
    {
        await using var command = database.CreateCommand(sql);
        Add(command, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await All(reader, read, cancellation);
    }

    /// <summary>All rows that <paramref name="sql"/> finds, within a unit of work.</summary>
    /// <typeparam name="T">The type of a result.</typeparam>
    /// <param name="session">The unit of work.</param>
    /// <param name="sql">The query.</param>
    /// <param name="read">Makes a result from a row.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="parameters">The parameters.</param>
    public static async Task<IReadOnlyList<T>> Rows<T>(
        this IQuerySession session, string sql, Func<Row, T> read, CancellationToken cancellation, params IReadOnlyList<object?> parameters)
    {
        await using var command = new NpgsqlCommand(sql);
        Add(command, parameters);
        await using var reader = await session.ExecuteReaderAsync(command, cancellation);
        return await All(reader, read, cancellation);
    }

    /// <summary>All rows that <paramref name="sql"/> finds, within the transaction of a connection.</summary>
    /// <typeparam name="T">The type of a result.</typeparam>
    /// <param name="connection">The connection.</param>
    /// <param name="sql">The query.</param>
    /// <param name="read">Makes it of a row.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="parameters">The parameters.</param>
    public static async Task<IReadOnlyList<T>> Rows<T>(
        this NpgsqlConnection connection, string sql, Func<Row, T> read, CancellationToken cancellation,
        params IReadOnlyList<object?> parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        Add(command, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await All(reader, read, cancellation);
    }

    /// <summary>The only column of the first row, over a connection of the pool; the default where there is no row.</summary>
    /// <typeparam name="T">The column's type; nullable where it may be NULL.</typeparam>
    /// <param name="database">The pool.</param>
    /// <param name="sql">The query.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="parameters">The parameters.</param>
    public static async Task<T?> Scalar<T>(
        this NpgsqlDataSource database, string sql, CancellationToken cancellation, params IReadOnlyList<object?> parameters) =>
        (await database.Rows(sql, row => row.Only<T?>(), cancellation, parameters)) is [var first, ..] ? first : default;

    /// <summary>The only column of the first row, within a unit of work; the default where there is no row.</summary>
    /// <typeparam name="T">The column's type; nullable where it may be NULL.</typeparam>
    /// <param name="session">The unit of work.</param>
    /// <param name="sql">The query.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="parameters">The parameters.</param>
    public static async Task<T?> Scalar<T>(
        this IQuerySession session, string sql, CancellationToken cancellation, params IReadOnlyList<object?> parameters) =>
        (await session.Rows(sql, row => row.Only<T?>(), cancellation, parameters)) is [var first, ..] ? first : default;

    /// <summary>The only column of the first row, within the transaction of a connection; the default where there is no row.</summary>
    /// <typeparam name="T">Its type; nullable where it may hold no value.</typeparam>
    /// <param name="connection">The connection.</param>
    /// <param name="sql">The query.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="parameters">The parameters.</param>
    public static async Task<T?> Scalar<T>(
        this NpgsqlConnection connection, string sql, CancellationToken cancellation, params IReadOnlyList<object?> parameters) =>
        (await connection.Rows(sql, row => row.Only<T?>(), cancellation, parameters)) is [var first, ..] ? first : default;

    /// <summary>Runs a statement without a result, over a connection of the pool.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="sql">The statement.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="parameters">The parameters.</param>
    public static async Task Run(
        this NpgsqlDataSource database, string sql, CancellationToken cancellation, params IReadOnlyList<object?> parameters)
    {
        await using var command = database.CreateCommand(sql);
        Add(command, parameters);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Runs a statement without a result, within the transaction of a connection.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="sql">The statement.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="parameters">The parameters.</param>
    public static async Task Run(
        this NpgsqlConnection connection, string sql, CancellationToken cancellation, params IReadOnlyList<object?> parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        Add(command, parameters);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static void Add(NpgsqlCommand command, IReadOnlyList<object?> parameters)
    {
        foreach (var value in parameters)
        {
            command.Parameters.Add(new() { Value = value ?? DBNull.Value });
        }
    }

    private static async Task<IReadOnlyList<T>> All<T>(DbDataReader reader, Func<Row, T> read, CancellationToken cancellation)
    {
        var found = new List<T>();
        while (await reader.ReadAsync(cancellation))
        {
            found.Add(read(new(reader)));
        }

        return found;
    }
}
