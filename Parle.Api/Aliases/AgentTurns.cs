namespace Parle.Api.Aliases;

/// <summary>The turns of this node's own requests. Those who wait here hold no connection, so that one busy agent takes none from the others.</summary>
public sealed class AgentTurns
{
    private const int Queues = 64;

    private readonly SemaphoreSlim[] queues = [.. Enumerable.Range(0, Queues).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Waits for the agent's turn; it is over when what is returned is disposed. Agents may share a queue, which only costs time.</summary>
    public async Task<IDisposable> Take(Guid agentID, CancellationToken cancellation)
    {
        var queue = queues[(uint)agentID.GetHashCode() % Queues];
        await queue.WaitAsync(cancellation);
        return new Turn(queue);
    }

    private sealed class Turn(SemaphoreSlim queue) : IDisposable
    {
        public void Dispose() => queue.Release();
    }
}
