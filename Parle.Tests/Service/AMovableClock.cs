using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Parle.Tests.Service;

/// A service whose time passes only when a test says so.
public sealed class AMovableClock(TestCluster cluster) : IAsyncLifetime
{
    public ParleService Service { get; private set; } = null!;

    /// No two moments are the same, as in life.
    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.UtcNow) { AutoAdvanceAmount = TimeSpan.FromTicks(10) };

    public async ValueTask InitializeAsync() => Service = await ParleService.Start(await cluster.NewDatabase(), services => services.AddSingleton<TimeProvider>(Clock));

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}
