using System.Text.Json.Nodes;

namespace Parle.Projections.History;

/// <summary>
/// How an event that was stored under one name, in an older shape, is read today. What is stored stays as it is, and so do its digests.
/// </summary>
/// <param name="Name">The stored name; never used for new events.</param>
/// <param name="Type">The type that it is read as.</param>
/// <param name="Change">Makes the members of today out of those that are stored; null where the name alone has changed.</param>
public sealed record Upcaster(string Name, Type Type, Func<JsonObject, JsonObject>? Change = null)
{
    /// <summary>All there are. Lines are added, never edited: see <c>docs/changing-events.md</c>.</summary>
    public static IReadOnlyList<Upcaster> All { get; } = [];
}
