using CsCheck;
using Parle.Domain;
using Parle.Domain.Contents;

namespace Parle.Tests.Contents;

/// Texts as people see them who decide by them.
public class AVisibleText
{
    [Theory]
    [InlineData("Deploy \u202egnigats\u202c", @"Deploy \u{202E}gnigats\u{202C}")]
    [InlineData("re\u200blease", @"re\u{200B}lease")]
    [InlineData("p\u0430ypal", @"p\u{0430}ypal")]
    [InlineData("run \u0441\u0440 now", @"run \u{0441}\u{0440} now")]
    [InlineData("\uff21dmin", @"\u{FF21}dmin")]
    [InlineData("tag\U000E0041", @"tag\u{E0041}")]
    [InlineData("a\0b\u001b[31m", @"a\u{0000}b\u{001B}[31m")]
    [InlineData("next\u0085line\u2028sep", @"next\u{0085}line\u{2028}sep")]
    [InlineData("filler\u3164", @"filler\u{3164}")]
    [InlineData("\u2066isolated\u2069", @"\u{2066}isolated\u{2069}")]
    [InlineData("interlinear\ufff9", @"interlinear\u{FFF9}")]
    public void spells_out_what_deceives(string text, string shown) => Assert.Equal(shown, Visible.Of(text));

    [Theory]
    [InlineData("Plain words,\twith a tab\nand a line.")]
    [InlineData("naïve Straße")]
    [InlineData("Привет, мир")]
    [InlineData("שלום עולם")]
    [InlineData("日本語とカタカナ")]
    [InlineData("🙂")]
    public void is_the_text_itself_otherwise(string text) => Assert.Equal(text, Visible.Of(text));

    [Fact]
    public void has_nothing_left_to_warn_of() =>
        Gen.String.Sample(text => Assert.Equal(SafetyFacts.Of(""), SafetyFacts.Of(Visible.Of(text))));
}

/// One rule for all that is one line.
public class ALine
{
    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("a\0b")]
    [InlineData("a\tb")]
    [InlineData("a\u0085b")]
    [InlineData("a\u2028b")]
    [InlineData("a\u2029b")]
    [InlineData("a\u007fb")]
    public void has_no_breaks_and_no_controls(string text) =>
        Assert.Contains("one line", Line.Obstacle("title", text, 10)!.Detail, StringComparison.Ordinal);

    [Theory]
    [InlineData("🙂🙂🙂", 3, true)]
    [InlineData("🙂🙂🙂🙂", 3, false)]
    [InlineData("e\u0301e\u0301e\u0301", 3, true)]
    [InlineData("🇩🇪🇫🇷🇳🇱", 3, true)]
    [InlineData("abcd", 3, false)]
    [InlineData("", 3, false)]
    [InlineData(null, 3, false)]
    public void is_as_long_as_a_person_counts(string? text, int most, bool fits) =>
        Assert.Equal(fits, Line.Obstacle("title", text, most) is null);

    [Fact]
    public void is_not_one_character_that_never_ends() => Assert.NotNull(Line.Obstacle("title", "e" + new string('\u0301', 1000), 200));

    [Theory]
    [InlineData("Ana\u202eLima")]
    [InlineData("Ana\u200bLima")]
    public void that_is_a_name_looks_like_what_it_is(string text)
    {
        Assert.Null(Line.Obstacle("display_name", text, 100));
        Assert.NotNull(Line.NameObstacle("display_name", text, 100));
    }

    [Theory]
    [InlineData("text/plain", true)]
    [InlineData("application/vnd.api+json", true)]
    [InlineData("text/plain; charset=utf-8", true)]
    [InlineData("text/plain;charset=\"utf-8\";x=y", true)]
    [InlineData("text", false)]
    [InlineData("text/", false)]
    [InlineData("/plain", false)]
    [InlineData("text/plain\r\nX-Evil: 1", false)]
    [InlineData("text/plain; charset=\"\r\n\"", false)]
    [InlineData("text/plain\n", false)]
    [InlineData("text/pl\u0430in", false)]
    [InlineData("text/plain; charset", false)]
    public void that_is_a_media_type_follows_its_grammar(string text, bool follows) =>
        Assert.Equal(follows, MediaType.Obstacle(text) is null);
}
