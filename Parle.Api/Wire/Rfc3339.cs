using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Parle.Api.Wire;

/// <summary>The only parser and formatter of times on the wire (RFC 3339 §5.6).</summary>
/// <remarks>
/// A time is an instant: any offset and any number of digits, normalised to UTC and cut to microseconds, the database's precision. A time
/// without an offset is refused, since it would mean the server's zone.
/// </remarks>
public static partial class Rfc3339
{
    /// <summary>The expected form of a time, for refusals.</summary>
    public const string Example = "a time with its offset, as in RFC 3339: 2026-08-17T10:00:00Z or 2026-08-17T12:00:00+02:00";

    /// <summary>Parses a time; null when <paramref name="text"/> is none, or is outside the years 1 to 9999 in UTC.</summary>
    public static DateTimeOffset? Parse(string? text)
    {
        if (text is null || Form().Match(text) is not { Success: true } form
            || !DateTime.TryParseExact(
                form.Groups["date"].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return null;
        }

        var (hour, minute, second) = (Number("hour"), Number("minute"), Number("second"));
        var (offsetHours, offsetMinutes) = (Number("oh"), Number("om"));
        if (hour > 23 || minute > 59 || second > 60 || offsetHours > 23 || offsetMinutes > 59)
        {
            return null;
        }

        var offset = new TimeSpan(offsetHours, offsetMinutes, 0) * (form.Groups["sign"].Value == "-" ? -1 : 1);
        var fraction = form.Groups["fraction"].Value;
        var microseconds = fraction.Length == 0
            ? 0 : int.Parse(fraction.PadRight(6, '0').AsSpan(0, 6), NumberStyles.None, CultureInfo.InvariantCulture);
        var ticks = day.Ticks + new TimeSpan(hour, minute, second).Ticks + (microseconds * TimeSpan.TicksPerMicrosecond) - offset.Ticks;
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
        {
            return null;
        }

        // A leap second is inserted before midnight of UTC, and there alone; clocks without leap seconds call it the next second.
        var instant = new DateTimeOffset(ticks, TimeSpan.Zero);
        return second < 60 || instant.TimeOfDay < TimeSpan.FromSeconds(1) ? instant : null;

        int Number(string name) =>
            form.Groups[name] is { Success: true } group ? int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>Formats a time: RFC 3339 in UTC with microseconds.</summary>
    public static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"\A(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt](?<hour>[0-9]{2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})(\.(?<fraction>[0-9]{1,100}))?"
        + @"([Zz]|(?<sign>[+-])(?<oh>[0-9]{2}):(?<om>[0-9]{2}))\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Form();

    /// <summary>The same parser and formatter for JSON.</summary>
    internal sealed class Converter : System.Text.Json.Serialization.JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType is JsonTokenType.String && Parse(reader.GetString()) is { } time ? time : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(Format(value));
    }
}
