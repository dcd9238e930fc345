using Parle.Domain;
using Parle.Domain.Aliases;
using static Parle.Tests.Aliases.AnasAgent;

namespace Parle.Tests.Aliases;

public class ReleasingAnAlias
{
    private static readonly AliasReleased Released = new("night-shift", 1);

    [Fact]
    public void is_recorded() => Given(FirstClaimed).When(Release(1)).Then(Released);

    [Fact]
    public void of_another_generation_is_a_conflict()
    {
        Given(FirstClaimed, new AliasClaimed("night-shift", 2, Second)).When(Release(1))
            .ThenRefused(Refusals.AgentSessionAliasConflict, because: "meanwhile");
        Given(FirstClaimed).When(Release(2)).ThenRefused(Refusals.AgentSessionAliasConflict, because: "meanwhile");
    }

    [Fact]
    public void again_changes_nothing() => Given(FirstClaimed, Released).When(Release(1)).ThenNothing();

    [Fact]
    public void that_nobody_ever_claimed_is_refused() => Given().When(Release(0)).ThenRefused(Refusals.NotFound);

    [Fact]
    public void leaves_the_session_free_to_take_another_one() =>
        Given(FirstClaimed, Released).When(new ClaimAlias(First, "day-shift", 0).Decide).Then(new AliasClaimed("day-shift", 1, First));

    [Fact]
    public void lets_the_name_be_claimed_anew_from_its_generation_on()
    {
        Given(FirstClaimed, Released).When(new ClaimAlias(Second, "night-shift", 1).Decide)
            .Then(new AliasClaimed("night-shift", 2, Second));
        Given(FirstClaimed, Released).When(new ClaimAlias(Second, "night-shift", 0).Decide)
            .ThenRefused(Refusals.AgentSessionAliasConflict, because: "Look");
    }

    [Fact]
    public void forgets_its_settings()
    {
        var alias = Given(FirstClaimed, new AliasOfflineDeliveryDisabled("night-shift", null),
            new AliasOfflineDeliveryDisabled("night-shift", BuildRoom), Released, new AliasClaimed("night-shift", 2, Second))
            .Aliases["night-shift"];
        Assert.True(alias is { OfflineDelivery: true, ClosedRooms.IsEmpty: true, Released: false });
    }

    private static Func<AgentAliases, Decision> Release(long generation) => new ReleaseAlias("night-shift", generation).Decide;
}
