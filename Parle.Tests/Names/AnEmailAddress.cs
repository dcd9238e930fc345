using Parle.Domain.Names;

namespace Parle.Tests.Names;

public class AnEmailAddress
{
    [Theory]
    [InlineData("ana@example.org")]
    [InlineData("ana.lima+parle@mail.example.org")]
    [InlineData("o'hara_{x}@a-b.example")]
    [InlineData("root@localhost")]
    public void is_read(string text) => Assert.Equal(text, EmailAddress.Parse(text)?.Text);

    [Fact]
    public void is_the_same_however_it_is_typed() =>
        Assert.Equal(EmailAddress.Parse("ana@example.org"), EmailAddress.Parse("  Ana@EXAMPLE.org\n"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ana")]
    [InlineData("@example.org")]
    [InlineData("ana@")]
    [InlineData("ana@example.org,ben@example.org")]
    [InlineData("ana@example.org>\r\nBcc: ben@example.org")]
    [InlineData("ana lima@example.org")]
    [InlineData("ana@@example.org")]
    [InlineData(".ana@example.org")]
    [InlineData("ana..lima@example.org")]
    [InlineData("ana@-example.org")]
    [InlineData("ana@example..org")]
    [InlineData("ana@exämple.org")]
    [InlineData("\"ana\"@example.org")]
    public void is_nothing_else(string? text) => Assert.Null(EmailAddress.Parse(text));

    [Theory]
    [InlineData(64, 63, true)]
    [InlineData(65, 63, false)]
    [InlineData(64, 64, false)]
    public void has_bounds(int local, int label, bool fits) =>
        Assert.Equal(fits, EmailAddress.Parse($"{new string('a', local)}@{new string('b', label)}.org") is not null);

    [Theory]
    [InlineData(254, true)]
    [InlineData(255, false)]
    public void has_254_characters_at_most(int length, bool fits)
    {
        var text = $"a@{string.Join('.', Enumerable.Repeat(new string('b', 60), 4))}.";
        Assert.Equal(fits, EmailAddress.Parse(text + new string('c', length - text.Length)) is not null);
    }

    [Fact]
    public void prints_nothing() => Assert.DoesNotContain("ana", $"{EmailAddress.Parse("ana@example.org")}", StringComparison.Ordinal);
}
