namespace Parle.Api.Aliases;

/// <summary>The turns of this node's own requests. Those who wait here hold no connection, so that one busy agent takes none from the others.</summary>
public sealed class AgentTurns
{
    private readonly Dictionary<Guid, Gate> gates = []; // Those that somebody has, or waits for.

    /// <summary>Waits for the agent's turn; it is over when what is returned is disposed. No other agent waits with it.</summary>
    public async Task<IDisposable> Take(Guid agentID, CancellationToken cancellation)
    {
        var turn = new Turn(this, agentID, Enter(agentID));
        try
        {
            await turn.Wait(cancellation);
            return turn;
        }
        catch
        {
            Leave(agentID);
            throw;
        }
    }

    private Gate Enter(Guid agentID)
    {
        lock (gates)
        {
            if (!gates.TryGetValue(agentID, out var gate))
            {
                gates.Add(agentID, gate = new());
            }

            gate.Users++;
            return gate;
        }
    }

    private void Leave(Guid agentID)
    {
        lock (gates)
        {
            if (--gates[agentID].Users == 0)
            {
                gates.Remove(agentID);
            }
        }
    }

    private sealed class Gate
    {
        public SemaphoreSlim Free { get; } = new(1);

        public int Users { get; set; }
    }

    private sealed class Turn(AgentTurns turns, Guid agentID, Gate gate) : IDisposable
    {
        private bool isOver;

        public Task Wait(CancellationToken cancellation) => gate.Free.WaitAsync(cancellation);

        public void Dispose()
        {
            if (!isOver)
            {
                isOver = true;
                gate.Free.Release();
                turns.Leave(agentID);
            }
        }
    }
}
