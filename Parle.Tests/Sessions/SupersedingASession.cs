using Parle.Domain.Sessions;
using static Parle.Tests.Sessions.ARun;

namespace Parle.Tests.Sessions;

public class SupersedingASession
{
    private static readonly SupersedeSession Superseding = new(Other);

    [Fact]
    public void is_recorded_with_its_successor() => Given(Started).When(run => Superseding.Decide(run, Now)).Then(new SessionSuperseded(Other));

    [Fact]
    public void again_changes_nothing() => Given(Started, new SessionSuperseded(Other)).When(run => Superseding.Decide(run, Now)).ThenNothing();

    [Fact]
    public void that_was_ended_changes_nothing() => Given(Started, new SessionEnded()).When(run => Superseding.Decide(run, Now)).ThenNothing();

    [Fact]
    public void whose_life_is_over_changes_nothing() => Given(Started).When(run => Superseding.Decide(run, Later)).ThenNothing();

    [Fact]
    public void that_never_started_changes_nothing() => Given().When(run => Superseding.Decide(run, Now)).ThenNothing();
}
