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
    public void that_nobody_asked_for_says_why() => Given(Started).When(new EndSession(SessionEnded.TooMany).Decide).Then(new SessionEnded("live_session_cap"));

    [Fact]
    public void again_is_refused() => Given(Started, new SessionEnded()).When(Ending.Decide).ThenRefused(Refusals.AgentSessionEnded);

    [Fact]
    public void that_was_superseded_is_refused() => Given(Started, new SessionSuperseded(Other)).When(Ending.Decide).ThenRefused(Refusals.AgentSessionSuperseded);

    [Fact]
    public void that_never_started_is_refused() => Given().When(Ending.Decide).ThenRefused(Refusals.InvalidAgentSession);
}
