using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Parle.Domain.Contents;

/// <summary>
/// The JSON Canonicalization Scheme of RFC 8785: one text for one meaning, so that a digest can be computed again from a
/// stored value. Input must be I-JSON (RFC 7493): no lone surrogates, no numbers beyond what a double holds exactly.
/// </summary>
public static class CanonicalJson
{
    private const long MaxWhole = 1L << 53;

    /// <summary>The canonical text of <paramref name="value"/>.</summary>
    /// <exception cref="FormatException">The value is JSON but not I-JSON; the message says where it differs.</exception>
    public static string Of(JsonElement value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(text, value);
                break;
            case JsonValueKind.Array:
                text.Append('[');
                var first = true;
                foreach (var item in value.EnumerateArray())
                {
                    _ = first ? text : text.Append(',');
                    first = false;
                    Write(text, item);
                }

                text.Append(']');
                break;
            case JsonValueKind.String:
                WriteString(text, Unescape(value));
                break;
            case JsonValueKind.Number:
                WriteNumber(text, value);
                break;
            default:
                text.Append(value.GetRawText()); // true, false and null have one spelling.
                break;
        }
    }

    private static void WriteObject(StringBuilder text, JsonElement value)
    {
        text.Append('{');
        var first = true;

        // RFC 8785 §3.2.3: members ordered by the UTF-16 code units of their names, which is ordinal order in .NET.
        foreach (var member in value.EnumerateObject().Select(member => (Name: NameOf(member), member.Value)).OrderBy(member => member.Name, StringComparer.Ordinal))
        {
            _ = first ? text : text.Append(',');
            first = false;
            WriteString(text, member.Name);
            text.Append(':');
            Write(text, member.Value);
        }

        text.Append('}');
    }

    private static string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            throw new FormatException("A member name holds a lone surrogate, which is not Unicode text.");
        }
    }

    private static string Unescape(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new FormatException("A string holds a lone surrogate, which is not Unicode text.");
        }
    }

    // RFC 8785 §3.2.2.2: only what must be escaped is, in its shortest form.
    private static void WriteString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }

    // RFC 8785 §3.2.2.3: numbers as ECMAScript prints them.
    private static void WriteNumber(StringBuilder text, JsonElement value)
    {
        if (!value.TryGetDouble(out var number) || !double.IsFinite(number))
        {
            throw new FormatException("A number is larger than a double can hold. Send it as a string.");
        }

        if (!IsExact(value.GetRawText()))
        {
            throw new FormatException("A whole number is beyond 2^53 and would be altered. Send it as a string.");
        }

        text.Append(EcmaScript(number));
    }

    // A fraction is rounded by every JSON reader and stays the same double; a large integer would silently become another one.
    private static bool IsExact(string raw) =>
        raw.AsSpan().ContainsAny('.', 'e', 'E')
        || (long.TryParse(raw, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) && whole is >= -MaxWhole and <= MaxWhole);

    /// <summary>Number::toString of ECMA-262 §6.1.6.1.20 for a finite <paramref name="number"/>.</summary>
    public static string EcmaScript(double number)
    {
        if (number == 0)
        {
            return "0"; // also for -0
        }

        // .NET's "E16" is not the shortest; "R" is, since .NET Core 3.0. Only the layout differs from ECMAScript's.
        var shortest = Math.Abs(number).ToString("R", CultureInfo.InvariantCulture);
        var exponentAt = shortest.IndexOf('E', StringComparison.Ordinal);
        var exponent = exponentAt < 0 ? 0 : int.Parse(shortest.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = exponentAt < 0 ? shortest : shortest[..exponentAt];
        var pointAt = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var point = (pointAt < 0 ? mantissa.Length : pointAt) + exponent; // the value is 0.digits × 10^point
        var leadingZeros = digits.Length - digits.TrimStart('0').Length;
        digits = digits[leadingZeros..];
        point -= leadingZeros;
        digits = digits.TrimEnd('0');
        var sign = number < 0 ? "-" : "";

        return sign + (point switch
        {
            _ when digits.Length <= point && point <= 21 => digits.PadRight(point, '0'),
            > 0 and <= 21 => $"{digits[..point]}.{digits[point..]}",
            > -6 and <= 0 => $"0.{new string('0', -point)}{digits}",
            _ => Exponential(digits, point - 1),
        });
    }

    private static string Exponential(string digits, int exponent) =>
        $"{digits[0]}{(digits.Length > 1 ? "." + digits[1..] : "")}e{(exponent < 0 ? "-" : "+")}{Math.Abs(exponent)}";
}
