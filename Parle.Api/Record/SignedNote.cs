using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Math.EC.Rfc8032;
using Parle.Api.Record.Verification;

namespace Parle.Api.Record;

/// <summary>A text with signatures under it (C2SP signed-note, with Ed25519 of RFC 8032).</summary>
/// <param name="Text">The text that is signed; ends with a newline.</param>
/// <param name="Signatures">The signatures: the signer's name, and a 4-byte key id followed by the 64 bytes of the signature.</param>
public sealed record SignedNote(string Text, IReadOnlyList<(string Name, byte[] Signature)> Signatures)
{
    private const string Dash = "\u2014 ";
    private const int MostOfASignature = 344; // 256 bytes in base64: there may be signatures of other kinds.

    /// <summary>Parses a note; null for any other text.</summary>
    public static SignedNote? Parse(string note)
    {
        var end = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0 || !note.EndsWith('\n'))
        {
            return null;
        }

        var signatures = new List<(string, byte[])>();
        foreach (var line in note[(end + 2)..^1].Split('\n'))
        {
            if (!line.StartsWith(Dash, StringComparison.Ordinal)
                || line[Dash.Length..].Split(' ') is not [{ Length: > 0 } name, { Length: <= MostOfASignature } signature]
                || StrictJson.Base64(signature) is not { Length: >= 5 } bytes)
            {
                return null;
            }

            signatures.Add((name, bytes));
        }

        return new(note[..(end + 1)], signatures);
    }

    /// <summary>
    /// Whether <paramref name="key"/> signed it. Libraries differ on points with a component of small order. Neither the key nor R has one
    /// here, so the equations with and without the cofactor agree, and all libraries accept the same signatures.
    /// </summary>
    public bool IsSignedBy(NoteKey key) =>
        Signatures.Any(signed => signed.Name == key.Name && signed.Signature.Length == 4 + Ed25519.SignatureSize
            && signed.Signature.AsSpan(0, 4).SequenceEqual(key.ID) && Ed25519.ValidatePublicKeyFull(signed.Signature, 4)
            && Ed25519.Verify(signed.Signature, 4, key.PublicKey, 0, Encoding.UTF8.GetBytes(Text), 0, Encoding.UTF8.GetByteCount(Text)));

    /// <summary>The note of <paramref name="text"/>, signed.</summary>
    /// <param name="text">The text to sign; ends with a newline.</param>
    /// <param name="key">The key to sign with.</param>
    /// <param name="seed">The private key of it, 32 bytes.</param>
    public static string Sign(string text, NoteKey key, byte[] seed)
    {
        var (message, signature) = (Encoding.UTF8.GetBytes(text), new byte[Ed25519.SignatureSize]);
        Ed25519.Sign(seed, 0, message, 0, message.Length, signature, 0);
        return $"{text}\n{Dash}{key.Name} {Convert.ToBase64String([.. key.ID, .. signature])}\n";
    }
}

/// <summary>The public key of a note's signer.</summary>
/// <param name="Name">The signer's name: no spaces, no plus signs.</param>
/// <param name="PublicKey">32 bytes of Ed25519.</param>
public sealed record NoteKey(string Name, byte[] PublicKey)
{
    private const byte KindOfEd25519 = 1;

    /// <summary>An id that tells keys of one name apart: the first 4 bytes of SHA-256 over name, newline, kind and key.</summary>
    public byte[] ID { get; } = SHA256.HashData([.. Encoding.UTF8.GetBytes(Name), (byte)'\n', KindOfEd25519, .. PublicKey])[..4];

    /// <summary>The key as one word: name, id and key, joined by plus signs.</summary>
    public override string ToString() => $"{Name}+{Convert.ToHexStringLower(ID)}+{Convert.ToBase64String([KindOfEd25519, .. PublicKey])}";

    /// <summary>
    /// Parses the output of <see cref="ToString"/>; null for any other text, or for a key that is not a point of prime order.
    /// </summary>
    public static NoteKey? Parse(string text)
    {
        var bytes = new byte[1 + Ed25519.PublicKeySize];
        return text.Split('+', 3) is [{ Length: > 0 } name, _, var key] && Convert.TryFromBase64String(key, bytes, out var length)
            && length == bytes.Length && bytes[0] == KindOfEd25519
            && new NoteKey(name, bytes[1..]) is var parsed && parsed.ToString() == text && Ed25519.ValidatePublicKeyFull(bytes, 1)
                ? parsed : null;
    }
}
