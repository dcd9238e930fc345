using Parle.Domain.Names;

namespace Parle.Tests.Names;

public class AnAddress
{
    [Theory]
    [InlineData("@ana.builder", "ana", "builder", null)]
    [InlineData("@ana.builder.c7w2k5n4q3zx6m7a", "ana", "builder", "c7w2k5n4q3zx6m7a")]
    [InlineData("@a-1.b-2.an-alias-of-up-to-32-characters", "a-1", "b-2", "an-alias-of-up-to-32-characters")]
    public void names_principal_agent_and_session(string text, string principal, string agent, string? session) =>
        Assert.Equal(new Address(principal, agent, session), Address.Parse(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("@ana")]
    [InlineData("ana.builder")]
    [InlineData("@@ana.builder")]
    [InlineData("@ana.builder.")]
    [InlineData("@ana..builder")]
    [InlineData("@ana.builder.x")]
    [InlineData("@ana.builder.session.more")]
    [InlineData("@Ana.builder")]
    [InlineData("@ana.builder ")]
    [InlineData("@ana.builder\n")]
    [InlineData("@abcdefghij01234567890.builder")]
    [InlineData("@ana.builder.abcdefghijabcdefghijabcdefghij012")]
    public void cannot_be(string? text) => Assert.Null(Address.Parse(text));

    [Fact]
    public void longer_than_253_characters_is_none() => Assert.Null(Address.Parse("@" + new string('a', 253)));

    [Theory]
    [InlineData("@ana.builder")]
    [InlineData("@ana.builder.c7w2k5n4q3zx6m7a")]
    public void is_spelt_as_it_was_read(string text) => Assert.Equal(text, Address.Parse(text)!.ToString());

    [Fact]
    public void of_a_session_holds_its_agents() =>
        Assert.Equal("@ana.builder", Address.Parse("@ana.builder.c7w2k5n4q3zx6m7a")!.OfAgent.ToString());
}
