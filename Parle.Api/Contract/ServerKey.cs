using System.Security.Cryptography;
using System.Text;

namespace Parle.Api.Contract;

/// <summary>
/// The service's own secret. Credentials and fingerprints of contents are stored only as HMAC-SHA256 (RFC 2104) under it, so
/// that a copy of the database neither opens a room nor gives a short text away.
/// </summary>
public sealed class ServerKey
{
    /// <summary>Bytes of a server key.</summary>
    public const int Length = 32;

    private readonly byte[] key;

    /// <summary>Takes 32 random bytes.</summary>
    /// <exception cref="ArgumentException">The key has another length.</exception>
    public ServerKey(byte[] key)
    {
        if (key.Length != Length)
        {
            throw new ArgumentException($"A server key has {Length} bytes.", nameof(key));
        }

        this.key = key;
    }

    /// <summary>Under what a credential is stored.</summary>
    public byte[] HashOf(Secret secret) => Mac("credential", secret.Reveal());

    /// <summary>What is kept to recognise the same request again, without keeping its words.</summary>
    public byte[] FingerprintOf(string canonicalRequest) => Mac("fingerprint", canonicalRequest);

    /// <summary>What a database remembers of the key it belongs to; tells nothing about the key.</summary>
    public byte[] CheckValue() => Mac("check", "parle");

    // Each use has a label of its own, so that a value of one kind never passes for another.
    private byte[] Mac(string label, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{label}\n{text}"));
}
