using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using Weasel.Postgresql;
using Weasel.Postgresql.Tables;

namespace Parle.Projections;

/// <summary>A view kept in tables of its own, written in the transaction of the facts it shows.</summary>
public abstract class TableProjection : EventProjection
{
    /// <inheritdoc/>
    public sealed override ValueTask ApplyAsync(IDocumentOperations operations, IEvent e, CancellationToken cancellation)
    {
        Apply(operations, e);
        return ValueTask.CompletedTask;
    }

    /// <summary>Queues what <paramref name="fact"/> changes in the view; nothing for facts the view does not show.</summary>
    protected abstract void Apply(IDocumentOperations operations, IEvent fact);

    /// <summary>Makes <paramref name="table"/> part of the schema and of what a rebuild empties first.</summary>
    protected void Own(Table table)
    {
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
