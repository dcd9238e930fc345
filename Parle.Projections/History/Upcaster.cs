using System.Text.Json.Nodes;

namespace Parle.Projections.History;

/// <summary>The reader of one older name and shape. The stored event stays as it is, and so do its digests.</summary>
/// <param name="Name">The stored name; never used for new events.</param>
/// <param name="Type">The type that it is read as.</param>
/// <param name="Change">Turns the stored members into those of today; null when only the name has changed.</param>
public sealed record Upcaster(string Name, Type Type, Func<JsonObject, JsonObject>? Change = null)
{
    /// <summary>All upcasters. Lines are added, never edited: see <c>docs/changing-events.md</c>.</summary>
    public static IReadOnlyList<Upcaster> All { get; } = [];
}
