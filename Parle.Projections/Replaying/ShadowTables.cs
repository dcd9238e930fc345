using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using JasperFx.Events;
using Marten;
using Npgsql;
using Weasel.Postgresql.Tables;

namespace Parle.Projections.Replaying;

/// <summary>Shadow tables: copies of the views' tables in a schema of their own, filled by the views' own code.</summary>
/// <remarks>They are dropped after the comparison, so they are not logged for recovery.</remarks>
internal sealed partial class ShadowTables(IDocumentStore store, NpgsqlDataSource database)
{
    /// <summary>The schema of the shadow tables.</summary>
    public const string Schema = "parle_rebuild";

    private readonly ConcurrentDictionary<(View, string), string> moved = new();
    private readonly HashSet<Table> finished = [];

    /// <summary>Creates them, empty. Leftovers of an earlier rebuild are dropped first.</summary>
    public async Task Create(IEnumerable<View> views, CancellationToken cancellation)
    {
        await Drop(cancellation);
        await database.Execute($"create schema {Schema}", cancellation);
        foreach (var (view, table) in views.SelectMany(view => view.Projection.Tables.Select(table => (view, table))))
        {
            var name = table.Identifier.Name;
            var indexes = view.Projection.OnlyGrows(table) ? "excluding indexes" : "including indexes";
            await database.Execute(
                $"create unlogged table {Schema}.{name} (like {ParleStore.Schema}.{name} including all {indexes})", cancellation);
        }
    }

    /// <summary>Creates the keys that were left out: to create them once for all rows takes a fraction of the time.</summary>
    public async Task Finish(IEnumerable<View> views, CancellationToken cancellation)
    {
        foreach (var (_, table) in views.SelectMany(view => view.Projection.Tables.Select(table => (view, table)))
            .Where(own => own.view.Projection.OnlyGrows(own.table)))
        {
            if (finished.Add(table))
            {
                await database.Execute(
                    $"alter table {Schema}.{table.Identifier.Name} add primary key ({string.Join(", ", table.PrimaryKeyColumns)})",
                    cancellation);
            }
        }
    }

    /// <summary>Drops the schema.</summary>
    public Task Drop(CancellationToken cancellation) => database.Execute(
        $"set client_min_messages = warning; drop schema if exists {Schema} cascade; reset client_min_messages", cancellation);

    /// <summary>The statements by which a view writes these facts into the shadow tables.</summary>
    /// <param name="view">The view.</param>
    /// <param name="facts">The facts, in the order of the record.</param>
    public async Task<IEnumerable<NpgsqlBatchCommand>> Statements(View view, IReadOnlyList<IEvent> facts)
    {
        await using var session = store.LightweightSession();
        await view.Apply(session, facts);
        if (!session.PendingChanges.Operations().Any())
        {
            return [];
        }

        var commands = SqlOperation.Batch(session).BatchCommands.Cast<NpgsqlBatchCommand>().ToList();
        commands.ForEach(command => command.CommandText = moved.GetOrAdd((view, command.CommandText), Move));
        return commands;
    }

    // A view that names another table would not be computed from facts alone.
    private static void MustBeOf(View view, string table)
    {
        if (view.Projection.Tables.All(own => own.Identifier.Name != table))
        {
            throw new InvalidOperationException($"The view {view} touches {ParleStore.Schema}.{table}, which is not its own.");
        }
    }

    // The same statement on the shadow tables.
    private static string Move((View View, string Sql) statement) => TableNames().Replace(statement.Sql, name =>
    {
        MustBeOf(statement.View, name.Groups[1].Value);
        return $"{Schema}.{name.Groups[1].Value}";
    });

    [GeneratedRegex($@"\b{ParleStore.Schema}\.(\w+)")]
    private static partial Regex TableNames();
}
