using Parle.Domain.Sessions;
using static Parle.Tests.Decided;

namespace Parle.Tests.Sessions;

public class StartingASession
{
    private const string Handle = "c7w2k5n4q3zx6m7a";

    private static readonly DateTimeOffset Now = new(2026, 8, 17, 10, 0, 0, TimeSpan.Zero);
    private static readonly Guid Agent = new("00000000-0000-7000-8000-000000000001");
    private static readonly Guid Root = new("00000000-0000-7000-8000-00000000000a");
    private static readonly Guid Token = new("00000000-0000-7000-8000-00000000000b");

    [Fact]
    public void gives_the_run_a_name_and_twelve_hours_and_remembers_its_tokens() =>
        When(new StartSession(Agent, Handle, Token, [Root], null).Decide(Now)).Then(Started(Now.AddHours(12)));

    [Fact]
    public void gives_it_no_more_time_than_its_token_has() =>
        When(new StartSession(Agent, Handle, Token, [Root], Now.AddHours(1)).Decide(Now)).Then(Started(Now.AddHours(1)));

    [Fact]
    public void gives_it_twelve_hours_of_a_token_that_has_more() =>
        When(new StartSession(Agent, Handle, Token, [Root], Now.AddDays(1)).Decide(Now)).Then(Started(Now.AddHours(12)));

    private static SessionStarted Started(DateTimeOffset expiresAt) =>
        new(Agent, Handle, expiresAt) { TokenID = Token, TokenPath = [Root] };
}
