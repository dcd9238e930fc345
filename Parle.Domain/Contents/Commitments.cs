using System.Text.Json;

namespace Parle.Domain.Contents;

/// <summary>
/// The ids of the contents that a fact commits to. Its own content has the id of the fact, that of an attached item the id of the item.
/// </summary>
public static class Commitments
{
    private const string Attached = "context";

    /// <summary>The commitments of a fact, in the order in which they are written.</summary>
    /// <param name="eventID">The fact.</param>
    /// <param name="data">The fact's data, as stored.</param>
    public static IReadOnlyList<(Guid ContentID, Commitment Commitment)> Of(Guid eventID, JsonElement data) =>
    [
        .. Own(data).Select(commitment => (eventID, commitment)),
        .. data.TryGetProperty(Attached, out var items) && items.ValueKind is JsonValueKind.Array
            ? items.EnumerateArray().Select(item => (item.GetProperty("item_id").GetGuid(),
                Read(item.GetProperty("content")) ?? throw new FormatException("An item of its context commits to nothing.")))
            : [],
    ];

    private static IEnumerable<Commitment> Own(JsonElement data) =>
        data.EnumerateObject().Where(member => member.Name != Attached).SelectMany(member => In(member.Value));

    private static IEnumerable<Commitment> In(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object =>
            Read(value) is { } commitment ? [commitment] : value.EnumerateObject().SelectMany(member => In(member.Value)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(In),
        _ => [],
    };

    // No other value in a fact has exactly the members "bytes" and "sha256".
    private static Commitment? Read(JsonElement value) =>
        value.ValueKind is JsonValueKind.Object && value.TryGetProperty("sha256", out var digest)
        && digest.ValueKind is JsonValueKind.String
        && value.TryGetProperty("bytes", out var bytes) && bytes.ValueKind is JsonValueKind.Number
        && bytes.TryGetDouble(out var length) && double.IsInteger(length) && Math.Abs(length) <= int.MaxValue
            ? new(digest.GetString()!, (int)length) : null;
}
