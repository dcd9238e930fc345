using System.Text.RegularExpressions;
using CsCheck;
using Parle.Domain.Names;

namespace Parle.Tests.Names;

public class ASessionAlias
{
    [Theory]
    [InlineData("ab")]
    [InlineData("42")]
    [InlineData("night-shift")]
    [InlineData("abcdefghij-abcdefghij-0123456789")] // 32 characters
    [InlineData("abcdefghijklmno")] // 15 characters
    [InlineData("abcdefghijklmnopq")] // 17 characters
    [InlineData("abcdefghijklmno1")] // 16 characters, but no session handle has a 1
    [InlineData("abcdefgh-ijklmno")] // nor a hyphen
    public void can_be(string text) => Assert.Null(SessionAlias.Obstacle(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("abcdefghij-abcdefghij-0123456789x")]
    [InlineData("Night")]
    [InlineData("-ab")]
    [InlineData("ab-")]
    [InlineData("a--b")]
    [InlineData("a_b")]
    [InlineData("a.b")]
    [InlineData("a b")]
    [InlineData("ab\n")]
    [InlineData("ä0")]
    [InlineData("abcdefghijklmnop")]
    [InlineData("c7w2k5n4q3zx6m7a")]
    public void cannot_be(string? text) => Assert.Contains("32 characters", SessionAlias.Obstacle(text)!.Detail, StringComparison.Ordinal);

    [Fact]
    public void follows_the_contracts_grammar() =>
        Gen.OneOf("a", "z", "2", "7", "1", "-", "A", ".").Array[0, 36].Select(string.Concat).Sample(text =>
            Assert.Equal(
                Regex.IsMatch(text, @"\A[a-z0-9]+(-[a-z0-9]+)*\z") && text.Length is >= 2 and <= 32
                    && !Regex.IsMatch(text, @"\A[a-z2-7]{16}\z"),
                SessionAlias.FollowsGrammar(text)));

    [Fact]
    public void is_a_session_part_of_an_address() =>
        Assert.Equal("abcdefghij-abcdefghij-0123456789", Address.Parse("@ana.builder.abcdefghij-abcdefghij-0123456789")!.Session);
}
