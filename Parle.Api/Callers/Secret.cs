using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Parle.Api.Callers;

/// <summary>A credential in clear. It prints nothing, so that it cannot reach a log or a message by accident.</summary>
[DebuggerDisplay("(secret)")]
public readonly partial struct Secret
{
    private const int RandomBytes = 32;

    private readonly string clear;

    private Secret(string clear) => this.clear = clear;

    /// <summary>A fresh secret: the prefix and 43 characters of base64url (RFC 4648 §5, no padding), 256 random bits.</summary>
    public static Secret Mint(string prefix) => new(prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes)));

    /// <summary>The secret that spells <paramref name="bytes"/>.</summary>
    internal static Secret Of(string prefix, ReadOnlySpan<byte> bytes) => new(prefix + Base64Url.EncodeToString(bytes));

    /// <summary>What it spells after its prefix.</summary>
    internal byte[] Bytes(string prefix) => Base64Url.DecodeFromChars(clear.AsSpan(prefix.Length));

    /// <summary>Reads what a caller sent; null when it does not have the form of a secret with this prefix.</summary>
    public static Secret? Read(string? text, string prefix) =>
        text is not null && text.Length == prefix.Length + Base64Url.GetEncodedLength(RandomBytes)
        && text.StartsWith(prefix, StringComparison.Ordinal)
            ? new(text)
            : null;

    /// <summary>
    /// Whether something in <paramref name="text"/> has the shape of one of our secrets, of whatever prefix, whole or broken off, or of a
    /// signed token of an organisation.
    /// </summary>
    public static bool IsIn(string text) =>
        (text.Contains("parle_", StringComparison.OrdinalIgnoreCase) && Shape().IsMatch(text))
        || (text.Contains("eyJ", StringComparison.Ordinal) && Signed().IsMatch(text));

    /// <summary>The secret itself, for the one answer that hands it over.</summary>
    public string Reveal() => clear;

    /// <inheritdoc/>
    public override string ToString() => "(secret)";

    // Compact JWS (RFC 7515 §3.1): header and payload are JSON objects in base64url, which begin with {".
    [GeneratedRegex(@"eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")]
    private static partial Regex Signed();

    [GeneratedRegex("parle_[a-z]+_[a-z0-9_-]{20,}", RegexOptions.IgnoreCase)]
    private static partial Regex Shape();
}
