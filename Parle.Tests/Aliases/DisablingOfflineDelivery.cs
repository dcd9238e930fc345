using Parle.Domain;
using Parle.Domain.Aliases;
using static Parle.Tests.Aliases.AnasAgent;

namespace Parle.Tests.Aliases;

public class DisablingOfflineDelivery
{
    private static readonly DisableOfflineDelivery Everywhere = new("night-shift", null), InBuild = new("night-shift", BuildRoom);

    [Fact]
    public void everywhere_is_recorded() =>
        Given(FirstClaimed).When(Everywhere.Decide).Then(new AliasOfflineDeliveryDisabled("night-shift", null));

    [Fact]
    public void in_one_room_is_recorded() =>
        Given(FirstClaimed).When(InBuild.Decide).Then(new AliasOfflineDeliveryDisabled("night-shift", BuildRoom));

    [Fact]
    public void again_changes_nothing()
    {
        Given(FirstClaimed, new AliasOfflineDeliveryDisabled("night-shift", null)).When(Everywhere.Decide).ThenNothing();
        Given(FirstClaimed, new AliasOfflineDeliveryDisabled("night-shift", BuildRoom)).When(InBuild.Decide).ThenNothing();
    }

    [Fact]
    public void everywhere_and_in_one_room_are_two_things()
    {
        Given(FirstClaimed, new AliasOfflineDeliveryDisabled("night-shift", null)).When(InBuild.Decide)
            .Then(new AliasOfflineDeliveryDisabled("night-shift", BuildRoom));
        Given(FirstClaimed, new AliasOfflineDeliveryDisabled("night-shift", BuildRoom)).When(Everywhere.Decide)
            .Then(new AliasOfflineDeliveryDisabled("night-shift", null));
        Given(FirstClaimed, new AliasOfflineDeliveryDisabled("night-shift", OtherRoom)).When(InBuild.Decide)
            .Then(new AliasOfflineDeliveryDisabled("night-shift", BuildRoom));
    }

    [Fact]
    public void of_a_name_that_nobody_ever_claimed_is_refused()
    {
        Given().When(Everywhere.Decide).ThenRefused(Refusals.NotFound);
        Given(FirstClaimed).When((InBuild with { Alias = "day-shift" }).Decide).ThenRefused(Refusals.NotFound);
    }
}
