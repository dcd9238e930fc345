using JasperFx.Events.Daemon.HighWater;
using Marten;
using Marten.Services;
using Parle.Api.Wakeups;

namespace Parle.Api.Hosting;

/// <summary>
/// Wakes the projections that follow the record when there are new facts: after commits of this node, and on notifications of other nodes.
/// A fact without a notification is found at the next poll.
/// </summary>
/// <remarks>None of this is in the transaction of the facts: NOTIFY there would make commits wait for each other.</remarks>
public sealed class ViewWake : DocumentSessionListenerBase, IDaemonWakeup, IConfigureMarten
{
    private static readonly TimeSpan lookEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan gather = TimeSpan.FromMilliseconds(250); // Facts that come together are kept together.

    private readonly SemaphoreSlim woken = new(0, 1);

    /// <summary>Wakes the waiting projection, or the next one that waits.</summary>
    public void Wake()
    {
        try
        {
            if (woken.CurrentCount == 0)
            {
                woken.Release();
            }
        }
        catch (Exception already) when (already is SemaphoreFullException or ObjectDisposedException)
        {
            // Somebody else woke it, or it is over.
        }
    }

    /// <inheritdoc/>
    public void Configure(IServiceProvider services, StoreOptions options)
    {
        options.Listeners.Add(this);
        options.Projections.Wakeup = this;
        options.Projections.SlowPollingTime = lookEvery;
        options.Projections.FastPollingTime = gather;
        services.GetRequiredService<Notifier>().Notified += Wake;
    }

    /// <inheritdoc/>
    public override Task AfterCommitAsync(IDocumentSession session, IChangeSet commit, CancellationToken token)
    {
        if (commit.GetStreams().Any())
        {
            Wake();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task WaitAsync(TimeSpan timeout, CancellationToken token)
    {
        if (timeout > gather)
        {
            await woken.WaitAsync(timeout - gather, token);
        }

        await Task.Delay(gather, token);
    }

    /// <inheritdoc/>
    public void Dispose() => woken.Dispose();
}
