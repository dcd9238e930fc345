using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events.Projections;
using Weasel.Postgresql;
using Weasel.Postgresql.Tables;

namespace Parle.Projections;

/// <summary>A view in tables of its own, written in the transaction of the facts it shows.</summary>
/// <remarks>
/// Marten's base class passes events one by one. This one gets all of a transaction at once, so that many rows can be one statement.
/// </remarks>
public abstract class TableProjection : EventProjection, IInlineProjection<IDocumentOperations>, IJasperFxProjection<IDocumentOperations>
{
    private readonly List<Table> tables = [];
    private readonly HashSet<Table> growing = [];

    /// <summary>The tables of this view, which nothing else writes.</summary>
    public IReadOnlyList<Table> Tables => tables;

    /// <summary>Whether rows are only ever added to a table of this view.</summary>
    public bool OnlyGrows(Table table) => growing.Contains(table);

    /// <inheritdoc/>
    Task IInlineProjection<IDocumentOperations>.ApplyAsync(
        IDocumentOperations operations, IEnumerable<StreamAction> streams, CancellationToken cancellation)
    {
        Apply(operations, [.. streams.SelectMany(stream => stream.Events)]);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    Task IJasperFxProjection<IDocumentOperations>.ApplyAsync(
        IDocumentOperations operations, IReadOnlyList<IEvent> events, CancellationToken cancellation)
    {
        Apply(operations, events);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public sealed override ValueTask ApplyAsync(IDocumentOperations operations, IEvent e, CancellationToken cancellation)
    {
        Apply(operations, [e]);
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Queues the changes that <paramref name="facts"/>, in their order, make to the view; nothing for facts it does not show.
    /// </summary>
    protected abstract void Apply(IDocumentOperations operations, IReadOnlyList<IEvent> facts);

    /// <summary>Makes <paramref name="table"/> part of the schema and of a rebuild.</summary>
    /// <param name="table">The table.</param>
    /// <param name="onlyGrows">Whether rows are only ever added, and the view does not read them: a rebuild then fills it without an
    /// index.</param>
    protected void Own(Table table, bool onlyGrows = false)
    {
        if (onlyGrows)
        {
            growing.Add(table);
        }

        tables.Add(table);
        SchemaObjects.Add(table);
        Options.DeleteDataInTableOnTeardown(table.Identifier.QualifiedName);
    }

    /// <summary>Describes a table of Parle's schema.</summary>
    internal static Table Table(string name, Action<Table> describe)
    {
        var table = new Table(new PostgresqlObjectName(ParleStore.Schema, name, SchemaUtils.IdentifierUsage.General));
        describe(table);
        return table;
    }
}
