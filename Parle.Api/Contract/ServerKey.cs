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

    /// <summary>
    /// The secret of <paramref name="subjectID"/>, the same whenever it is asked for: so a retried mint is answered with the same
    /// secret, and none is kept. Who has neither this key nor the secret cannot tell it from random bytes (HMAC-SHA256 as a
    /// pseudorandom function, RFC 5869 §2).
    /// </summary>
    public Secret SecretOf(string prefix, Guid subjectID) => Secret.Of(prefix, Mac("secret", $"{prefix}{subjectID:N}"));

    /// <summary>Under what an identity is stored, such as an e-mail address: found again by who knows it, read by nobody.</summary>
    public byte[] HashOfIdentity(string identity) => Mac("identity", identity);

    /// <summary>Under what a code is kept that was sent to <paramref name="identity"/>: without this key nobody can try all codes on it.</summary>
    public byte[] HashOfCode(byte[] identity, string code) => Mac("code", $"{Convert.ToHexStringLower(identity)}\n{code}");

    /// <summary>What is kept to recognise the same request again, without keeping its words.</summary>
    public byte[] FingerprintOf(string canonicalRequest) => Mac("fingerprint", canonicalRequest);

    /// <summary>What a database remembers of the key it belongs to; tells nothing about the key.</summary>
    public byte[] CheckValue() => Mac("check", "parle");

    // Each use has a label of its own, so that a value of one kind never passes for another.
    private byte[] Mac(string label, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{label}\n{text}"));
}
