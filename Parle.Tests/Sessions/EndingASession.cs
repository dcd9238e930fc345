using Parle.Domain;
using Parle.Domain.Sessions;
using static Parle.Tests.Sessions.ARun;

namespace Parle.Tests.Sessions;

public class EndingASession
{
    private static readonly EndSession Ending = new();

    [Fact]
    public void ends_it() => Given(Started).When(Ending.Decide).Then(new SessionEnded());

    [Fact]
    public void that_nobody_asked_for_says_why() =>
        Given(Started).When(new EndSession(SessionEnded.TooMany).Decide).Then(new SessionEnded("live_session_cap"));

    [Fact]
    public void again_is_refused() => Given(Started, new SessionEnded()).When(Ending.Decide).ThenRefused(Refusals.AgentSessionEnded);

    [Fact]
    public void that_was_superseded_is_refused() =>
        Given(Started, new SessionSuperseded(Other)).When(Ending.Decide).ThenRefused(Refusals.AgentSessionSuperseded);

    [Fact]
    public void that_never_started_is_refused() => Given().When(Ending.Decide).ThenRefused(Refusals.InvalidAgentSession);

    [Fact]
    public void is_for_the_token_that_started_it_and_those_above_it()
    {
        Given(Started).When(new EndSession { By = Narrow(Token) }.Decide).Then(new SessionEnded());
        Given(Started).When(new EndSession { By = Narrow(Root) }.Decide).Then(new SessionEnded());
    }

    [Fact]
    public void is_not_for_a_token_below_or_beside() =>
        Assert.All((Guid[])[Child, Other],
            token => Given(Started).When(new EndSession { By = Narrow(token) }.Decide).ThenRefused(SessionReach.NotYours));

    [Fact]
    public void is_for_any_whole_token_of_the_agent() =>
        Given(Started).When(new EndSession { By = Whole(Other) }.Decide).Then(new SessionEnded());

    [Fact]
    public void of_before_tokens_were_remembered_is_for_whole_tokens_alone()
    {
        Assert.All((Guid[])[Root, Token, Child],
            token => Given(StartedLongAgo).When(new EndSession { By = Narrow(token) }.Decide).ThenRefused(SessionReach.NotYours));
        Given(StartedLongAgo).When(new EndSession { By = Whole(Other) }.Decide).Then(new SessionEnded());
    }
}
