using System.Globalization;
using System.Text;

namespace Parle.Domain.Contents;

/// <summary>A text as it is shown to people that decide by it: invisible or deceptive characters are written as <c>\u{202E}</c>.</summary>
public static class Visible
{
    /// <summary>
    /// The text with every character that <see cref="SafetyFacts"/> reports written as an escape. Line breaks and tabs stay.
    /// </summary>
    public static string Of(string text)
    {
        if (Ascii.IsValid(text) && SafetyFacts.Of(text) is { HasControl: false })
        {
            return text;
        }

        var masquerading = SafetyFacts.Masquerading(text);
        var (shown, word, scripts) = (new StringBuilder(text.Length), new List<Rune>(), SafetyFacts.Script.None);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetter(rune)
                || (word.Count > 0 && Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark && !IsHidden(rune)))
            {
                word.Add(rune);
                scripts |= SafetyFacts.ScriptOf(rune.Value);
                continue;
            }

            EndWord();
            Append(rune, IsHidden(rune));
        }

        EndWord();
        var result = shown.ToString();
        // The letters that told the text from Latin may be escaped now, so the result is checked again.
        return SafetyFacts.Masquerading(result) is SafetyFacts.Script.None ? result : Of(result);

        // If a script passes for Latin, its letters are the suspicious ones. In a word of mixed scripts the letters that are not Latin are.
        void EndWord()
        {
            var mixed = (scripts & (scripts - 1)) != 0;
            foreach (var rune in word)
            {
                Append(rune,
                    IsHidden(rune) || SafetyFacts.LooksLikeAscii(rune.Value) || (SafetyFacts.ScriptOf(rune.Value) & masquerading) != 0
                        || (mixed && SafetyFacts.ScriptOf(rune.Value) is not (SafetyFacts.Script.None or SafetyFacts.Script.Latin)));
            }

            word.Clear();
            scripts = SafetyFacts.Script.None;
        }

        void Append(Rune rune, bool spelt)
        {
            if (spelt)
            {
                shown.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X4}}}");
            }
            else
            {
                shown.Append(rune.ToString());
            }
        }
    }

    private static bool IsHidden(Rune rune) =>
        SafetyFacts.IsBidi(rune.Value) || SafetyFacts.IsInvisible(rune.Value)
        || (rune.Value is not ('\t' or '\n' or '\r') && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
