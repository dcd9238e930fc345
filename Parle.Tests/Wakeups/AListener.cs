using Parle.Api.Wakeups;

namespace Parle.Tests.Wakeups;

public class AListener
{
    private static readonly Guid me = Guid.NewGuid();
    private readonly Notifier notifier = new();

    [Fact]
    public async Task hears_what_is_said_between_listening_and_waiting()
    {
        using var listener = notifier.Listen(me);
        notifier.Announce(Work());
        Assert.True(await Wait(listener));
        Assert.Single(listener.Take().Signals);
    }

    [Fact]
    public async Task is_woken_while_it_waits()
    {
        using var listener = notifier.Listen(me);
        var waiting = Wait(listener);
        Assert.False(waiting.IsCompleted);
        notifier.Announce(Work());
        Assert.True(await waiting);
    }

    [Fact]
    public async Task hears_what_is_said_between_waiting_and_taking()
    {
        using var listener = notifier.Listen(me);
        var (first, second) = (Work(), Work());
        notifier.Announce(first);
        await Wait(listener);
        notifier.Announce(second);
        Assert.Equal([first, second], listener.Take().Signals);
    }

    [Fact]
    public async Task hears_what_is_said_after_taking()
    {
        using var listener = notifier.Listen(me);
        notifier.Announce(Work());
        await Wait(listener);
        listener.Take();

        var late = Work();
        notifier.Announce(late);
        Assert.True(await Wait(listener));
        Assert.Equal([late], listener.Take().Signals);
    }

    [Fact]
    public async Task stops_waiting_when_the_time_is_over()
    {
        using var listener = notifier.Listen(me);
        Assert.False(await listener.Wait(TimeSpan.Zero, TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.False(await listener.Wait(TimeSpan.FromSeconds(-1), TimeProvider.System, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task stops_waiting_when_it_is_told_so_also_when_there_always_is_a_hint()
    {
        using var listener = notifier.Listen(me);
        notifier.Announce(Work());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => listener.Wait(TimeSpan.FromMinutes(1), TimeProvider.System, new(canceled: true)));
    }

    [Fact]
    public void hears_one_thing_once()
    {
        using var listener = notifier.Listen(me);
        var work = Work();
        notifier.Announce(work, work);
        notifier.Announce(work);
        Assert.Equal([work], listener.Take().Signals);
        Assert.Empty(listener.Take().Signals);
    }

    [Fact]
    public void hears_nothing_that_is_for_others()
    {
        using var listener = notifier.Listen(me);
        notifier.Announce(new Signal(SignalKind.Work, Guid.NewGuid(), Guid.NewGuid()));
        Assert.Empty(listener.Take().Signals);
    }

    [Fact]
    public void remembers_only_so_much_and_says_that_there_was_more()
    {
        using var listener = notifier.Listen(me);
        for (var i = 0; i < 100_000; i++)
        {
            notifier.Announce(Work());
        }

        var heard = listener.Take();
        Assert.InRange(heard.Signals.Count, 1, 64);
        Assert.True(heard.Incomplete);
        Assert.True(heard.Any(SignalKind.Standing));
        Assert.False(listener.Take().Incomplete);
    }

    [Fact]
    public void misses_nothing_when_it_remembers_as_much_as_it_can()
    {
        using var listener = notifier.Listen(me);
        var all = Enumerable.Range(0, 64).Select(_ => Work()).ToList();
        notifier.Announce(all);
        notifier.Announce(all);
        var heard = listener.Take();
        Assert.Equal(all, heard.Signals);
        Assert.False(heard.Incomplete);
    }

    [Fact]
    public void goes_on_hearing_after_something_may_have_been_missed()
    {
        using var listener = notifier.Listen(me);
        notifier.WakeAll();
        var work = Work();
        notifier.Announce(work);
        var heard = listener.Take();
        Assert.True(heard.Incomplete);
        Assert.Equal([work], heard.Signals);
    }

    [Fact]
    public void says_whether_a_key_is_new_to_it()
    {
        using var listener = notifier.Listen(me);
        var alias = Guid.NewGuid();
        Assert.True(listener.Subscribe([me, alias]));
        Assert.False(listener.Subscribe([me, alias]));

        var work = new Signal(SignalKind.Work, alias, Guid.NewGuid());
        notifier.Announce(work);
        Assert.Equal([work], listener.Take().Signals);
    }

    [Fact]
    public async Task loses_no_hint_of_those_who_speak_while_it_takes()
    {
        using var listener = notifier.Listen(me);
        var said = Enumerable.Range(0, 20_000).Select(_ => Work()).ToList();
        var speaking = Task.Run(() => said.ForEach(work => notifier.Announce(work)), TestContext.Current.CancellationToken);

        var (heard, missed) = (new HashSet<Signal>(), false);
        while (!heard.Contains(said[^1]) && !missed)
        {
            Assert.True(await Wait(listener));
            var taken = listener.Take();
            heard.UnionWith(taken.Signals);
            missed = taken.Incomplete; // Then it knows that it has to look at everything.
        }

        await speaking;
        Assert.True(missed || heard.SetEquals(said));
    }

    private static Signal Work() => new(SignalKind.Work, me, Guid.NewGuid());

    private static Task<bool> Wait(Listener listener) =>
        listener.Wait(TimeSpan.FromMinutes(1), TimeProvider.System, TestContext.Current.CancellationToken);
}
