namespace Parle.Api.Database;

/// <summary>
/// Locks among the requests of this node. A request that waits here holds no connection, so a busy agent takes none from the others.
/// </summary>
public sealed class LocalLocks
{
    private readonly Dictionary<Guid, Gate> gates = []; // Only locks that are held or waited for.

    /// <summary>Waits for the lock of one agent or principal; disposing of the result releases it. Nobody else waits with it.</summary>
    public async Task<IDisposable> Take(Guid id, CancellationToken cancellation)
    {
        var held = new Held(this, id, Enter(id));
        try
        {
            await held.Wait(cancellation);
            return held;
        }
        catch
        {
            Leave(id);
            throw;
        }
    }

    private Gate Enter(Guid id)
    {
        lock (gates)
        {
            if (!gates.TryGetValue(id, out var gate))
            {
                gates.Add(id, gate = new());
            }

            gate.Users++;
            return gate;
        }
    }

    private void Leave(Guid id)
    {
        lock (gates)
        {
            if (--gates[id].Users == 0)
            {
                gates.Remove(id);
            }
        }
    }

    private sealed class Gate
    {
        public SemaphoreSlim Free { get; } = new(1);

        public int Users { get; set; }
    }

    private sealed class Held(LocalLocks locks, Guid id, Gate gate) : IDisposable
    {
        private bool isOver;

        public Task Wait(CancellationToken cancellation) => gate.Free.WaitAsync(cancellation);

        public void Dispose()
        {
            if (!isOver)
            {
                isOver = true;
                gate.Free.Release();
                locks.Leave(id);
            }
        }
    }
}
