using System.Globalization;

namespace Parle.Domain.Record;

/// <summary>
/// What the service says about facts outside of any log, as text to be signed: an origin of its own, lines of a word and a value, the time.
/// It holds no place and no size of a view, so it can be shown to anybody.
/// </summary>
/// <param name="Origin">Its subject: the signer's name, and a path. No two kinds of statement, and no log, have the same.</param>
/// <param name="Lines">The values, by their words, in the order of its kind.</param>
/// <param name="At">The time of the signature, to the second.</param>
public sealed record Statement(string Origin, IReadOnlyList<(string Word, string Value)> Lines, DateTimeOffset At)
{
    private const string Time = "time";
    private const string Yes = "yes";
    private const string No = "no";

    /// <summary>The words of a statement of evidence.</summary>
    public static IReadOnlyList<string> OfEvidence { get; } = ["facts", "root", "names", "whole"];

    /// <summary>The words of a statement of one fact.</summary>
    public static IReadOnlyList<string> OfFact { get; } = ["leaf", "names"];

    /// <summary>The words of a statement of the names in one fact.</summary>
    public static IReadOnlyList<string> OfNames { get; } = ["names"];

    /// <summary>The origin of evidence about an ask.</summary>
    public static string OriginOfEvidence(string name, Guid roomID, Guid askID) => $"{name}/rooms/{roomID:D}/asks/{askID:D}/evidence";

    /// <summary>The origin of a statement of one fact.</summary>
    public static string OriginOfFact(string name, Guid roomID, Guid eventID) => $"{name}/rooms/{roomID:D}/facts/{eventID:D}";

    /// <summary>The origin of a statement of the names in one fact.</summary>
    public static string OriginOfNames(string name, Guid roomID, Guid eventID) => $"{OriginOfFact(name, roomID, eventID)}/names";

    /// <summary>Evidence about an ask.</summary>
    /// <param name="origin">See <see cref="OriginOfEvidence"/>.</param>
    /// <param name="facts">The number of facts of the ask that its reader sees.</param>
    /// <param name="root">The root over their leaves (RFC 6962).</param>
    /// <param name="names">The digest of the names in the file, see <see cref="NamesInFact.Digest"/>.</param>
    /// <param name="whole">Whether the reader sees all facts of the ask: it was asked, or asks.</param>
    /// <param name="at">The time.</param>
    public static Statement Evidence(string origin, int facts, byte[] root, byte[] names, bool whole, DateTimeOffset at) => new(
        origin, [.. OfEvidence.Zip([facts.ToString(CultureInfo.InvariantCulture), Convert.ToBase64String(root),
            Convert.ToBase64String(names), whole ? Yes : No])], at);

    /// <summary>One fact that the whole room saw.</summary>
    /// <param name="origin">See <see cref="OriginOfFact"/>.</param>
    /// <param name="leaf">The fact's leaf.</param>
    /// <param name="names">The digest of the names in it.</param>
    /// <param name="at">The time.</param>
    public static Statement Fact(string origin, byte[] leaf, byte[] names, DateTimeOffset at) =>
        new(origin, [.. OfFact.Zip([Convert.ToBase64String(leaf), Convert.ToBase64String(names)])], at);

    /// <summary>The names in one fact.</summary>
    /// <param name="origin">See <see cref="OriginOfNames"/>.</param>
    /// <param name="names">Their digest.</param>
    /// <param name="at">The time.</param>
    public static Statement Names(string origin, byte[] names, DateTimeOffset at) =>
        new(origin, [.. OfNames.Zip([Convert.ToBase64String(names)])], at);

    /// <summary>The text that is signed; each line ends with a newline.</summary>
    public string Text => string.Concat(
        [$"{Origin}\n", .. Lines.Select(line => $"{line.Word} {line.Value}\n"),
            $"{Time} {At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}\n"]);

    /// <summary>Parses <see cref="Text"/>; null when it is malformed, or has other words.</summary>
    public static Statement? Parse(string text, IReadOnlyList<string> words) =>
        text.Split('\n') is [{ Length: > 0 } origin, .. var lines, var time, ""] && lines.Length == words.Count
        && lines.Zip(words).All(line => line.First.StartsWith($"{line.Second} ", StringComparison.Ordinal))
        && time.StartsWith($"{Time} ", StringComparison.Ordinal)
        && DateTimeOffset.TryParseExact(
            time[(Time.Length + 1)..], "yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
        && new Statement(origin, [.. lines.Zip(words).Select(line => (line.Second, line.First[(line.Second.Length + 1)..]))], at)
            is var statement && statement.Text == text
            ? statement : null;

    /// <summary>The value of a word.</summary>
    /// <param name="word">One of the words it was parsed with.</param>
    public string Value(string word) => Lines.Single(line => line.Word == word).Value;

    /// <summary>The digest under a word; null when the value is no digest.</summary>
    /// <param name="word">One of the words it was parsed with.</param>
    public byte[]? Digest(string word)
    {
        var digest = new byte[32];
        return Convert.TryFromBase64String(Value(word), digest, out var length) && length == digest.Length
            && Convert.ToBase64String(digest) == Value(word) ? digest : null;
    }

    /// <summary>The answer under a word; null when the value is neither yes nor no.</summary>
    /// <param name="word">One of the words it was parsed with.</param>
    public bool? Answer(string word) => Value(word) switch { Yes => true, No => false, _ => null };
}
