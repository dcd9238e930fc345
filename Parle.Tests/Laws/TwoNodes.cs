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

    public ValueTask DisposeAsync() => B.DisposeAsync();
}
