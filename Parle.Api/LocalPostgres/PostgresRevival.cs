namespace Parle.Api.LocalPostgres;

/// <summary>Restarts the private PostgreSQL when it has died. Until it is back, the service refuses callers as unavailable.</summary>
/// <param name="postgres">The server to watch.</param>
/// <param name="log">The log that names each restart.</param>
public sealed class PostgresRevival(EmbeddedPostgres postgres, ILogger<PostgresRevival> log) : BackgroundService
{
    private static readonly TimeSpan interval = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await postgres.ReviveAsync(stoppingToken))
                {
                    log.LogWarning("The private PostgreSQL had died; it runs again");
                }

                await Task.Delay(interval, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
                when (failure is PostgresStartException or PostgresNotFoundException or IOException or UnauthorizedAccessException)
            {
                log.LogError(failure, "The private PostgreSQL died and does not start; trying again");
                await Task.Delay(interval, CancellationToken.None);
            }
        }
    }
}
