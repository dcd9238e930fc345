using System.Security.Cryptography;

namespace Parle.Domain.Contents;

/// <summary>
/// A fact's commitment to its content: SHA-256 over a random salt followed by the content's canonical bytes (RFC 8785). The content can be
/// erased; a reader that kept it can still prove it.
/// </summary>
/// <param name="Sha256">Lowercase hexadecimal, 64 characters.</param>
/// <param name="Bytes">Length of the canonical content in bytes, without the salt.</param>
public sealed record Commitment(string Sha256, int Bytes)
{
    /// <summary>Commits to <paramref name="canonical"/> under <paramref name="salt"/>.</summary>
    public static Commitment To(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> canonical)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(salt);
        hash.AppendData(canonical);
        return new(Convert.ToHexStringLower(hash.GetHashAndReset()), canonical.Length);
    }
}
