using Parle.Domain;
using Parle.Domain.Sessions;

namespace Parle.Tests.Sessions;

/// A run of an agent, as facts alone make it.
public sealed record ARun(AgentSession? Session)
{
    public static readonly DateTimeOffset Now = new(2026, 8, 17, 10, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Later = Now.AddHours(12);

    public static readonly Guid Other = new("00000000-0000-7000-8000-000000000002");
    public static readonly SessionStarted Started = new(new("00000000-0000-7000-8000-000000000001"), "c7w2k5n4q3zx6m7a", Later);

    public static ARun Given(params IReadOnlyList<object> facts) => new(facts.Aggregate((AgentSession?)null, AgentSession.Apply));

    public Decided When(Func<AgentSession?, Decision> decide) => new(decide(Session));
}
