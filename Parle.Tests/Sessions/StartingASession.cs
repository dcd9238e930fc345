using Parle.Domain.Sessions;
using static Parle.Tests.Decided;

namespace Parle.Tests.Sessions;

public class StartingASession
{
    private static readonly DateTimeOffset Now = new(2026, 8, 17, 10, 0, 0, TimeSpan.Zero);
    private static readonly Guid Agent = new("00000000-0000-7000-8000-000000000001");

    [Fact]
    public void gives_the_run_a_name_and_twelve_hours() =>
        When(new StartSession(Agent, "c7w2k5n4q3zx6m7a").Decide(Now)).Then(new SessionStarted(Agent, "c7w2k5n4q3zx6m7a", Now.AddHours(12)));
}
