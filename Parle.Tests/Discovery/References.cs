using System.Text.Json;

namespace Parle.Tests.Discovery;

/// References within a JSON document (RFC 6901).
internal static class References
{
    /// What a pointer such as #/paths/~1v leads to, through references on its way.
    public static JsonElement At(this JsonElement document, string pointer) => pointer.TrimStart('#').Split('/').Skip(1).Aggregate(
        document, (part, name) => document.Resolved(part.ValueKind is JsonValueKind.Array
            ? part[int.Parse(name)]
            : part.GetProperty(name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))));

    /// The element itself, or what it refers to.
    public static JsonElement Resolved(this JsonElement document, JsonElement element) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty("$ref", out var reference)
            ? document.At(reference.GetString()!) : element;

    /// All elements of the document with their places.
    public static IEnumerable<(string Place, JsonElement Element)> Everything(this JsonElement element, string place = "#") =>
        (element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().SelectMany(member => member.Value.Everything(
                $"{place}/{member.Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}")),
            JsonValueKind.Array => element.EnumerateArray().SelectMany((item, i) => item.Everything($"{place}/{i}")),
            _ => [],
        }).Prepend((place, element));
}
