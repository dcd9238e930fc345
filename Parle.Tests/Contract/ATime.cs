using System.Reflection;
using System.Text.Json;
using CsCheck;
using Parle.Api;
using Parle.Api.Wire;

namespace Parle.Tests.Contract;

public class ATime
{
    [Theory]
    [InlineData("2026-08-17T10:00:00Z", "2026-08-17T10:00:00.000000Z"), InlineData("2026-08-17t10:00:00z", "2026-08-17T10:00:00.000000Z"),
        InlineData("2026-08-17T12:00:00+02:00", "2026-08-17T10:00:00.000000Z")]
    [InlineData("2026-08-16T10:01:00-23:59", "2026-08-17T10:00:00.000000Z"),
        InlineData("2026-08-17T10:00:00-00:00", "2026-08-17T10:00:00.000000Z"),
        InlineData("2026-08-18T09:59:00+23:59", "2026-08-17T10:00:00.000000Z")]
    [InlineData("2026-08-17T10:00:00.1Z", "2026-08-17T10:00:00.100000Z"),
        InlineData("2026-08-17T10:00:00.123456789012Z", "2026-08-17T10:00:00.123456Z"),
        InlineData("2026-08-17T10:00:00.9999999Z", "2026-08-17T10:00:00.999999Z")]
    [InlineData("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000000Z"),
        InlineData("2017-01-01T00:59:60+01:00", "2017-01-01T00:00:00.000000Z"),
        InlineData("2028-02-29T00:00:00Z", "2028-02-29T00:00:00.000000Z")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"),
        InlineData("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.999999Z")]
    public void is_one_instant_however_it_is_spelt(string text, string utc) =>
        Assert.Equal(utc, Rfc3339.Format(Rfc3339.Parse(text)!.Value));

    [Theory]
    [InlineData("2026-08-17T10:00:00"), InlineData("2026-08-17"), InlineData("2026-08-17T10:00Z"), InlineData("2026-08-17 10:00:00Z"),
        InlineData("2026-08-17T10:00:00+0200"), InlineData("2026-08-17T10:00:00+2"), InlineData("2026-08-17T10:00:00 +02:00")]
    [InlineData("2026-08-17T24:00:00Z"), InlineData("2026-08-17T10:60:00Z"), InlineData("2026-08-17T10:00:61Z"),
        InlineData("2026-08-17T10:00:60Z"), InlineData("2026-08-17T10:00:00+24:00"), InlineData("2026-08-17T10:00:00+02:60")]
    [InlineData("2026-02-29T10:00:00Z"), InlineData("2026-13-01T10:00:00Z"), InlineData("0000-01-01T00:00:00Z"),
        InlineData("10000-01-01T00:00:00Z"), InlineData("-2026-08-17T10:00:00Z"), InlineData("0001-01-01T00:00:00+00:01"),
        InlineData("9999-12-31T23:59:59-00:01")]
    [InlineData("2026-08-17T10:00:00.Z"), InlineData("2026-08-17T10:00:00,5Z"), InlineData("2026-08-17T10:00:00Z "),
        InlineData(" 2026-08-17T10:00:00Z"), InlineData("2026-08-17T10:00:00Z\n"), InlineData("2026-08-17T10:00:00Z\0"),
        InlineData("２026-08-17T10:00:00Z")]
    [InlineData(""), InlineData("infinity"), InlineData("now"), InlineData("1755424800"), InlineData("Mon, 17 Aug 2026 10:00:00 GMT"),
        InlineData("2026-W34-1T10:00:00Z"), InlineData("20260817T100000Z")]
    public void without_an_offset_or_out_of_the_calendar_is_none(string text) => Assert.Null(Rfc3339.Parse(text));

    [Fact]
    public void keeps_its_instant_in_every_zone_and_to_every_digit() => Gen.Select(
        Gen.Long[600_000_000_000_000_000, 650_000_000_000_000_000], Gen.Int[-1439, 1439], Gen.Int[0, 20]).Sample((ticks, offset, digits) =>
        {
            var instant = new DateTime(ticks);
            var fraction = $"{ticks % TimeSpan.TicksPerSecond:0000000}".PadRight(20, '7')[..digits];
            var text = $"{instant.AddMinutes(offset):yyyy-MM-dd'T'HH:mm:ss}{(digits == 0 ? "" : "." + fraction)}{(offset < 0 ? '-' : '+')}"
                + $"{Math.Abs(offset) / 60:00}:{Math.Abs(offset) % 60:00}";
            var seconds = instant.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond;
            var micro = digits == 0 ? 0 : long.Parse(fraction.PadRight(6, '0')[..6]) * TimeSpan.TicksPerMicrosecond;
            Assert.Equal(new DateTimeOffset(seconds + micro, TimeSpan.Zero), Rfc3339.Parse(text));
            Assert.Equal(TimeSpan.Zero, Rfc3339.Parse(text)!.Value.Offset);
        });

    [Fact]
    public void is_read_in_one_way_in_every_body()
    {
        var types = new HashSet<Type>();
        Actions.All.Select(action => action.Body).OfType<Type>().ToList().ForEach(Visit);
        var members = types.SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)).ToList();
        Assert.DoesNotContain(
            members, member => Nullable.GetUnderlyingType(member.PropertyType) is var inner && (inner ?? member.PropertyType) is var type
                && (type == typeof(DateTime) || type == typeof(DateOnly) || type == typeof(TimeOnly) || type == typeof(TimeSpan))
                && member.SetMethod is not null);
        Assert.Contains(members, member => member.PropertyType == typeof(DateTimeOffset?));
        foreach (var json in Actions.All.Select(action => action.BodyJson).Distinct())
        {
            Assert.Equal(new DateTimeOffset(2026, 8, 17, 10, 0, 0, TimeSpan.Zero),
                JsonSerializer.Deserialize<DateTimeOffset?>("\"2026-08-17T12:00:00+02:00\"", json));
            Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<DateTimeOffset?>("\"2026-08-17T12:00:00\"", json));
        }

        void Visit(Type type)
        {
            if (type.Namespace?.StartsWith("Parle.", StringComparison.Ordinal) == true && types.Add(type))
            {
                foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                    .Where(property => property.SetMethod is not null))
                {
                    foreach (var part in property.PropertyType.GetGenericArguments().Append(property.PropertyType))
                    {
                        Visit(part);
                    }
                }
            }
        }
    }
}
