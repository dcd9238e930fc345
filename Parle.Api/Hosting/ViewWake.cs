using JasperFx.Events.Daemon.HighWater;
using Marten;
using Marten.Services;
using Parle.Api.Wakeups;

namespace Parle.Api.Hosting;

/// <summary>
/// Lets those views sleep that follow the facts, and wakes them when there are facts: of this node, by its own commits; of
/// others, by what they announce anyway. A fact that nobody announces is found at the next look.
/// </summary>
/// <remarks>Nothing of this is in the transaction of the facts: a NOTIFY there would let one commit wait for the other.</remarks>
public sealed class ViewWake : DocumentSessionListenerBase, IDaemonWakeup, IConfigureMarten
{
    private static readonly TimeSpan lookEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan gather = TimeSpan.FromMilliseconds(250); // Facts that come together are kept together.

    private readonly SemaphoreSlim woken = new(0, 1);

    /// <summary>Wakes whoever waits, or whoever waits next.</summary>
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
        services.GetRequiredService<Notifier>().Told += Wake;
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
