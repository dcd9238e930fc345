using Parle.Api.Database;
using Parle.Api.Writing;

namespace Parle.Api.Reading;

/// <summary>
/// Forgets what this node remembers of a database when another incarnation of it goes on in its place, as after a failover that lost what
/// was committed last.
/// </summary>
public sealed class OtherDatabase(
    Generation generation, RecentRows rows, Disclosures disclosures, RoomStates states, RoomWriters writers, ILogger<OtherDatabase> log)
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
        disclosures.Clear();
        rows.Clear();
    }
}
