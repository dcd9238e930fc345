using Parle.Api.Platform;

namespace Parle.Api.Hosting;

/// <summary>
/// Returns memory to the system once the service is idle: after its start, and after load. Until then the collector keeps memory that it
/// may need again.
/// </summary>
public sealed class IdleMemory(TimeProvider time) : BackgroundService
{
    /// <summary>The time of almost no activity after which the service is idle.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    private const long AtRest = 1 << 19; // Bytes allocated in that time: its own upkeep stays below, a dozen requests a second do not.
    private const long Worthwhile = 16 << 20; // Bytes allocated since the last time.

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Rest, time);
        var (last, given) = (0L, 0L);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var allocated = GC.GetTotalAllocatedBytes();
            if (allocated - last < AtRest && allocated - given > Worthwhile)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive); // Compacts, and hands free pages to the system.
                Posix.TrimMemory();
                given = allocated;
            }

            last = allocated;
        }
    }
}
