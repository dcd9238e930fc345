using Parle.Domain;
using Parle.Domain.Sessions;

namespace Parle.Tests.Sessions;

public class EndingASession
{
    private static readonly SessionStarted Started = new(new("00000000-0000-7000-8000-000000000001"), "c7w2k5n4q3zx6m7a", new(2026, 8, 17, 22, 0, 0, TimeSpan.Zero));

    [Fact]
    public void ends_it() => Given(Started).Then(new SessionEnded());

    [Fact]
    public void again_is_refused() => Given(Started, new SessionEnded()).ThenRefused(Refusals.AgentSessionEnded);

    [Fact]
    public void that_never_started_is_refused() => Given().ThenRefused(Refusals.InvalidAgentSession);

    private static Decided Given(params object[] facts) => Decided.When(new EndSession().Decide(facts.Aggregate((AgentSession?)null, AgentSession.Apply)));
}
