using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Parle.Domain.Contents;

/// <summary>
/// The JSON Canonicalization Scheme of RFC 8785: one text for one meaning, so that a digest can be computed again from a
/// stored value. Input must be I-JSON (RFC 7493): no lone surrogates, no numbers beyond what a double holds exactly.
/// </summary>
public static class CanonicalJson
{
    private static readonly SearchValues<char> mustBeEscaped = SearchValues.Create(
        [.. Enumerable.Range(0, ' ').Select(c => (char)c), '"', '\\']);

    // Longer objects are sorted by the runtime: a caller must not make sorting cost the square of its input.
    private const int FewMembers = 16;

    private const int ManyDigits = 16; // With fewer, no two decimals of one length are read as one double.

    private const int ExactDigits = 15; // A whole number of so many digits is below 2^53, and spelt as it is.

    private static readonly ConcurrentDictionary<double, string> powersOfTwo = [];

    /// <summary>The canonical text of <paramref name="value"/>.</summary>
    /// <exception cref="FormatException">The value is JSON but not I-JSON; the message says where it differs.</exception>
    public static string Of(JsonElement value)
    {
        var text = new ArrayBufferWriter<byte>();
        Write(text, value);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <summary>Writes the canonical text of <paramref name="value"/>, as UTF-8.</summary>
    /// <exception cref="FormatException">As for <see cref="Of"/>; a part of it may have been written.</exception>
    public static void Write(IBufferWriter<byte> text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(text, value);
                break;
            case JsonValueKind.Array:
                text.Write("["u8);
                var first = true;
                foreach (var item in value.EnumerateArray())
                {
                    text.Write(first ? [] : ","u8);
                    first = false;
                    Write(text, item);
                }

                text.Write("]"u8);
                break;
            case JsonValueKind.String:
                var raw = JsonMarshal.GetRawUtf8Value(value);
                if (IsSpeltAsItIs(raw))
                {
                    text.Write(raw);
                }
                else
                {
                    WriteString(text, Unescape(value));
                }

                break;
            case JsonValueKind.Number:
                WriteNumber(text, value);
                break;
            default:
                text.Write(JsonMarshal.GetRawUtf8Value(value)); // true, false and null have one spelling.
                break;
        }
    }

    /// <summary>Writes <paramref name="value"/> as a string of JSON, as UTF-8.</summary>
    public static void WriteString(IBufferWriter<byte> text, ReadOnlySpan<char> value)
    {
        text.Write("\""u8);
        for (var escaped = value.IndexOfAny(mustBeEscaped); escaped >= 0; escaped = value.IndexOfAny(mustBeEscaped))
        {
            Encoding.UTF8.GetBytes(value[..escaped], text);
            WriteEscaped(text, value[escaped]);
            value = value[(escaped + 1)..];
        }

        Encoding.UTF8.GetBytes(value, text);
        text.Write("\""u8);
    }

    // Text that was read without an escape needs none.
    private static bool IsSpeltAsItIs(ReadOnlySpan<byte> json) => !json.Contains((byte)'\\') && Utf8.IsValid(json);

    private static void WriteObject(IBufferWriter<byte> text, JsonElement value)
    {
        text.Write("{"u8);
        var count = value.GetPropertyCount();
        var members = ArrayPool<JsonProperty>.Shared.Rent(FewMembers);
        if (count <= FewMembers && Sort(value, members))
        {
            for (var i = 0; i < count; i++)
            {
                text.Write(i == 0 ? "\""u8 : ",\""u8);
                text.Write(JsonMarshal.GetRawUtf8PropertyName(members[i]));
                text.Write("\":"u8);
                Write(text, members[i].Value);
            }
        }
        else
        {
            WriteMembers(text, value);
        }

        ArrayPool<JsonProperty>.Shared.Return(members, clearArray: true);
        text.Write("}"u8);
    }

    // In ASCII the order of bytes is the order of code units. Returns false for other names and for names with escapes.
    private static bool Sort(JsonElement value, JsonProperty[] members)
    {
        var read = 0;
        foreach (var member in value.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(member);
            if (!Ascii.IsValid(name) || name.Contains((byte)'\\'))
            {
                return false;
            }

            var place = read++;
            for (; place > 0 && name.SequenceCompareTo(JsonMarshal.GetRawUtf8PropertyName(members[place - 1])) < 0; place--)
            {
                members[place] = members[place - 1];
            }

            members[place] = member;
        }

        return true;
    }

