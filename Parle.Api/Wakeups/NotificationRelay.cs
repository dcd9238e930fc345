using System.Threading.Channels;
using Npgsql;
using Parle.Api.Platform;

namespace Parle.Api.Wakeups;

/// <summary>
/// Exchanges notifications with other nodes by LISTEN/NOTIFY, after each commit and outside of it. Waiting notifications are sent together.
/// A node that lost its connection wakes all its listeners once: a needless query is cheap, a lost row is not.
/// </summary>
public sealed class NotificationRelay(Notifier notifier, NpgsqlDataSource database, ILogger<NotificationRelay> log) : BackgroundService
{
    private const string ChannelName = "parle_signals";
    // PostgreSQL's payload holds less than 8000 bytes; a notification takes at most 66 of them.
    private const int SignalsInOneMessage = 110;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);

    private readonly string node = Guid.NewGuid().ToString("N");
    private readonly Channel<IReadOnlyCollection<Signal>> announced = Channel.CreateBounded<IReadOnlyCollection<Signal>>(
        // A notification may be lost: readers also query again by themselves.
        new BoundedChannelOptions(4096) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        notifier.Announced += signals => announced.Writer.TryWrite(signals);
        return Task.WhenAll(Repeat(Tell, stoppingToken), Repeat(Hear, stoppingToken));
    }

    private async Task Repeat(Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await work(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception outage) when (outage is NpgsqlException or IOException or TimeoutException)
            {
                log.LogWarning("Lost touch with other nodes ({Reason}); trying again", outage.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None);
            }
        }
    }

    private async Task Tell(CancellationToken stopping)
    {
        await foreach (var together in announced.Reader.ReadBatches(SignalsInOneMessage, stopping))
        {
            await using var command = database.CreateCommand(
                "select pg_notify($1, $2 || string_agg(message, ',')) from unnest($3) with ordinality as m(message, i) group by i / $4");
            command.Parameters.AddRange(new NpgsqlParameter[]
            {
                new() { Value = ChannelName }, new() { Value = node + ":" },
                new() { Value = together.SelectMany(signals => signals).Distinct().Select(signal => signal.ToString()).ToArray() },
                new() { Value = (long)SignalsInOneMessage },
            });
            await command.ExecuteNonQueryAsync(stopping);
        }
    }

    private async Task Hear(CancellationToken stopping)
    {
        await using var connection = await database.OpenConnectionAsync(stopping);
        connection.Notification += (_, message) => Wake(message.Payload);
        await using (var listen = new NpgsqlCommand($"listen {ChannelName}", connection))
        {
            await listen.ExecuteNonQueryAsync(stopping);
        }

        notifier.WakeAll(); // Notifications from before this connection listened are lost, so everybody looks once.
        await using var stillThere = new NpgsqlCommand("select 1", connection);
        while (true)
        {
            if (!await connection.WaitAsync(LookEvery, stopping))
            {
                // A host that vanished sends nothing, so silence alone proves no connection.
                await stillThere.ExecuteNonQueryAsync(stopping);
            }
        }
    }

    private void Wake(string payload)
    {
        var parts = payload.Split(':', 2);
        if (parts is [var sender, var signals] && sender != node)
        {
            notifier.Tell([.. signals.Split(',').Select(signal => Signal.Parse(signal))]);
        }
    }
}
