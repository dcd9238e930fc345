using System.Collections.Concurrent;
using Npgsql;

namespace Parle.Api.Callers;

/// <summary>
/// The last signs of life of sessions, or of tokens. Signs are remembered at once and written together, every few seconds: a sign is no
/// fact, and nobody waits for it.
/// </summary>
/// <param name="every">The time between two writes.</param>
/// <param name="log">Hears of an outage of the database.</param>
public abstract class Activity(TimeSpan every, ILogger log) : BackgroundService
{
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> seen = new();

    /// <summary>
    /// Signs that may not be written yet. Read them before the database: in the other order a sign that is written in between would be
    /// missed.
    /// </summary>
    public IReadOnlyDictionary<Guid, DateTimeOffset> Noted => new Dictionary<Guid, DateTimeOffset>(seen);

    /// <summary>Notes a sign of life.</summary>
    /// <param name="id">The session or the token.</param>
    /// <param name="at">The time.</param>
    public void Saw(Guid id, DateTimeOffset at) => seen[id] = at;

    /// <summary>Writes the signs that are due.</summary>
    /// <param name="cancellation">Gives up.</param>
    public abstract Task Write(CancellationToken cancellation);

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryWrite(WriteLast, cancellationToken);
    }

    /// <summary>The last write, when the service stops.</summary>
    /// <param name="cancellation">Gives up.</param>
    protected virtual Task WriteLast(CancellationToken cancellation) => Write(cancellation);

    /// <summary>The last sign of one; null when it was written, or there was none.</summary>
    /// <param name="id">The session or the token.</param>
    protected DateTimeOffset? Last(Guid id) => seen.TryGetValue(id, out var at) ? at : null;

    /// <summary>Forgets a sign that is written, unless a later one came meanwhile.</summary>
    /// <param name="id">The session or the token.</param>
    /// <param name="written">The sign.</param>
    protected void Forget(Guid id, DateTimeOffset written) => seen.TryRemove(KeyValuePair.Create(id, written));

    /// <summary>Writes, if the database can be reached. Otherwise the signs stay noted for the next round.</summary>
    /// <param name="write">The write.</param>
    /// <param name="cancellation">Gives up.</param>
    protected async Task TryWrite(Func<CancellationToken, Task> write, CancellationToken cancellation)
    {
        try
        {
            await write(cancellation);
        }
        catch (Exception outage)
            when (outage is NpgsqlException or TimeoutException or OperationCanceledException or ObjectDisposedException)
        {
            log.LogInformation("{Signs} signs of life wait for the database", seen.Count);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(every);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryWrite(Write, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The service stops, and writes once more.
        }
    }
}
