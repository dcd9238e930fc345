using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;

namespace Parle.Projections;

/// <summary>A readable view, computed only from facts.</summary>
/// <param name="Name">Its name for operators.</param>
/// <param name="Projection">Computes it.</param>
/// <param name="Lifecycle">Inline: in the transaction of the facts. Async: later.</param>
public sealed record View(string Name, TableProjection Projection, ProjectionLifecycle Lifecycle = ProjectionLifecycle.Inline)
{
    /// <summary>Whether it may lag behind the record.</summary>
    public bool MayLag => Lifecycle is ProjectionLifecycle.Async;

    /// <summary>The name of its progress in Marten; only for asynchronous views.</summary>
    public string Shard => $"{Projection.Name}:All";

    /// <summary>
    /// Queues in <paramref name="operations"/> the changes that <paramref name="facts"/>, in their order, make to the view.
    /// </summary>
    public Task Apply(IDocumentOperations operations, IReadOnlyList<IEvent> facts) =>
        ((IJasperFxProjection<IDocumentOperations>)Projection).ApplyAsync(operations, facts, CancellationToken.None);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
