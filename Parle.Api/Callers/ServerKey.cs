using System.Security.Cryptography;
using System.Text;

namespace Parle.Api.Callers;

/// <summary>
/// The service's own secret. Credentials and fingerprints of contents are stored only as HMAC-SHA256 (RFC 2104) under it, so
/// that a copy of the database neither opens a room nor gives a short text away. While it is being replaced there are several:
/// one that is written under, and others that are only recognised.
/// </summary>
public sealed class ServerKey
{
    /// <summary>Bytes of a server key.</summary>
    public const int Length = 32;

    /// <summary>Bytes of what names a key.</summary>
    public const int IDLength = 8;

    private const int NonceLength = 12;
    private const int TagLength = 16;

    // Of each thread its own, keyed once: setting the key up takes longer than using it, and each request needs three.
    private readonly ThreadLocal<IncrementalHash> mac;

    /// <summary>Takes 32 random bytes, and other keys that are still recognised.</summary>
    /// <exception cref="ArgumentException">A key has another length.</exception>
    public ServerKey(byte[] key, params IReadOnlyList<byte[]> others)
    {
        if (key.Length != Length)
        {
            throw new ArgumentException($"A server key has {Length} bytes.", nameof(key));
        }

        mac = new(() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key));
        ID = CheckValue()[..IDLength];
        Others = [.. others.Where(other => !CryptographicOperations.FixedTimeEquals(other, key)).Select(other => new ServerKey(other))];
        All = [this, .. Others];
    }

    /// <summary>Names the key, and tells nothing about it.</summary>
    public byte[] ID { get; }

    /// <summary>Keys that are recognised beside this one, and never written under.</summary>
    public IReadOnlyList<ServerKey> Others { get; }

    /// <summary>This key, then the others.</summary>
    public IReadOnlyList<ServerKey> All { get; }

    /// <summary>Under what a credential is stored.</summary>
    public byte[] HashOf(Secret secret) => Mac("credential", secret.Reveal());

    /// <summary>
    /// The secret that versions of before handed over for <paramref name="subjectID"/>. Whoever has the key computes it from a public id,
    /// so it is only made any more to answer a repeated request of that time: see <see cref="MintedSecrets"/>.
    /// </summary>
    internal Secret FormerSecretOf(string prefix, Guid subjectID) => Secret.Of(prefix, Mac("secret", $"{prefix}{subjectID:N}"));

    /// <summary>Under what an identity is stored, such as an e-mail address: found again by who knows it, read by nobody.</summary>
    public byte[] HashOfIdentity(string identity) => Mac("identity", identity);

    /// <summary>
    /// Under what a code is kept that was sent to <paramref name="identity"/>: without this key nobody can try all codes on it.
    /// </summary>
    public byte[] HashOfCode(byte[] identity, string code) => Mac("code", $"{Convert.ToHexStringLower(identity)}\n{code}");

    /// <summary>Under what is kept where a person signs in from: a browser, by its cookie, or a network.</summary>
    public byte[] HashOfOrigin(string origin) => Mac("origin", origin);

    /// <summary>What is kept to recognise the same request again, without keeping its words.</summary>
    public byte[] FingerprintOf(string canonicalRequest) => Mac("fingerprint", canonicalRequest);

    /// <summary>
    /// The same, of a request whose words can be erased: without the salts of the contents that it brought, which go with the words, it
    /// confirms no guess.
    /// </summary>
    public byte[] FingerprintOf(string canonicalRequest, IReadOnlyList<byte[]> salts) =>
        Mac("salted fingerprint", $"{string.Join(',', salts.Select(Convert.ToHexStringLower))}\n{canonicalRequest}");

    /// <summary>What a database remembers of the key it belongs to; tells nothing about the key.</summary>
    public byte[] CheckValue() => Mac("check", "parle");

    /// <summary>
    /// What shows later that this service wrote <paramref name="text"/>, and nobody changed it who has only the database.
    /// </summary>
    public byte[] SealOf(string text) => Mac("seal", text);

    /// <summary>Whether <paramref name="seal"/> was made by <see cref="SealOf"/>, under any of the keys.</summary>
    public bool IsSealOf(byte[] seal, string text) => All.Any(key => CryptographicOperations.FixedTimeEquals(seal, key.SealOf(text)));

    /// <summary>
    /// Closes <paramref name="secret"/> so that only who has this key opens it (AES-256-GCM, NIST SP 800-38D): nonce, tag and ciphertext.
    /// </summary>
    /// <param name="secret">What to close.</param>
    /// <param name="about">What it belongs to; it opens only for the same.</param>
    public byte[] Close(byte[] secret, string about)
    {
        var box = new byte[NonceLength + TagLength + secret.Length];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceLength));
        using var cipher = new AesGcm(Mac("box", ""), TagLength);
        cipher.Encrypt(box.AsSpan(0, NonceLength), secret, box.AsSpan(NonceLength + TagLength), box.AsSpan(NonceLength, TagLength),
            Encoding.UTF8.GetBytes(about));
        return box;
    }

    /// <summary>
    /// Opens what <see cref="Close"/> closed, under any of the keys; null when it was closed by another key, for something else, or changed
    /// since.
    /// </summary>
    public byte[]? Open(byte[] box, string about) =>
        All.Select(key => key.OpenAlone(box, about)).FirstOrDefault(secret => secret is not null);

    private byte[]? OpenAlone(byte[] box, string about)
    {
        if (box.Length < NonceLength + TagLength)
        {
            return null;
        }

        var secret = new byte[box.Length - NonceLength - TagLength];
        using var cipher = new AesGcm(Mac("box", ""), TagLength);
        try
        {
            cipher.Decrypt(box.AsSpan(0, NonceLength), box.AsSpan(NonceLength + TagLength), box.AsSpan(NonceLength, TagLength), secret,
                Encoding.UTF8.GetBytes(about));
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