    // RFC 8785 §3.2.3: members ordered by the UTF-16 code units of their names, which is ordinal order in .NET.
    private static void WriteMembers(IBufferWriter<byte> text, JsonElement value)
    {
        var first = true;
        foreach (var member in value.EnumerateObject().Select(member => (Name: NameOf(member), member.Value))
            .OrderBy(member => member.Name, StringComparer.Ordinal))
        {
            text.Write(first ? [] : ","u8);
            first = false;
            WriteString(text, member.Name);
            text.Write(":"u8);
            Write(text, member.Value);
        }
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

    // RFC 8785 §3.2.2.2: only mandatory escapes are written, each in its shortest form.
    private static void WriteEscaped(IBufferWriter<byte> text, char c) => text.Write(c switch
    {
        '"' => "\\\""u8,
        '\\' => "\\\\"u8,
        '\b' => "\\b"u8,
        '\f' => "\\f"u8,
        '\n' => "\\n"u8,
        '\r' => "\\r"u8,
        '\t' => "\\t"u8,
        _ => Encoding.UTF8.GetBytes($"\\u{(int)c:x4}"),
    });

    // RFC 8785 §3.2.2.3: numbers as ECMAScript prints them.
    private static void WriteNumber(IBufferWriter<byte> text, JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        if (raw.Length <= ExactDigits && !raw.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            text.Write(raw);
            return;
        }

        if (!value.TryGetDouble(out var number) || !double.IsFinite(number))
        {
            throw new FormatException("A number is larger than a double can hold. Send it as a string.");
        }

        if (!IsExact(value.GetRawText(), number))
        {
            throw new FormatException("A whole number is beyond 2^53 and would be altered. Send it as a string.");
        }

        Encoding.UTF8.GetBytes(EcmaScript(number), text);
    }

    // A fraction is rounded by every JSON reader and stays the same double; a whole number must come out as it went in.
    private static bool IsExact(string raw, double number) =>
        raw.AsSpan().ContainsAny('.', 'e', 'E') || number == 0 || EcmaScript(number) == raw;

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
        var exponent = exponentAt < 0
            ? 0 : int.Parse(shortest.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = exponentAt < 0 ? shortest : shortest[..exponentAt];
        var pointAt = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var point = (pointAt < 0 ? mantissa.Length : pointAt) + exponent; // the value is 0.digits × 10^point
        var leadingZeros = digits.Length - digits.TrimStart('0').Length;
        digits = digits[leadingZeros..];
        point -= leadingZeros;
        digits = digits.TrimEnd('0');
        digits = IsPowerOfTwo(number) && digits.Length >= ManyDigits
            ? powersOfTwo.GetOrAdd(Math.Abs(number), exact => Closest(exact, digits, point)) : digits;
        var sign = number < 0 ? "-" : "";

        return sign + (point switch
        {
            _ when digits.Length <= point && point <= 21 => digits.PadRight(point, '0'),
            > 0 and <= 21 => $"{digits[..point]}.{digits[point..]}",
            > -6 and <= 0 => $"0.{new string('0', -point)}{digits}",
            _ => Exponential(digits, point - 1),
        });
    }

    // Of several shortest decimals ECMAScript takes the one closest to the value, and of two the even one. .NET sometimes takes another
    // one, or one with a digit too few: below a power of two doubles lie closer to each other than above, and 2.980232238769531e-8 is not
    // 2^-25.
    private static string Closest(double number, string digits, int point)
    {
        if (!IsRead($"{digits}e{point - digits.Length}", number))
        {
            var all = number.ToString("E16", CultureInfo.InvariantCulture); // 17 digits are always enough.
            digits = $"{all[0]}{all[2..all.IndexOf('E', StringComparison.Ordinal)]}";
        }

        var best = long.Parse(digits, CultureInfo.InvariantCulture);
        var exponent = point - digits.Length;
        for (var moved = true; moved;)
        {
            moved = false;
            foreach (var other in (long[])[best - 1, best + 1])
            {
                var order = Distance(number, other, exponent).CompareTo(Distance(number, best, exponent));
                if ((order < 0 || (order == 0 && (other & 1) == 0)) && other.ToString(CultureInfo.InvariantCulture).Length == digits.Length
                    && IsRead($"{other}e{exponent}", number))
                {
                    (best, moved) = (other, true);
                    break;
                }
            }
        }

        return best.ToString(CultureInfo.InvariantCulture).TrimEnd('0');
    }

    // For all other numbers .NET takes the right one. There are 2,046 powers of two; each costs arithmetic on hundreds of digits.
    private static bool IsPowerOfTwo(double number) => (BitConverter.DoubleToUInt64Bits(number) & ((1UL << 52) - 1)) == 0;

    private static bool IsRead(string text, double number) =>
        double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture).Equals(number);

    // The distance of a decimal from a double, in a unit that is the same for all decimals of one exponent.
    private static BigInteger Distance(double number, long digits, int exponent)
    {
        var bits = BitConverter.DoubleToUInt64Bits(number);
        var biased = (int)(bits >> 52) & 0x7FF;
        var mantissa = new BigInteger((bits & ((1UL << 52) - 1)) | (biased == 0 ? 0 : 1UL << 52));
        var binary = Math.Max(biased, 1) - 1075; // the value is mantissa × 2^binary
        var value = mantissa * BigInteger.Pow(2, Math.Max(binary, 0)) * BigInteger.Pow(10, Math.Max(-exponent, 0));
        var candidate = digits * BigInteger.Pow(10, Math.Max(exponent, 0)) * BigInteger.Pow(2, Math.Max(-binary, 0));
        return BigInteger.Abs(value - candidate);
    }

    private static string Exponential(string digits, int exponent) =>
        $"{digits[0]}{(digits.Length > 1 ? "." + digits[1..] : "")}e{(exponent < 0 ? "-" : "+")}{Math.Abs(exponent)}";
}
