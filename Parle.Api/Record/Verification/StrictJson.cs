using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Parle.Domain.Contents;

namespace Parle.Api.Record.Verification;

/// <summary>
/// Parses JSON strictly. Text that two parsers could understand differently is refused. The script in samples/ follows the same rules.
/// </summary>
public static partial class StrictJson
{
    private const long LargestWhole = (1L << 53) - 1;

    private static readonly JsonDocumentOptions options = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    /// <summary>Parses one value: I-JSON (RFC 7493), no duplicate member, at most 64 levels.</summary>
    /// <exception cref="FormatException">The text breaks one of these rules; the message names it.</exception>
    public static JsonElement Parse(string text)
    {
        try
        {
            var value = JsonElement.Parse(text, options);
            CanonicalJson.Of(value); // Refuses half characters, and numbers that are read as others.
            return value;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException) // The latter for half a character in a name.
        {
            throw new FormatException(
                text == FileText.Unreadable ? $"it is no UTF-8, or longer than {FileText.MaxLine} bytes" : wrong.Message, wrong);
        }
    }

    /// <summary>A member of an object; null when it is absent or null.</summary>
    public static JsonElement? Maybe(this JsonElement value, string name) =>
        value.ValueKind is not JsonValueKind.Object ? throw new FormatException($"an object with {name} is expected")
        : value.TryGetProperty(name, out var member) && member.ValueKind is not JsonValueKind.Null ? member : null;

    /// <summary>A member of a kind.</summary>
    public static JsonElement Member(this JsonElement value, string name, JsonValueKind kind) =>
        value.Maybe(name) is { } member && member.ValueKind == kind
            ? member : throw new FormatException($"{name} is not there, or no {kind.ToString().ToLowerInvariant()}");

    /// <summary>The elements of a list.</summary>
    public static IReadOnlyList<JsonElement> List(this JsonElement value, string name) =>
        [.. value.Member(name, JsonValueKind.Array).EnumerateArray()];

    /// <summary>A text.</summary>
    public static string Text(this JsonElement value, string name) => value.Member(name, JsonValueKind.String).GetString()!;

    /// <summary>An id, in lower case.</summary>
    public static Guid ID(this JsonElement value, string name) => ID(value.Text(name)) ?? throw new FormatException($"{name} is no id");

    /// <summary>Ids, in lower case.</summary>
    public static IReadOnlyList<Guid> IDs(this JsonElement value, string name) =>
        [.. value.List(name).Select(id => (id.ValueKind is JsonValueKind.String ? ID(id.GetString()!) : null)
            ?? throw new FormatException($"{name} has something that is no id"))];

    /// <summary>An id, in lower case; null for any other value.</summary>
    public static Guid? ID(string text) => Guid.TryParseExact(text, "D", out var id) && id.ToString() == text ? id : null;

    /// <summary>A whole number, 0 or more.</summary>
    public static long Whole(this JsonElement value, string name) =>
        value.Member(name, JsonValueKind.Number).TryGetDouble(out var number) && double.IsInteger(number)
        && number is >= 0 and <= LargestWhole
            ? (long)number : throw new FormatException($"{name} is no whole number");

    /// <summary>A boolean.</summary>
    public static bool Flag(this JsonElement value, string name) =>
        value.Maybe(name)?.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw new FormatException($"{name} is neither true nor false")
        };

    /// <summary>Bytes in base64.</summary>
    public static byte[] Bytes(this JsonElement value, string name) =>
        Base64(value.Text(name)) ?? throw new FormatException($"{name} is no base64");

    /// <summary>A list of hashes in base64, of any length.</summary>
    public static IReadOnlyList<byte[]> Hashes(this JsonElement value, string name) =>
        [.. value.List(name).Select(node => node.ValueKind is JsonValueKind.String && Base64(node.GetString()!) is { } hash
            ? hash : throw new FormatException($"{name} has something that is no base64"))];

    /// <summary>Bytes in canonical base64 (RFC 4648 §3.5); null for any other value.</summary>
    public static byte[]? Base64(string text) =>
        System.Buffers.Text.Base64.IsValid(text) && Convert.FromBase64String(text) is var bytes && Convert.ToBase64String(bytes) == text
            ? bytes : null;

    /// <summary>A time (RFC 3339) in UTC, with at most seven decimals of a second; null for any other value.</summary>
    public static DateTimeOffset? Time(string text) =>
        Rfc3339().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time : null;

    /// <summary>A log's size, within the numbers that both verifiers count exactly.</summary>
    public static bool IsCountable(long size) => size is >= 0 and <= LargestWhole;

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,7})?(?:Z|\+00:00)\z")]
    private static partial Regex Rfc3339();
}
