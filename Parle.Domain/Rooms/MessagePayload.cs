using System.Text.Json;
using Parle.Domain.Contents;

namespace Parle.Domain.Rooms;

/// <summary>A message's payload: a <c>body</c> to read, and any other members its author added.</summary>
public static class MessagePayload
{
    /// <summary>Reads the canonical text of a payload; the refusal when it is not acceptable.</summary>
    /// <param name="payload">As sent.</param>
    /// <param name="canonical">RFC 8785 text with every member kept; empty when refused.</param>
    public static Refusal? Read(JsonElement payload, out string canonical)
    {
        canonical = "";
        if (payload.ValueKind is not JsonValueKind.Object)
        {
            return Refusals.ValidationFailed.Because("payload must be an object with a string member body.");
        }

        string text;
        try
        {
            text = CanonicalJson.Of(payload); // This comes first: a name that is no valid Unicode text cannot be compared with another one.
        }
        catch (FormatException notInteroperable)
        {
            return Refusals.ValidationFailed.Because(notInteroperable.Message);
        }

        if (!payload.TryGetProperty("body", out var body) || body.ValueKind is not JsonValueKind.String)
        {
            return Refusals.ValidationFailed.Because("payload.body must be a string.");
        }

        if (text.Contains(@"\u0000", StringComparison.Ordinal) && HoldsNul(payload))
        {
            return Refusals.ValidationFailed.Because("payload must not contain the character U+0000.");
        }

        if (Content.Obstacle(text) is { } tooLong)
        {
            return tooLong;
        }

        canonical = text;
        return null;
    }

    private static bool HoldsNul(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!.Contains('\0', StringComparison.Ordinal),
        JsonValueKind.Array => value.EnumerateArray().Any(HoldsNul),
        JsonValueKind.Object =>
            value.EnumerateObject().Any(member => member.Name.Contains('\0', StringComparison.Ordinal) || HoldsNul(member.Value)),
        _ => false,
    };
}
