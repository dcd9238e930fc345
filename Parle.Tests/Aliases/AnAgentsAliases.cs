using Parle.Domain.Aliases;
using Parle.Domain.Sessions;
using static Parle.Tests.Aliases.AnasAgent;

namespace Parle.Tests.Aliases;

public class AnAgentsAliases
{
    [Fact]
    public void begin_with_none()
    {
        var alias = Given().Aliases["night-shift"];
        Assert.Equal((0, null, true), (alias.Generation, alias.SessionID, alias.OfflineDelivery));
        Assert.True(alias.OpenIn(BuildRoom));
        Assert.False(Given().Aliases.IsHeldBy(First));
    }

    [Fact]
    public void know_who_claimed_last()
    {
        var aliases = Given(FirstClaimed, new AliasClaimed("night-shift", 2, Second)).Aliases;
        Assert.Equal((2, Second), (aliases["night-shift"].Generation, aliases["night-shift"].SessionID));
        Assert.True(aliases.IsHeldBy(Second));
        Assert.False(aliases.IsHeldBy(First));
    }

    [Fact]
    public void keep_their_settings_when_they_are_taken_over()
    {
        var alias = Given(
            FirstClaimed, new AliasOfflineDeliveryDisabled("night-shift", null), new AliasOfflineDeliveryDisabled("night-shift", BuildRoom),
            new AliasClaimed("night-shift", 2, Second)).Aliases["night-shift"];
        Assert.False(alias.OfflineDelivery);
        Assert.Equal((false, true), (alias.OpenIn(BuildRoom), alias.OpenIn(OtherRoom)));
    }

    [Fact]
    public void have_settings_of_their_own()
    {
        var aliases = Given(
            FirstClaimed, new AliasClaimed("day-shift", 1, Second), new AliasOfflineDeliveryDisabled("day-shift", null)).Aliases;
        Assert.Equal((true, false), (aliases["night-shift"].OfflineDelivery, aliases["day-shift"].OfflineDelivery));
    }

    [Fact]
    public void change_with_no_other_fact() => Assert.Same(AgentAliases.None, AgentAliases.Apply(AgentAliases.None, new SessionEnded()));
}
