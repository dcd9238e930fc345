using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Parle.Tests.Crash;

namespace Parle.Tests.Service;

/// A service whose time passes only when a test says so.
public sealed class AMovableClock(TestCluster cluster) : IAsyncLifetime
{
    private readonly CountingClock clock = new();

    public ParleService Service { get; private set; } = null!;

    public FakeTimeProvider Clock => clock;

    /// The number of waits for a time to come.
    public int Waits => clock.Waits;

    /// Lets time pass once somebody waits for it who did not when there were so many waits: a wait that begins later sees none of it.
    public async Task<int> Pass(TimeSpan time, int waits)
    {
        await Until.Holds(() => Task.FromResult(Waits > waits));
        var begun = Waits;
        clock.Advance(time);
        return begun;
    }

    public async ValueTask InitializeAsync() =>
        Service = await ParleService.Start(await cluster.NewDatabase(), services => services.AddSingleton<TimeProvider>(clock));

    public ValueTask DisposeAsync() => Service.DisposeAsync();

    private sealed class CountingClock : FakeTimeProvider
    {
        private int waits;

        /// No two moments are the same, as in life.
        public CountingClock()
            : base(DateTimeOffset.UtcNow) => AutoAdvanceAmount = TimeSpan.FromTicks(10);

        public int Waits => Volatile.Read(ref waits);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Interlocked.Increment(ref waits);
            return timer;
        }
    }
}
