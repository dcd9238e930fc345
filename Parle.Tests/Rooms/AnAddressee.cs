using Parle.Domain.Rooms;
using static Parle.Tests.Rooms.AnasRoom;

namespace Parle.Tests.Rooms;

public class AnAddressee
{
    [Theory, InlineData("@ben.helper.night-shift"), InlineData("@ben.helper.ab"), InlineData("@ben.helper.bbbbbbbbbbbbbbb1")]
    public void can_be_an_alias(string address) => Assert.True(Addressee.IsAlias(address));

    [Theory, InlineData(BensAddress), InlineData("@ben.helper"), InlineData("night-shift"), InlineData(""), InlineData("@ben.helper.Night"),
        InlineData("@ben.helper.a.b")]
    public void is_no_alias(string address) => Assert.False(Addressee.IsAlias(address));
}

public class ATarget
{
    [Fact]
    public void is_the_work_of_the_participant_it_reached() =>
        Assert.Equal(BenHere.ToString(), new Target(BensAddress, BenHere, BensSeat, BensSession).Scope);

    [Fact]
    public void is_the_work_of_the_alias_whoever_has_it()
    {
        Assert.Equal("night-shift", new Target("@ben.helper.night-shift", BenHere, BensSeat, BensSession, "night-shift").Scope);
        Assert.Equal("night-shift", new Target("@ben.helper.night-shift", null, BensSeat, null, "night-shift").Scope);
    }
}
