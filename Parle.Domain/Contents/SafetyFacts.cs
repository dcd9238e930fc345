using System.Buffers;
using System.Globalization;
using System.Text;

namespace Parle.Domain.Contents;

/// <summary>Facts about a text that a reader should know before trusting its looks. They describe; they do not block.</summary>
/// <param name="HasInvisible">It holds characters that are not seen: zero-width, fillers, tags, variation selectors.</param>
/// <param name="HasConfusable">It holds a word that mixes look-alike scripts, letters that only look like ASCII, or of Cyrillic or Greek
/// only letters that pass for Latin ones.</param>
/// <param name="HasBidi">It holds controls that change the order in which text is shown.</param>
/// <param name="HasControl">It holds control characters other than tab, newline and carriage return.</param>
public sealed record SafetyFacts(bool HasInvisible, bool HasConfusable, bool HasBidi, bool HasControl)
{
    private static readonly SafetyFacts None = new(false, false, false, false);

    // Letters that most typefaces draw like a Latin letter (UTS #39). All of both scripts lies in the BMP.
    private static readonly SearchValues<char> LooksLatin = SearchValues.Create("асԁеһіјӏорԛѕѵԝхуАВСЕНІЈКМОРЅТХҮУԚԜΑΒΕΖΗΙΚΜΝΟΡΤΥΧονρι");

    [Flags]
    internal enum Script
    {
        None = 0,
        Latin = 1,
        Cyrillic = 2,
        Greek = 4,
        Armenian = 8,
        Cherokee = 16,
    }

    /// <summary>The facts that are true of either text.</summary>
    public SafetyFacts Or(SafetyFacts other) =>
        new(HasInvisible || other.HasInvisible, HasConfusable || other.HasConfusable, HasBidi || other.HasBidi,
            HasControl || other.HasControl);

    /// <summary>The facts that are true of any of <paramref name="texts"/>.</summary>
    public static SafetyFacts OfAll(IEnumerable<string> texts) => texts.Aggregate(None, (facts, text) => facts.Or(Of(text)));

    /// <summary>Looks at every code point of <paramref name="text"/>.</summary>
    public static SafetyFacts Of(string text)
    {
        if (Ascii.IsValid(text) && !text.AsSpan().ContainsAnyInRange('\u0000', '\u0008')
            && !text.AsSpan().ContainsAny('\u000b', '\u000c', '\u007f')
            && !text.AsSpan().ContainsAnyInRange('\u000e', '\u001f'))
        {
            return None; // Most texts end here: printable ASCII cannot deceive by these means.
        }

        bool invisible = false, confusable = false, bidi = false, control = false;
        var word = Script.None;
        foreach (var rune in text.EnumerateRunes())
        {
            bidi |= IsBidi(rune.Value);
            invisible |= IsInvisible(rune.Value);
            control |= Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control && rune.Value is not ('\t' or '\n' or '\r');
            word = Rune.IsLetter(rune) ? word | ScriptOf(rune.Value)
                : Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark ? word : Script.None;
            confusable |= (word & (word - 1)) != 0 || LooksLikeAscii(rune.Value);
        }

        return new(invisible, confusable || Masquerading(text) is not Script.None, bidi, control);
    }

    /// <summary>Scripts of which the text has letters, all of them Latin look-alikes: such words are written to be misread.</summary>
    internal static Script Masquerading(string text)
    {
        var (alike, other) = (Script.None, Script.None);
        foreach (var rune in text.EnumerateRunes())
        {
            var script = ScriptOf(rune.Value) & (Script.Cyrillic | Script.Greek);
            if (script is not Script.None && Rune.IsLetter(rune))
            {
                var passes = LooksLatin.Contains((char)rune.Value);
                alike |= passes ? script : Script.None;
                other |= passes ? Script.None : script;
            }
        }

        return alike & ~other;
    }

    internal static bool IsBidi(int c) => c is 0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);

    internal static bool IsInvisible(int c) => c is
        0x00AD or 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x180E or (>= 0x180B and <= 0x180D) or 0x180F
        or (>= 0x200B and <= 0x200D) or (>= 0x2060 and <= 0x2065) or (>= 0x206A and <= 0x206F) or 0x2800 or 0x3164
        or (>= 0xFE00 and <= 0xFE0F) or 0xFEFF or 0xFFA0 or (>= 0x1D173 and <= 0x1D17A) or (>= 0xE0000 and <= 0xE0FFF);

    // Fullwidth and mathematical letters: compatibility forms (UAX #15) of A-Z and a-z.
    internal static bool LooksLikeAscii(int c) =>
        c is (>= 0xFF21 and <= 0xFF3A) or (>= 0xFF41 and <= 0xFF5A) or (>= 0x1D400 and <= 0x1D6A5);

    // Only scripts whose letters look alike are told apart. Mixing other scripts is normal in many languages.
    internal static Script ScriptOf(int c) => c switch
    {
        (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or (>= 0x00C0 and <= 0x024F) or (>= 0x1E00 and <= 0x1EFF) => Script.Latin,
        (>= 0x0370 and <= 0x03FF) or (>= 0x1F00 and <= 0x1FFF) => Script.Greek,
        (>= 0x0400 and <= 0x052F) or (>= 0x1C80 and <= 0x1C8F) or (>= 0x2DE0 and <= 0x2DFF) or (>= 0xA640 and <= 0xA69F) => Script.Cyrillic,
        >= 0x0530 and <= 0x058F => Script.Armenian,
        (>= 0x13A0 and <= 0x13FF) or (>= 0xAB70 and <= 0xABBF) => Script.Cherokee,
        _ => Script.None,
    };
}
