using Parle.Api.Database;
using Parle.Api.Writing;

namespace Parle.Api.Reading;

/// <summary>
/// Clears this node's caches of the database when another incarnation takes its place, e.g. after a failover that lost the last commits.
/// </summary>
public sealed class OtherDatabase(
    Generation generation, RecentRows rows, ReadLedger ledger, RoomStates states, RoomWriters writers, ILogger<OtherDatabase> log)
    : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        generation.Changed += Forget;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        generation.Changed -= Forget;
        return Task.CompletedTask;
    }

    private void Forget()
    {
        log.LogWarning("The database is another one than before: {Generation} since {BegunAt}. What this node remembered is looked up anew",
            generation.Name, generation.BegunAt);
        writers.Forget();
        states.Clear();
        ledger.Clear();
        rows.Clear();
    }
}
