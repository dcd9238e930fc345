using System.Data.Common;
using Marten;
using Marten.Internal;
using Marten.Storage;
using Npgsql;
using NpgsqlTypes;
using Weasel.Core;
using Weasel.Postgresql;
using Weasel.Storage;

namespace Parle.Projections;

/// <summary>One SQL statement with typed parameters, in the transaction of the facts it belongs to. It returns no rows.</summary>
/// <param name="sql">The statement, with a <c>?</c> for each parameter.</param>
/// <param name="parameters">Values, in order; a null is stored as NULL.</param>
public sealed class SqlOperation(string sql, params IReadOnlyList<(object? Value, NpgsqlDbType Type)> parameters)
    : Marten.Internal.Operations.IStorageOperation, NoDataReturnedCall
{
    /// <summary>New rows of a table, in one statement.</summary>
    /// <param name="table">The table.</param>
    /// <param name="columns">At least one, with a value for each row in an array of the column's type. Other columns have their
    /// defaults.</param>
    public static SqlOperation Insert(string table, params IReadOnlyList<(string Name, NpgsqlDbType Type, Array Values)> columns) => new(
        $"insert into {ParleStore.Schema}.{table} ({string.Join(", ", columns.Select(column => column.Name))}) select * from "
        + $"unnest({string.Join(", ", columns.Select(_ => "?"))})",
        [.. columns.Select(column => ((object?)column.Values, NpgsqlDbType.Array | column.Type))]);

    /// <summary>
    /// The queued operations of <paramref name="session"/> as one batch, in their order. Executed outside of a transaction, it is one of
    /// its own.
    /// </summary>
    /// <remarks>Only for operations that read no result, like those of this class.</remarks>
    public static NpgsqlBatch Batch(IDocumentSession session)
    {
        var batch = new NpgsqlBatch();
        var builder = new BatchBuilder(batch);
        foreach (var operation in session.PendingChanges.Operations())
        {
            builder.StartNewCommand();
            operation.ConfigureCommand(builder, (IMartenSession)session);
        }

        builder.Compile();
        return batch;
    }

    /// <inheritdoc/>
    public Type DocumentType => typeof(StorageFeatures); // Marten's own placeholder for "no document type".

    /// <inheritdoc/>
    public void ConfigureCommand(Weasel.Postgresql.ICommandBuilder builder, IStorageSession session)
    {
        var pieces = sql.Split('?');
        builder.Append(pieces[0]);
        for (var i = 0; i < parameters.Count; i++)
        {
            builder.AppendParameter(parameters[i].Value ?? DBNull.Value, parameters[i].Type);
            builder.Append(pieces[i + 1]);
        }
    }

    /// <inheritdoc/>
    public Task PostprocessAsync(DbDataReader reader, IList<Exception> exceptions, CancellationToken token) => Task.CompletedTask;

    /// <inheritdoc/>
    public OperationRole Role() => OperationRole.Other;
}
