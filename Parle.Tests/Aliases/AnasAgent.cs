using Parle.Domain;
using Parle.Domain.Aliases;

namespace Parle.Tests.Aliases;

/// An agent of Ana's with two runs, of which the first goes by the name of night-shift.
public sealed record AnasAgent(AgentAliases Aliases)
{
    public static readonly Guid First = new("00000000-0000-7000-8000-000000000001"), Second = new("00000000-0000-7000-8000-000000000002");
    public static readonly Guid BuildRoom = new("00000000-0000-7000-8000-000000000011"),
        OtherRoom = new("00000000-0000-7000-8000-000000000012");

    public static readonly AliasClaimed FirstClaimed = new("night-shift", 1, First);

    public static AnasAgent Given(params IReadOnlyList<object> facts) => new(facts.Aggregate(AgentAliases.None, AgentAliases.Apply));

    public Decided When(Func<AgentAliases, Decision> decide) => new(decide(Aliases));
}
