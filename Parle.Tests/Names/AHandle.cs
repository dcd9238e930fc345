using System.Text.RegularExpressions;
using CsCheck;
using Parle.Domain;
using Parle.Domain.Names;

namespace Parle.Tests.Names;

public class AHandle
{
    [Theory]
    [InlineData("ab")]
    [InlineData("42")]
    [InlineData("a-1")]
    [InlineData("adminx")]
    [InlineData("abcdefghij0123456789")]
    public void can_be(string text) => Assert.Null(Handle.Obstacle(text));

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("abcdefghij01234567890")]
    [InlineData("Ab")]
    [InlineData("-ab")]
    [InlineData("ab-")]
    [InlineData("a--b")]
    [InlineData("a_b")]
    [InlineData("a.b")]
    [InlineData("ab\n")]
    [InlineData("ä0")]
    public void cannot_be(string text) => Assert.Contains("20 characters", Handle.Obstacle(text)!.Detail, StringComparison.Ordinal);

    [Theory]
    [InlineData("admin")]
    [InlineData("agent")]
    [InlineData("agents")]
    [InlineData("api")]
    [InlineData("me")]
    [InlineData("null")]
    [InlineData("parle")]
    [InlineData("room")]
    [InlineData("rooms")]
    [InlineData("root")]
    [InlineData("support")]
    [InlineData("system")]
    [InlineData("www")]
    public void cannot_be_a_reserved_word(string text) =>
        Assert.Equal(Refusals.ValidationFailed.Because("This handle is a reserved word."), Handle.Obstacle(text));

    [Fact]
    public void follows_the_contracts_grammar() =>
        Gen.OneOf("a", "z", "0", "9", "-", "-", "A", ".").Array[0, 24].Select(string.Concat).Sample(text =>
            Assert.Equal(
                Regex.IsMatch(text, @"\A[a-z0-9]+(-[a-z0-9]+)*\z") && text.Length is >= 2 and <= 20, Handle.Obstacle(text) is null));
}
