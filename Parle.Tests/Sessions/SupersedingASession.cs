using Parle.Domain.Sessions;
using static Parle.Tests.Sessions.ARun;

namespace Parle.Tests.Sessions;

public class SupersedingASession
{
    private static readonly SupersedeSession Superseding = new(Other, Whole(Other));

    [Fact]
    public void is_recorded_with_its_successor() =>
        Given(Started).When(run => Superseding.Decide(run, Now)).Then(new SessionSuperseded(Other));

    [Fact]
    public void again_changes_nothing() =>
        Given(Started, new SessionSuperseded(Other)).When(run => Superseding.Decide(run, Now)).ThenNothing();

    [Fact]
    public void that_was_ended_changes_nothing() =>
        Given(Started, new SessionEnded()).When(run => Superseding.Decide(run, Now)).ThenNothing();

    [Fact]
    public void whose_life_is_over_changes_nothing() => Given(Started).When(run => Superseding.Decide(run, Later)).ThenNothing();

    [Fact]
    public void that_never_started_changes_nothing() => Given().When(run => Superseding.Decide(run, Now)).ThenNothing();

    [Fact]
    public void is_not_for_a_token_below_or_beside() =>
        Assert.All((Guid[])[Child, Other], token => Given(Started).When(run => new SupersedeSession(Other, Narrow(token)).Decide(run, Now))
            .ThenRefused(SessionReach.NotYours));

    [Fact]
    public void is_for_the_token_that_started_it_and_those_above_it() =>
        Assert.All((Guid[])[Root, Token], token => Given(Started).When(run => new SupersedeSession(Other, Narrow(token)).Decide(run, Now))
            .Then(new SessionSuperseded(Other)));

    [Fact]
    public void that_is_over_is_nobodys_loss() =>
        Given(Started).When(run => new SupersedeSession(Other, Narrow(Child)).Decide(run, Later)).ThenNothing();

    [Fact]
    public void of_before_tokens_were_remembered_is_for_whole_tokens_alone()
    {
        Given(StartedLongAgo).When(run => new SupersedeSession(Other, Narrow(Root)).Decide(run, Now)).ThenRefused(SessionReach.NotYours);
        Given(StartedLongAgo).When(run => new SupersedeSession(Other, Whole(Root)).Decide(run, Now)).Then(new SessionSuperseded(Other));
    }
}
