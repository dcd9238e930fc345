using Parle.Domain;
using Parle.Domain.Aliases;
using static Parle.Tests.Aliases.AnasAgent;

namespace Parle.Tests.Aliases;

public class SettingOfflineDelivery
{
    private static readonly AliasOfflineDeliveryDisabled Off = new("night-shift", null), OffInBuild = new("night-shift", BuildRoom);

    [Fact]
    public void on_again_is_recorded()
    {
        Given(FirstClaimed, Off).When(Set(null, true)).Then(new AliasOfflineDeliveryEnabled("night-shift", null));
        Given(FirstClaimed, OffInBuild).When(Set(BuildRoom, true)).Then(new AliasOfflineDeliveryEnabled("night-shift", BuildRoom));
    }

    [Fact]
    public void off_is_recorded_as_by_an_agent()
    {
        Given(FirstClaimed).When(Set(null, false)).Then(Off);
        Given(FirstClaimed).When(Set(BuildRoom, false)).Then(OffInBuild);
    }

    [Fact]
    public void to_what_it_is_changes_nothing()
    {
        Given(FirstClaimed).When(Set(null, true)).ThenNothing();
        Given(FirstClaimed, Off).When(Set(BuildRoom, true)).ThenNothing();
        Given(FirstClaimed, OffInBuild).When(Set(null, true)).ThenNothing();
        Given(FirstClaimed, Off).When(Set(null, false)).ThenNothing();
        Given(FirstClaimed, Off, new AliasOfflineDeliveryEnabled("night-shift", null)).When(Set(null, true)).ThenNothing();
    }

    [Fact]
    public void everywhere_at_once_is_recorded()
    {
        var restored = new AliasOfflineDeliveryRestored("night-shift");
        Given(FirstClaimed, Off).When(new RestoreOfflineDelivery("night-shift").Decide).Then(restored);
        Given(FirstClaimed, OffInBuild).When(new RestoreOfflineDelivery("night-shift").Decide).Then(restored);
        Given(FirstClaimed).When(new RestoreOfflineDelivery("night-shift").Decide).ThenNothing();
        Given(FirstClaimed, Off, OffInBuild, restored).When(new RestoreOfflineDelivery("night-shift").Decide).ThenNothing();
    }

    [Fact]
    public void of_a_name_that_nobody_has_is_refused()
    {
        Given().When(Set(null, true)).ThenRefused(Refusals.NotFound);
        Given().When(new RestoreOfflineDelivery("night-shift").Decide).ThenRefused(Refusals.NotFound);
        Given(FirstClaimed, new AliasReleased("night-shift", 1)).When(Set(null, false)).ThenRefused(Refusals.NotFound);
    }

    private static Func<AgentAliases, Decision> Set(Guid? room, bool on) => new SetOfflineDelivery("night-shift", room, on).Decide;
}
