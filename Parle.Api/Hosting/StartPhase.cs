using Parle.Api.Registry;
using Parle.Projections.Record;

namespace Parle.Api.Hosting;

/// <summary>The service's phase between start and end, for its log.</summary>
public sealed class StartPhase
{
    private volatile bool over;
    private volatile bool cutOff;

    /// <summary>Whether the service has started.</summary>
    public bool IsOver => over;

    /// <summary>
    /// Whether the log already says that the database is unavailable. The libraries would repeat it every second, with stack traces.
    /// </summary>
    public bool IsCutOff
    {
        get => cutOff;
        set => cutOff = value;
    }

    /// <summary>Leaves log entries out that only repeat, at greater length, an entry of one line.</summary>
    public void AddLogFilters(ILoggingBuilder logging, IConfiguration configuration)
    {
        var least = Enum.TryParse<LogLevel>(configuration["Logging:LogLevel:Default"], ignoreCase: true, out var configured)
            ? configured : LogLevel.Information;
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host",
            level => level >= least && level >= LogLevel.Information && (over || level < LogLevel.Error));
        foreach (var library in (string[])["Wolverine", "JasperFx", "Marten", "Weasel"])
        {
            if (configuration[$"Logging:LogLevel:{library}"] is null)
            {
                logging.AddFilter(library, level => level >= least && !cutOff);
            }
        }
    }

    /// <summary>
    /// Starts the service and waits for its end. When a part fails at the start, the started parts are stopped in order, so that no dead
    /// node is left for others to find.
    /// </summary>
    public static async Task Run(WebApplication app)
    {
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            app.Services.GetRequiredService<StartPhase>().over = true;
            app.Logger.LogInformation(
                "Parle {Version} serves {Urls}: {Docs} for people, {Guide} for agents", RecordGuards.Version.ToString(3),
                string.Join(", ", app.Urls), DiscoveryPaths.Docs, DiscoveryPaths.Guide);
        });
        try
        {
            await app.StartAsync();
        }
        catch
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            try
            {
                await app.StopAsync(patience.Token);
            }
            catch (Exception unstopped) when (unstopped is not OutOfMemoryException)
            {
                app.Logger.LogDebug(unstopped, "What had begun did not end"); // Why it did not start is what matters.
            }

            throw;
        }

        await app.WaitForShutdownAsync();
    }
}
