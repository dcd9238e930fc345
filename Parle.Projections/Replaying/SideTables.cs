using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Internal;
using Npgsql;
using Weasel.Postgresql;

namespace Parle.Projections.Replaying;

/// <summary>Tables like those of the views, in a schema of their own, which the views' own code fills once more.</summary>
/// <remarks>They are thrown away after the comparison, so nothing of them is logged for recovery.</remarks>
internal sealed partial class SideTables(IDocumentStore store, NpgsqlDataSource database)
{
    /// <summary>The schema beside the one that is in use.</summary>
    public const string Schema = "parle_rebuild";

    private const int StatementsAtOnce = 500;

    private readonly ConcurrentDictionary<(View, string), string> moved = new();

    /// <summary>Makes them, empty. What an earlier rebuild left behind goes first.</summary>
    public async Task Create(IEnumerable<View> views, CancellationToken cancellation)
    {
        await Drop(cancellation);
        await database.Execute($"create schema {Schema}", cancellation);
        foreach (var table in views.SelectMany(view => view.Projection.Tables))
        {
            var name = table.Identifier.Name;
            await database.Execute($"create unlogged table {Schema}.{name} (like {ParleStore.Schema}.{name} including all)", cancellation);
        }
    }

    /// <summary>Removes all of it.</summary>
    public Task Drop(CancellationToken cancellation) => database.Execute($"set client_min_messages = warning; drop schema if exists {Schema} cascade; reset client_min_messages", cancellation);

    /// <summary>What a view writes of these facts, about the tables here.</summary>
    /// <param name="view">The view.</param>
    /// <param name="facts">The facts, in the order of the record.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<NpgsqlBatch>> Statements(View view, IReadOnlyList<IEvent> facts, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        await ((IJasperFxProjection<IDocumentOperations>)view.Projection).ApplyAsync(session, facts, cancellation);
        return [.. session.PendingChanges.Operations().Chunk(StatementsAtOnce).Select(statements => Statements(view, statements, session))];
    }

    private NpgsqlBatch Statements(View view, IEnumerable<Weasel.Storage.IStorageOperation> statements, IDocumentSession session)
    {
        var batch = new NpgsqlBatch();
        var builder = new BatchBuilder(batch);
        foreach (var statement in statements)
        {
            builder.StartNewCommand();
            statement.ConfigureCommand(builder, (IMartenSession)session);
        }

        builder.Compile();
        foreach (var command in batch.BatchCommands)
        {
            command.CommandText = moved.GetOrAdd((view, command.CommandText), Move);
        }

        return batch;
    }

    // The same statement about the same tables, here. A view that names anything else would not be made of facts alone.
    private static string Move((View View, string Sql) statement) => TableNames().Replace(statement.Sql, name =>
        statement.View.Projection.Tables.Any(table => table.Identifier.Name == name.Groups[1].Value)
            ? $"{Schema}.{name.Groups[1].Value}"
            : throw new InvalidOperationException($"The view {statement.View} touches {name.Value}, which is not its own."));

    [GeneratedRegex($@"\b{ParleStore.Schema}\.(\w+)")]
    private static partial Regex TableNames();
}
