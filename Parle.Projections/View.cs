using JasperFx.Events.Projections;

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

    /// <inheritdoc/>
    public override string ToString() => Name;
}
