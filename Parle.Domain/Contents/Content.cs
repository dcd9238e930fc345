using System.Text;

namespace Parle.Domain.Contents;

/// <summary>Words of a participant, stored apart from the fact that they were said, under the fact's id.</summary>
/// <param name="Salt">Random bytes that keep a short text from being guessed from its digest.</param>
/// <param name="Canonical">The content as canonical JSON text (RFC 8785).</param>
public sealed record Content(byte[] Salt, string Canonical)
{
    /// <summary>Bytes of salt a content carries.</summary>
    public const int SaltLength = 16;

    private static readonly UTF8Encoding strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What the fact keeps.</summary>
    /// <exception cref="EncoderFallbackException">The text holds half of a surrogate pair: no UTF-8 says the same, so it can be neither committed to nor stored.</exception>
    public Commitment Commitment { get; } = Commitment.To(Salt, strict.GetBytes(Canonical));
}
