using Parle.Domain.Sessions;
using static Parle.Tests.Sessions.ARun;

namespace Parle.Tests.Sessions;

public class ALiveSession
{
    [Fact]
    public void is_one_that_has_started() => Assert.True(Given(Started).Session!.IsLive(Later.AddTicks(-1)));

    [Fact]
    public void is_none_whose_time_is_over() => Assert.False(Given(Started).Session!.IsLive(Later));

    [Fact]
    public void is_none_that_was_ended() => Assert.False(Given(Started, new SessionEnded()).Session!.IsLive(Now));

    [Fact]
    public void is_none_that_was_superseded() => Assert.False(Given(Started, new SessionSuperseded(Other)).Session!.IsLive(Now));
}
