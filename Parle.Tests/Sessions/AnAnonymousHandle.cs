using CsCheck;
using Parle.Domain.Names;
using Parle.Domain.Sessions;

namespace Parle.Tests.Sessions;

public class AnAnonymousHandle
{
    [Fact]
    public void has_its_shape_whatever_was_drawn() =>
        Gen.Byte.Array[16, 40].Sample(random => Assert.True(AnonymousHandle.HasShape(AnonymousHandle.From(random))));

    [Fact]
    public void is_a_session_part_of_an_address() =>
        Gen.Byte.Array[16].Sample(random => Assert.NotNull(Address.Parse($"@ana.builder.{AnonymousHandle.From(random)}")));

    [Fact]
    public void spells_five_bits_a_letter() =>
        Assert.Equal("abyz2677aaaaaaaa", AnonymousHandle.From([0, 1, 24, 25, 26, 30, 31, 255, 32, 64, 96, 128, 160, 192, 224, 0]));

    [Fact]
    public void is_not_made_of_less_than_eighty_bits() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => AnonymousHandle.From(new byte[15]));

    [Theory]
    [InlineData("c7w2k5n4q3zx6m7")]
    [InlineData("c7w2k5n4q3zx6m7aa")]
    [InlineData("c7w2k5n4q3zx6m71")]
    [InlineData("c7w2k5n4q3zx6m78")]
    [InlineData("C7w2k5n4q3zx6m7a")]
    [InlineData("c7w2k5n4-3zx6m7a")]
    public void cannot_be(string text) => Assert.False(AnonymousHandle.HasShape(text));
}
