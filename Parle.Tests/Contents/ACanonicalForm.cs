using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using CsCheck;
using Parle.Domain.Contents;
using Parle.Tests.Record;

namespace Parle.Tests.Contents;

/// The vectors are those of RFC 8785.
public class ACanonicalForm
{
    // Appendix B: the bits of a double, and its text.
    [Theory]
    [InlineData("0000000000000000", "0")]
    [InlineData("8000000000000000", "0")]
    [InlineData("0000000000000001", "5e-324")]
    [InlineData("8000000000000001", "-5e-324")]
    [InlineData("7fefffffffffffff", "1.7976931348623157e+308")]
    [InlineData("ffefffffffffffff", "-1.7976931348623157e+308")]
    [InlineData("4340000000000000", "9007199254740992")]
    [InlineData("c340000000000000", "-9007199254740992")]
    [InlineData("4430000000000000", "295147905179352830000")]
    [InlineData("44b52d02c7e14af5", "9.999999999999997e+22")]
    [InlineData("44b52d02c7e14af6", "1e+23")]
    [InlineData("44b52d02c7e14af7", "1.0000000000000001e+23")]
    [InlineData("444b1ae4d6e2ef4e", "999999999999999700000")]
    [InlineData("444b1ae4d6e2ef4f", "999999999999999900000")]
    [InlineData("444b1ae4d6e2ef50", "1e+21")]
    [InlineData("3eb0c6f7a0b5ed8c", "9.999999999999997e-7")]
    [InlineData("3eb0c6f7a0b5ed8d", "0.000001")]
    [InlineData("41b3de4355555553", "333333333.3333332")]
    [InlineData("41b3de4355555554", "333333333.33333325")]
    [InlineData("41b3de4355555555", "333333333.3333333")]
    [InlineData("41b3de4355555556", "333333333.3333334")]
    [InlineData("41b3de4355555557", "333333333.33333343")]
    [InlineData("becbf647612f3696", "-0.0000033333333333333333")]
    [InlineData("43143ff3c1cb0959", "1424953923781206.2")]
    public void spells_numbers_as_ecmascript_does(string bits, string text) =>
        Assert.Equal(text, CanonicalJson.EcmaScript(
            BitConverter.UInt64BitsToDouble(ulong.Parse(bits, NumberStyles.HexNumber, CultureInfo.InvariantCulture))));

    // Two decimals of 17 digits are as short as each other: the closer one, and of two the even one.
    [Theory]
    [InlineData("3e60000000000000", "2.9802322387695312e-8")]
    [InlineData("be60000000000000", "-2.9802322387695312e-8")]
    public void takes_the_closest_of_the_shortest(string bits, string text) => spells_numbers_as_ecmascript_does(bits, text);

