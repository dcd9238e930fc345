using System.Text.Json;
using Parle.Domain;
using Parle.Domain.Sessions;
using Parle.Projections;

namespace Parle.Tests.Sessions;

/// A run of an agent, as facts alone make it.
public sealed record ARun(AgentSession? Session)
{
    public static readonly DateTimeOffset Now = new(2026, 8, 17, 10, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Later = Now.AddHours(12);

    public static readonly Guid Other = new("00000000-0000-7000-8000-000000000002");
    public static readonly Guid Root = new("00000000-0000-7000-8000-00000000000a");
    public static readonly Guid Token = new("00000000-0000-7000-8000-00000000000b");
    public static readonly Guid Child = new("00000000-0000-7000-8000-00000000000c");
    public static readonly SessionStarted Started =
        new(new("00000000-0000-7000-8000-000000000001"), "c7w2k5n4q3zx6m7a", Later) { TokenID = Token, TokenPath = [Root] };

    /// As such a fact was stored before it named its token.
    public static readonly SessionStarted StartedLongAgo = JsonSerializer.Deserialize<SessionStarted>(
        """{"agent_id":"00000000-0000-7000-8000-000000000001","handle":"c7w2k5n4q3zx6m7a","expires_at":"2026-08-17T22:00:00+00:00"}""",
        StoredJson.Options)!;

    /// A token narrowed in something.
    public static SessionReach Narrow(Guid token) => new(token, IsWhole: false);

    public static SessionReach Whole(Guid token) => new(token, IsWhole: true);

    public static ARun Given(params IReadOnlyList<object> facts) => new(facts.Aggregate((AgentSession?)null, AgentSession.Apply));

    public Decided When(Func<AgentSession?, Decision> decide) => new(decide(Session));
}
