using CsCheck;
using Parle.Domain.Contents;

namespace Parle.Tests.Contents;

public class SafetyFactsOfAText
{
    [Theory]
    [InlineData("")]
    [InlineData("Plain words,\twith a tab,\r\nand \"marks\" ~ {}.")]
    [InlineData("naïve Straße ﬁn")]
    [InlineData("nai\u0308ve")]
    [InlineData("Привет, мир")]
    [InlineData("Καλημέρα")]
    [InlineData("日本語とカタカナ and Latin beside them")]
    [InlineData("שלום עולם")]
    [InlineData("🙂")]
    [InlineData("Latin и кириллица in words of their own")]
    public void are_none_for(string text) => Assert.Equal(new(false, false, false, false), SafetyFacts.Of(text));

    [Theory]
    [InlineData("zero\u200bwidth")]
    [InlineData("\ufeffmark")]
    [InlineData("soft\u00adhyphen")]
    [InlineData("joined\u200dtogether")]
    [InlineData("filler\u3164")]
    [InlineData("variation\ufe0f")]
    [InlineData("tag\U000E0041")]
    public void tell_what_is_not_seen(string text) => Assert.Equal(new(HasInvisible: true, false, false, false), SafetyFacts.Of(text));

    [Theory]
    [InlineData("p\u0430ypal")] // Cyrillic а
    [InlineData("\u03bfpen")] // Greek ο
    [InlineData("p\u0301\u0430y")] // a combining mark does not end the word
    [InlineData("\uff21dmin")] // fullwidth A
    [InlineData("\U0001D41Aa")] // mathematical a
    [InlineData("\u0531ve")] // Armenian
    [InlineData("\u13AApple")] // Cherokee
    [InlineData("run \u0441\u0440 now")] // a word of Cyrillic letters that all pass for Latin
    [InlineData("\u0391\u0392")] // Greek capitals
    public void tell_what_looks_like_something_else(string text) =>
        Assert.Equal(new(false, HasConfusable: true, false, false), SafetyFacts.Of(text));

    [Theory]
    [InlineData("\u202egnp.exe")]
    [InlineData("\u2066isolated\u2069")]
    [InlineData("mark\u200f")]
    [InlineData("arabic\u061c")]
    public void tell_what_turns_the_order_of_letters(string text) =>
        Assert.Equal(new(false, false, HasBidi: true, false), SafetyFacts.Of(text));

    [Theory]
    [InlineData("\0")]
    [InlineData("\u0008")]
    [InlineData("\u000b")]
    [InlineData("\u000c")]
    [InlineData("\u001b[31mred")]
    [InlineData("\u007f")]
    [InlineData("\u0085")]
    [InlineData("\u009b31mred")]
    public void tell_what_controls(string text) => Assert.Equal(new(false, false, false, HasControl: true), SafetyFacts.Of(text));

    [Fact]
    public void hold_wherever_they_stand() =>
        Gen.Select(Gen.String, Gen.String).Sample((before, after) => Assert.True(SafetyFacts.Of(before + " \u202e " + after).HasBidi));

    [Fact]
    public void are_the_same_for_ascii_on_the_short_way_and_the_long_one() =>
        Gen.String[Gen.Char['\0', '\u007f'], 0, 20].Sample(ascii => Assert.Equal(SafetyFacts.Of(ascii + " é"), SafetyFacts.Of(ascii)));
}
