using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;

namespace Parle.Projections;

/// <summary>Something that can be read, computed from facts and from nothing else.</summary>
/// <param name="Name">What operators call it.</param>
/// <param name="Projection">Computes it.</param>
/// <param name="Lifecycle">Inline: in the transaction of the facts. Async: later.</param>
public sealed record View(string Name, TableProjection Projection, ProjectionLifecycle Lifecycle = ProjectionLifecycle.Inline)
{
    /// <summary>Whether it may be behind the record.</summary>
    public bool MayLag => Lifecycle is ProjectionLifecycle.Async;

    /// <summary>The name under which Marten keeps how far it has come; only of views that may lag.</summary>
    public string Shard => $"{Projection.Name}:All";

    /// <summary>Queues in <paramref name="operations"/> what <paramref name="facts"/>, in their order, change in the view.</summary>
    public Task Apply(IDocumentOperations operations, IReadOnlyList<IEvent> facts) =>
        ((IJasperFxProjection<IDocumentOperations>)Projection).ApplyAsync(operations, facts, CancellationToken.None);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
