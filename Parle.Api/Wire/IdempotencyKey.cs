using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Parle.Api.Wire;

/// <summary>The caller's name for one write: sent again with the same name, the write happens once (law 3).</summary>
/// <param name="Text">1 to 255 visible ASCII characters.</param>
public sealed record IdempotencyKey(string Text)
{
    /// <summary>The header's name.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>Most characters of a key.</summary>
    public const int MaxLength = 255;

    private static readonly SearchValues<char> Visible = SearchValues.Create(
        [.. Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c)]);

    /// <summary>A key for a write that its caller did not name: nobody can retry it.</summary>
    public static IdempotencyKey Fresh() => new(Guid.CreateVersion7().ToString());

    /// <summary>A key that is offered to a caller: 128 random bits in 22 characters (base64url, RFC 4648 section 5).</summary>
    public static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    /// <summary>Reads the header; null when it is missing, repeated, or not a key.</summary>
    public static IdempotencyKey? Read(IHeaderDictionary headers) =>
        headers[Header] is [{ Length: > 0 and <= MaxLength } text] && !text.AsSpan().ContainsAnyExcept(Visible) ? new(text) : null;
}
