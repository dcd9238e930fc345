using System.Buffers;

namespace Parle.Domain.Names;

/// <summary>
/// An e-mail address in one spelling for each mailbox: trimmed, in lower case. <see cref="ToString"/> shows nothing of it, because it is
/// private.
/// </summary>
public sealed record EmailAddress
{
    /// <summary>Most characters (RFC 5321 §4.5.3.1.3, without the angle brackets).</summary>
    public const int MaxLength = 254;

    private const int MaxLocalLength = 64;
    private const int MaxLabelLength = 63;

    // RFC 5322 §3.2.3 (dot-atom) and RFC 1123 §2.1. No character of these can end a header or separate two mailboxes.
    private static readonly SearchValues<char> Atom = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+/=?^_`{|}~-");
    private static readonly SearchValues<char> Label = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private EmailAddress(string text) => Text = text;

    /// <summary>The address.</summary>
    public string Text { get; }

    /// <summary>Reads a typed address; null when it is no address, or not plain ASCII.</summary>
    public static EmailAddress? Parse(string? typed)
    {
        var text = typed?.Trim().ToLowerInvariant() ?? "";
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return at is > 0 and <= MaxLocalLength && text.Length <= MaxLength
            && text[..at].Split('.').All(atom => atom.Length > 0 && !atom.AsSpan().ContainsAnyExcept(Atom))
            && text[(at + 1)..].Split('.').All(label => label.Length is > 0 and <= MaxLabelLength && label[0] != '-' && label[^1] != '-'
                && !label.AsSpan().ContainsAnyExcept(Label))
            ? new(text)
            : null;
    }

    /// <inheritdoc/>
    public override string ToString() => "(e-mail address)";
}
