using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Parle.Domain.Contents;

/// <summary>The content of a fact: a participant's text. It is stored apart from the fact, under the fact's id.</summary>
/// <param name="Salt">Random bytes that keep a short text from being guessed from its digest.</param>
/// <param name="Canonical">The content as canonical JSON text (RFC 8785).</param>
public sealed record Content(byte[] Salt, string Canonical)
{
    /// <summary>Bytes of salt a content carries.</summary>
    public const int SaltLength = 16;

    /// <summary>Most bytes that one row's content takes in an answer: all of it as data, and the body once more as text to read.</summary>
    public const int MaxSpelt = 256 * 1024;

    private const int MaxBytesOfCharacter = 6; // An escape such as \u0007; a surrogate pair takes two.

    private static readonly JsonSerializerOptions relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly UTF8Encoding strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The commitment that the fact keeps.</summary>
    /// <exception cref="EncoderFallbackException">The text holds half of a surrogate pair. UTF-8 cannot express it, so it can be neither
    /// committed to nor stored.</exception>
    public Commitment Commitment { get; } = Commitment.To(Salt, strict.GetBytes(Canonical));

    /// <summary>
    /// Refuses content that is too large to answer with; null when it is not. JSON writes some characters with 6 or 12 bytes (controls,
    /// format characters, all beyond U+FFFF). So a text that was short when sent can be too long for its readers.
    /// </summary>
    public static Refusal? Obstacle(string canonical)
    {
        if (2L * MaxBytesOfCharacter * canonical.Length <= MaxSpelt)
        {
            return null; // Most content is far below the bound.
        }

        var content = JsonElement.Parse(canonical);
        var body = content.TryGetProperty("body", out var text) ? Spell(text) : 0;
        return Spell(content) + body <= MaxSpelt ? null : Refusals.PayloadTooLarge.Because(
            $"A row has at most {MaxSpelt} bytes when it is read. Its text is sent twice; controls and characters beyond U+FFFF take "
            + "6 and 12 bytes each. Send several messages, or add it to an ask as context.");
    }

    private static long Spell(JsonElement value) => JsonSerializer.SerializeToUtf8Bytes(value, relaxed).LongLength;
}
