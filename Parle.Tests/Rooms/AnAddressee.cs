using Parle.Domain.Rooms;
using static Parle.Tests.Rooms.AnasRoom;

namespace Parle.Tests.Rooms;

public class AnAddressee
{
    [Theory, InlineData("@ben.helper.night-shift"), InlineData("@ben.helper.ab"), InlineData("@ben.helper.bbbbbbbbbbbbbbb1"),
        InlineData("@ben.helper")]
    public void is_looked_up(string address) => Assert.True(Addressee.IsLookedUp(address));

    [Theory, InlineData(BensAddress), InlineData("night-shift"), InlineData(""), InlineData("@ben.helper.Night"),
        InlineData("@ben.helper.a.b")]
    public void is_a_session_or_nothing(string address) => Assert.False(Addressee.IsLookedUp(address));
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

    [Fact]
    public void is_the_work_of_any_session_of_an_agent() =>
        Assert.Equal(Target.AnySession, new Target("@ben.helper", null, BensSeat).Scope);
}
