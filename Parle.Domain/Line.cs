using System.Globalization;
using System.Text;
using Parle.Domain.Contents;

namespace Parle.Domain;

/// <summary>A one-line text chosen by a caller, by which others decide: a title, a name, a reference.</summary>
public static class Line
{
    /// <summary>Most bytes of UTF-8 for each character that a text may have. One character can be many code points long.</summary>
    public const int BytesPerCharacter = 8;

    /// <summary>A refusal unless <paramref name="text"/> is a line of 1 to <paramref name="most"/> characters.</summary>
    /// <param name="name">The member's name on the wire.</param>
    /// <param name="text">Its value.</param>
    /// <param name="most">Most characters.</param>
    public static Refusal? Obstacle(string name, string? text, int most) =>
        Wrong(name, text, most) is { } wrong ? Refusals.ValidationFailed.Because(wrong) : null;

    /// <summary>The error in words; null when the text is a line.</summary>
    internal static string? Wrong(string name, string? text, int most) =>
        string.IsNullOrEmpty(text) || !HasAtMost(text, most)
            ? $"{name} needs 1 to {most} characters, and at most {most * BytesPerCharacter} bytes."
        : !IsOne(text) ? $"{name} is one line: it takes no line breaks and no control characters."
        : IsSeen(text) ? null
        : $"{name} needs a character that can be seen: it has only blanks or invisible ones.";

    /// <summary>The same for a name, which must not deceive: nothing invisible, and nothing that changes the direction of text.</summary>
    public static Refusal? NameObstacle(string name, string? text, int most) =>
        Obstacle(name, text, most)
        ?? (SafetyFacts.Of(text!) is { HasInvisible: true } or { HasBidi: true }
            ? Refusals.ValidationFailed.Because($"{name} takes no invisible characters and none that change the direction of text.")
            : null);

    /// <summary>Whether <paramref name="text"/> has no line breaks (also U+0085, U+2028, U+2029) and no control characters.</summary>
    public static bool IsOne(string text) => !text.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029');

    /// <summary>Whether any character of <paramref name="text"/> is visible.</summary>
    public static bool IsSeen(string text) => text.EnumerateRunes().Any(rune =>
        !Rune.IsWhiteSpace(rune) && !SafetyFacts.IsInvisible(rune.Value) && !SafetyFacts.IsBidi(rune.Value)
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned));

    /// <summary>
    /// Whether <paramref name="text"/> has at most so many characters, as a person counts them (UAX #29), and not many more bytes than
    /// that.
    /// </summary>
    public static bool HasAtMost(string text, int most)
    {
        if (text.Length <= most)
        {
            return true;
        }

        if (Encoding.UTF8.GetByteCount(text) > (long)most * BytesPerCharacter)
        {
            return false;
        }

        var rest = text.AsSpan();
        for (var count = 0; rest.Length > 0; count++)
        {
            if (count == most)
            {
                return false;
            }

            rest = rest[StringInfo.GetNextTextElementLength(rest)..];
        }

        return true;
    }
}
