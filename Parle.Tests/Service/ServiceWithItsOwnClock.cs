using Microsoft.Extensions.DependencyInjection;

namespace Parle.Tests.Service;

/// A service for tests in which much time goes by.
public sealed class ServiceWithItsOwnClock(TestCluster cluster) : IAsyncLifetime
{
    private readonly MovableClock clock = new();

    public ParleService Service { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Service = await ParleService.Start(await cluster.NewDatabase(), parts => parts.AddSingleton<TimeProvider>(clock));

    /// So much time is over at once.
    public void Pass(TimeSpan time) => clock.Pass(time);

    public ValueTask DisposeAsync() => Service.DisposeAsync();

    private sealed class MovableClock : TimeProvider
    {
        private long ahead;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref ahead));

        public void Pass(TimeSpan time) => Interlocked.Add(ref ahead, time.Ticks);
    }
}
