using Parle.Domain;
using Parle.Domain.Agents;

namespace Parle.Tests.Agents;

public class DeletingAnAgent
{
    private static readonly Guid Ana = Guid.CreateVersion7(), Ben = Guid.CreateVersion7();
    private static readonly AgentRegistered Registered = new(Ana, "builder", "Builder");

    [Fact]
    public void is_recorded() => Given(Registered).When(Ana).Then(new AgentDeleted());

    [Fact]
    public void of_somebody_else_is_as_if_there_were_none() => Given(Registered).When(Ben).ThenRefused(Refusals.NoSuchThing);

    [Fact]
    public void twice_is_as_if_there_were_none() => Given(Registered, new AgentDeleted()).When(Ana).ThenRefused(Refusals.NoSuchThing);

    [Fact]
    public void that_there_is_not_is_refused() => Given().When(Ana).ThenRefused(Refusals.NoSuchThing);

    private static GivenAgent Given(params object[] facts) => new(facts.Aggregate((Agent?)null, Agent.Apply));

    private sealed record GivenAgent(Agent? Agent)
    {
        public Decided When(Guid principal) => Decided.When(new DeleteAgent(principal).Decide(Agent));
    }
}
