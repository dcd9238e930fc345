using Microsoft.Extensions.DependencyInjection;
using Parle.Api.Wakeups;
using Parle.Tests.Crash;
using Parle.Tests.Service;

namespace Parle.Tests.Laws;

/// A second node beside the service that all tests share, on the same database.
public sealed class TwoNodes(TestCluster cluster) : IAsyncLifetime
{
    public ParleService A { get; private set; } = null!;

    public ParleService B { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        A = await cluster.Service;
        B = await ParleService.Start(A.ConnectionString);
    }

    /// The same agent with the same session, at the other node.
    public TestAgent AtB(TestAgent agent) => agent.At(B.Client());

    /// Waits until hints travel both ways; before that a node wakes everybody, once.
    public async Task HearEachOther()
    {
        foreach (var (from, to) in ((ParleService, ParleService)[])[(A, B), (B, A)])
        {
            var word = new Signal(SignalKind.Row, Guid.NewGuid());
            using var listener = Notifier(to).Listen(word.Key);
            await Until.Holds(() =>
            {
                Notifier(from).Announce(word);
                return Task.FromResult(listener.Take().Signals.Contains(word));
            });
        }
    }

    /// Waits until the nodes know that an agent hung up: until then a stream goes on, and records what it is about to show.
    public Task Forget(TestAgent agent) =>
        Until.Holds(() => Task.FromResult(!Notifier(A).HasListener(agent.SessionID) && !Notifier(B).HasListener(agent.SessionID)));

    public ValueTask DisposeAsync() => B.DisposeAsync();

    private static Notifier Notifier(ParleService node) => node.Host.Services.GetRequiredService<Notifier>();
}
