using System.Text.Json;
using Parle.Domain.Contents;

namespace Parle.Domain;

/// <summary>An owner's label for a thing of its own. Kept as content: it may name people, and can be erased.</summary>
public static class Label
{
    /// <summary>Most characters.</summary>
    public const int MaxLength = 100;

    /// <summary>Null when <paramref name="text"/> is a label or absent; otherwise the refusal.</summary>
    public static Refusal? Obstacle(string? text) => text is null ? null : Line.Obstacle("label", text, MaxLength);

    /// <summary>The label as content.</summary>
    /// <param name="text">The label.</param>
    /// <param name="salt">Fresh random bytes.</param>
    public static Content Of(string text, byte[] salt) =>
        new(salt, CanonicalJson.Of(JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["label"] = text })));
}