    /// Every power of two, what lies beside it, the smallest there are, and many others.
    [Fact]
    public async Task spells_numbers_as_a_program_in_javascript_does()
    {
        Verifiers.NeedNode();
        var random = new Random(8785);
        var numbers = Enumerable.Range(1, 2046)
            .SelectMany(exponent => new[] { -1L, 0, 1 }.Select(beside => ((long)exponent << 52) + beside))
            .Concat(Enumerable.Range(0, 52).Select(bit => 1L << bit))
            .Concat(Enumerable.Range(1, 3000).Select(i => (long)i))
            .Concat(Enumerable.Range(0, 20_000).Select(i => BitConverter.DoubleToInt64Bits(i / 1000.0)))
            .Concat(Enumerable.Range(0, 20_000).Select(i => BitConverter.DoubleToInt64Bits((i * 1e15) + 0.5)))
            .Concat(Enumerable.Range(0, 200_000).Select(_ => random.NextInt64()))
            .Select(BitConverter.Int64BitsToDouble).Where(double.IsFinite).Append(4.1045368012983762e-289).ToList();
        using var node = Process.Start(
            new ProcessStartInfo("node", ["--eval", "const all = require('fs').readFileSync(0); for (let i = 0, out = []; i <= all.length; "
                + "i += 8) { if (i === all.length) process.stdout.write(out.join('\\n')); else out.push(String(all.readDoubleLE(i))) }"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
        var said = node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.StandardInput.BaseStream.WriteAsync(
            MemoryMarshal.AsBytes<double>(numbers.ToArray()).ToArray(), TestContext.Current.CancellationToken);
        node.StandardInput.Close();
        var expected = (await said).Split('\n');

        Assert.Equal(numbers.Count, expected.Length);
        Assert.Empty(numbers.Select((number, i) => (Ours: CanonicalJson.EcmaScript(number), Theirs: expected[i]))
            .Where(pair => pair.Ours != pair.Theirs).Take(5));
    }

    // §3.2.2.
    [Fact]
    public void spells_literals_strings_and_numbers_in_one_way() => Assert.Equal(
        """{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}""",
        Canonical("""
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """));

    // §3.2.3.
    [Fact]
    public void orders_members_by_utf16_code_units() => Assert.Equal(
        ["Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign", "Emoji: Grinning Face",
            "Hebrew Letter Dalet With Dagesh"],
        JsonElement.Parse(Canonical("""
            {
              "\u20ac": "Euro Sign",
              "\r": "Carriage Return",
              "\ufb33": "Hebrew Letter Dalet With Dagesh",
              "1": "One",
              "\ud83d\ude00": "Emoji: Grinning Face",
              "\u0080": "Control",
              "\u00f6": "Latin Small Letter O With Diaeresis"
            }
            """)).EnumerateObject().Select(member => member.Value.GetString()));

    [Fact]
    public void escapes_control_characters_in_their_shortest_form_and_nothing_else() => Assert.Equal(
        "\"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\u007f\u0080\u2028\\\"\\\\/<>&'+😀\"",
        Canonical("\"\\u0000\\u0008\\u0009\\u000a\\u000b\\u000c\\u000d\\u001f\\u007f\\u0080\\u2028\\u0022\\u005c\\/<>&'+\\ud83d\\ude00\""));

    [Theory]
    [InlineData("9007199254740993")] // would become ...992
    [InlineData("-9007199254740993")]
    [InlineData("123456789012345678901")]
    [InlineData("1e400")]
    [InlineData("-1e400")]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\\ude00\\ud83d\"")]
    [InlineData("{\"\\ud800\":1}")]
    public void is_refused_to_what_is_not_interoperable(string json) => Assert.Throws<FormatException>(() => Canonical(json));

    [Theory]
    [InlineData("9007199254740991", "9007199254740991")]
    [InlineData("-9007199254740992", "-9007199254740992")]
    [InlineData("1e20", "100000000000000000000")]
    [InlineData("100000000000000000000", "100000000000000000000")]
    [InlineData("-0", "0")]
    [InlineData("-0.0", "0")]
    [InlineData("1e-400", "0")]
    public void is_given_to_numbers_that_a_double_holds(string json, string canonical) => Assert.Equal(canonical, Canonical(json));

    [Fact]
    public void of_a_canonical_form_is_itself() =>
        Values.Sample(value =>
        {
            var once = Canonical(Write(value, loosely: false));
            Assert.Equal(once, Canonical(once));
        });

    [Fact]
    public void is_the_same_in_any_order_and_with_any_white_space() =>
        Values.Sample(value => Assert.Equal(Canonical(Write(value, loosely: false)), Canonical(Write(value, loosely: true))));

    [Fact]
    public void is_the_plain_one() =>
        Values.Sample(value => Assert.Equal(
            PlainCanonicalForm.Of(JsonElement.Parse(Write(value, loosely: true))), Canonical(Write(value, loosely: false))));

    [Fact]
    public void of_many_members_is_the_plain_one() => Gen.Dictionary(
        Gen.OneOf(Text, Gen.String[Gen.Char.AlphaNumeric, 1, 3]), Gen.Int)[0, 60].Sample(members =>
        {
            var json = JsonSerializer.SerializeToElement(members);
            Assert.Equal(PlainCanonicalForm.Of(json), CanonicalJson.Of(json));
        });

    [Fact]
    public void means_what_was_written() =>
        Values.Sample(value => Assert.True(
            JsonElement.DeepEquals(JsonElement.Parse(Write(value, false)), JsonElement.Parse(Canonical(Write(value, false))))));

    [Fact]
    public void of_any_double_is_read_back_as_the_same_double() =>
        Gen.Double.Where(double.IsFinite)
            .Sample(number => Assert.Equal(number, double.Parse(CanonicalJson.EcmaScript(number), CultureInfo.InvariantCulture)));

    /// Null, booleans, doubles, text, lists and objects, some levels deep.
    private static readonly Gen<object?> Values = Gen.Recursive<object?>((depth, inner) => depth > 3
        ? Leaf
        : Gen.Frequency(
            (3, Leaf),
            (1, inner.Array[0, 4].Select(items => (object?)items)),
            (2, Gen.Dictionary(Text, inner)[0, 4].Select(members => (object?)members))));

    // Unicode: no lone surrogates.
    private static Gen<string> Text => Gen.String.Select(text => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)));

    private static Gen<object?> Leaf => Gen.Frequency(
        (1, Gen.Const((object?)null)),
        (1, Gen.Bool.Select(truth => (object?)truth)),
        (3, Gen.OneOf(Gen.Double.Where(double.IsFinite), Gen.Int.Select(whole => whole * 1e12),
            Gen.Int[-9, 9].Select(small => (double)small)).Select(number => (object?)number)),
        (3, Text.Select(text => (object?)text)));

    private static string Canonical(string json) => CanonicalJson.Of(JsonElement.Parse(json));

    /// The same value, plainly, or with members turned around, white space everywhere and letters escaped.
    private static string Write(object? value, bool loosely)
    {
        var space = loosely ? " \n\t" : "";
        return space + value switch
        {
            null => "null",
            bool truth => truth ? "true" : "false",
            double number => number.ToString(loosely ? "E16" : "R", CultureInfo.InvariantCulture),
            string text => loosely ? "\"" + string.Concat(text.Select(c => $"\\u{(int)c:X4}")) + "\"" : JsonSerializer.Serialize(text),
            object?[] items => $"[{string.Join(',', items.Select(item => Write(item, loosely)))}]",
            Dictionary<string, object?> members => "{" + string.Join(',', (loosely ? members.Reverse() : members)
                .Select(member => $"{Write(member.Key, loosely)}{space}:{Write(member.Value, loosely)}")) + "}",
            _ => throw new ArgumentException($"No JSON value is a {value.GetType().Name}."),
        } + space;
    }
}
