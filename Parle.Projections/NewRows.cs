using System.Data.Common;
using NpgsqlTypes;
using Weasel.Core;
using Weasel.Storage;

namespace Parle.Projections;

/// <summary>A column of new rows: a value for each of them, in an array of the column's own type.</summary>
/// <param name="Name">The column.</param>
/// <param name="Type">What it holds.</param>
/// <param name="Values">One a row.</param>
public readonly record struct NewColumn(string Name, NpgsqlDbType Type, Array Values);

/// <summary>
/// Rows that a view adds to a table of its own: one statement in the transaction of their facts. Nothing but the rows decides what it
/// does, so that a rebuild can copy them instead.
/// </summary>
/// <param name="statement">What adds them in the transaction of their facts.</param>
/// <param name="table">The table.</param>
/// <param name="columns">At least one; what is in no column has its default.</param>
public sealed class NewRows(SqlOperation statement, string table, IReadOnlyList<NewColumn> columns) : Marten.Internal.Operations.IStorageOperation, NoDataReturnedCall
{
    /// <summary>Rows that are simply inserted.</summary>
    public NewRows(string table, params IReadOnlyList<NewColumn> columns)
        : this(Insert(table, columns), table, columns)
    {
    }

    /// <summary>The table.</summary>
    public string Table => table;

    /// <summary>What is in the rows.</summary>
    public IReadOnlyList<NewColumn> Columns => columns;

    /// <summary>How many there are.</summary>
    public int Count => columns[0].Values.Length;

    /// <inheritdoc/>
    public Type DocumentType => statement.DocumentType;

    /// <inheritdoc/>
    public void ConfigureCommand(Weasel.Postgresql.ICommandBuilder builder, IStorageSession session) => statement.ConfigureCommand(builder, session);

    /// <inheritdoc/>
    public Task PostprocessAsync(DbDataReader reader, IList<Exception> exceptions, CancellationToken token) => Task.CompletedTask;

    /// <inheritdoc/>
    public OperationRole Role() => statement.Role();

    private static SqlOperation Insert(string table, IReadOnlyList<NewColumn> columns) => new(
        $"insert into {ParleStore.Schema}.{table} ({string.Join(", ", columns.Select(column => column.Name))}) select * from unnest({string.Join(", ", columns.Select(_ => "?"))})",
        [.. columns.Select(column => ((object?)column.Values, NpgsqlDbType.Array | column.Type))]);
}
