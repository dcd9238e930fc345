using Parle.Api.Wakeups;
using Parle.Domain.Aliases;

namespace Parle.Tests.Wakeups;

public class ANotifier
{
    private readonly Notifier notifier = new();
    private readonly Signal work = new(SignalKind.Work, Guid.NewGuid(), Guid.NewGuid());

    [Fact]
    public void tells_all_who_listen_until_they_stop()
    {
        using var first = notifier.Listen(work.Key);
        using var second = notifier.Listen(Guid.NewGuid(), work.Key);
        notifier.Announce(work);
        Assert.Equal((1, 1), (first.Take().Signals.Count, second.Take().Signals.Count));

        first.Dispose();
        notifier.Announce(work);
        Assert.Equal((0, 1), (first.Take().Signals.Count, second.Take().Signals.Count));
    }

    [Fact]
    public void forgets_keys_that_nobody_listens_for()
    {
        var alias = Guid.NewGuid();
        var listener = notifier.Listen(work.Key);
        listener.Subscribe([alias]);
        Assert.True(notifier.HasListener(work.Key) && notifier.HasListener(alias));

        listener.Dispose();
        Assert.False(notifier.HasListener(work.Key) || notifier.HasListener(alias));
    }

    [Fact]
    public void keeps_those_apart_who_come_and_go_at_the_same_moment()
    {
        using var staying = notifier.Listen(work.Key);
        Parallel.For(0, 10_000, _ => notifier.Listen(work.Key).Dispose());
        notifier.Announce(work);
        Assert.Equal([work], staying.Take().Signals);
        staying.Dispose();
        Assert.False(notifier.HasListener(work.Key));
    }

    [Fact]
    public void tells_other_nodes_what_is_announced_and_not_what_they_told()
    {
        var announced = new List<Signal>();
        notifier.Announced += announced.AddRange;

        notifier.Tell([new Signal(SignalKind.Row, Guid.NewGuid())]);
        notifier.Announce([]);
        notifier.Announce(work);

        Assert.Equal([work], announced);
    }

    [Fact]
    public void can_wake_everybody()
    {
        using var listener = notifier.Listen(work.Key);
        notifier.WakeAll();
        Assert.True(listener.Take().Incomplete);
    }
}

public class ASignal
{
    [Theory]
    [InlineData(SignalKind.Row, false)]
    [InlineData(SignalKind.Work, true)]
    [InlineData(SignalKind.Standing, false)]
    [InlineData(SignalKind.Stream, true)]
    public void arrives_as_it_was_sent(SignalKind kind, bool isAboutSomething)
    {
        var signal = new Signal(kind, Guid.NewGuid(), isAboutSomething ? Guid.NewGuid() : default);
        Assert.Equal(signal, Signal.Parse(signal.ToString()));
    }

    [Fact]
    public void leaves_room_for_110_of_them_in_one_notification() =>
        Assert.InRange(33 + (110 * (1 + new Signal(SignalKind.Work, Guid.NewGuid(), Guid.NewGuid()).ToString().Length)), 1, 7999);

    [Fact]
    public void of_an_alias_is_for_one_agent_only()
    {
        var (agent, other) = (Guid.NewGuid(), Guid.NewGuid());
        Assert.Equal(AliasKey.Of(agent, "night-shift"), AliasKey.Of(agent, "night-shift"));
        Assert.NotEqual(AliasKey.Of(agent, "night-shift"), AliasKey.Of(other, "night-shift"));
        Assert.NotEqual(AliasKey.Of(agent, "night-shift"), AliasKey.Of(agent, "day-shift"));
    }
}
