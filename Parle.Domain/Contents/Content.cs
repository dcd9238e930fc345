using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Parle.Domain.Contents;

/// <summary>Words of a participant, stored apart from the fact that they were said, under the fact's id.</summary>
/// <param name="Salt">Random bytes that keep a short text from being guessed from its digest.</param>
/// <param name="Canonical">The content as canonical JSON text (RFC 8785).</param>
public sealed record Content(byte[] Salt, string Canonical)
{
    /// <summary>Bytes of salt a content carries.</summary>
    public const int SaltLength = 16;

    /// <summary>Most bytes of one row's words as answers spell them: all of them as data, and the body once more as text to read.</summary>
    public const int MaxSpelt = 256 * 1024;

    private const int MaxBytesOfCharacter = 6; // \u0007; of a pair twice.

    private static readonly JsonSerializerOptions relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly UTF8Encoding strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What the fact keeps.</summary>
    /// <exception cref="EncoderFallbackException">The text holds half of a surrogate pair: no UTF-8 says the same, so it can be neither
    /// committed to nor stored.</exception>
    public Commitment Commitment { get; } = Commitment.To(Salt, strict.GetBytes(Canonical));

    /// <summary>
    /// Why so much cannot be said at once; null when it can. JSON spells some characters with 6 or 12 bytes (controls, format characters,
    /// all beyond U+FFFF), so that what was short when it was sent could be more than a reader can be made to fetch.
    /// </summary>
    public static Refusal? Obstacle(string canonical)
    {
        if (2L * MaxBytesOfCharacter * canonical.Length <= MaxSpelt)
        {
            return null; // Most words.
        }

        var content = JsonElement.Parse(canonical);
        var body = content.TryGetProperty("body", out var text) ? Spell(text) : 0;
        return Spell(content) + body <= MaxSpelt ? null : Refusals.PayloadTooLarge.Because(
            $"A row has at most {MaxSpelt} bytes as it is read, where its text stands twice and controls and characters beyond U+FFFF take "
            + "6 and 12 bytes each. Say it in several, or hand it over as context.");
    }

    private static long Spell(JsonElement value) => JsonSerializer.SerializeToUtf8Bytes(value, relaxed).LongLength;
}
