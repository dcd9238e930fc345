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

    private const int NonceLength = 12;
    private const int TagLength = 16;

    // Of each thread its own, keyed once: setting the key up takes longer than using it, and each request needs three.
    private readonly ThreadLocal<IncrementalHash> mac;

    /// <summary>Takes 32 random bytes.</summary>
    /// <exception cref="ArgumentException">The key has another length.</exception>
    public ServerKey(byte[] key)
    {
        if (key.Length != Length)
        {
            throw new ArgumentException($"A server key has {Length} bytes.", nameof(key));
        }

        mac = new(() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key));
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

    /// <summary>What shows later that this service wrote <paramref name="text"/>, and nobody changed it who has only the database.</summary>
    public byte[] SealOf(string text) => Mac("seal", text);

    /// <summary>Closes <paramref name="secret"/> so that only who has this key opens it (AES-256-GCM, NIST SP 800-38D): nonce, tag and ciphertext.</summary>
    /// <param name="secret">What to close.</param>
    /// <param name="about">What it belongs to; it opens only for the same.</param>
    public byte[] Close(byte[] secret, string about)
    {
        var box = new byte[NonceLength + TagLength + secret.Length];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceLength));
        using var cipher = new AesGcm(Mac("box", ""), TagLength);
        cipher.Encrypt(box.AsSpan(0, NonceLength), secret, box.AsSpan(NonceLength + TagLength), box.AsSpan(NonceLength, TagLength), Encoding.UTF8.GetBytes(about));
        return box;
    }

    /// <summary>Opens what <see cref="Close"/> closed; null when it was closed by another key, for something else, or changed since.</summary>
    public byte[]? Open(byte[] box, string about)
    {
        if (box.Length < NonceLength + TagLength)
        {
            return null;
        }

        var secret = new byte[box.Length - NonceLength - TagLength];
        using var cipher = new AesGcm(Mac("box", ""), TagLength);
        try
        {
            cipher.Decrypt(box.AsSpan(0, NonceLength), box.AsSpan(NonceLength + TagLength), box.AsSpan(NonceLength, TagLength), secret, Encoding.UTF8.GetBytes(about));
            return secret;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    // Each use has a label of its own, so that a value of one kind never passes for another.
    private byte[] Mac(string label, string text)
    {
        var hash = mac.Value!;
        hash.AppendData(Encoding.UTF8.GetBytes($"{label}\n{text}"));
        return hash.GetHashAndReset();
    }
}
