using System.Threading.Channels;
using Npgsql;

namespace Parle.Api.Rooms;

/// <summary>
/// Tells other nodes, after each commit and outside of it, whose views gained a row, and hears it from them. Hints that wait
/// together travel together. A node that lost its connection wakes all its readers once: a look is cheap, a lost row is not.
/// </summary>
public sealed class OtherNodes(RowSignals signals, NpgsqlDataSource database, ILogger<OtherNodes> log) : BackgroundService
{
    private const string ChannelName = "parle_rows";
    private const int KeysInOneMessage = 200; // A notification holds less than 8000 bytes; a key takes 33 of them.

    private readonly string node = Guid.NewGuid().ToString("N");
    private readonly Channel<IReadOnlyCollection<Guid>> touched = Channel.CreateBounded<IReadOnlyCollection<Guid>>(
        new BoundedChannelOptions(4096) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite }); // A hint may be lost: readers look again by themselves.

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        signals.Announced += keys => touched.Writer.TryWrite(keys);
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
        while (await touched.Reader.WaitToReadAsync(stopping))
        {
            var keys = new HashSet<Guid>();
            while (keys.Count < KeysInOneMessage && touched.Reader.TryRead(out var more))
            {
                keys.UnionWith(more);
            }

            await using var command = database.CreateCommand("select pg_notify($1, $2 || string_agg(message, ',')) from unnest($3) with ordinality as m(message, i) group by i / $4");
            command.Parameters.AddRange(new NpgsqlParameter[]
            {
                new() { Value = ChannelName }, new() { Value = node + ":" }, new() { Value = keys.Select(key => key.ToString("N")).ToArray() }, new() { Value = (long)KeysInOneMessage },
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

        signals.WakeAll(); // What happened before this connection listened.
        while (true)
        {
            await connection.WaitAsync(stopping);
        }
    }

    private void Wake(string payload)
    {
        var parts = payload.Split(':', 2);
        if (parts is [var sender, var keys] && sender != node)
        {
            signals.Wake([.. keys.Split(',').Select(key => Guid.ParseExact(key, "N"))]);
        }
    }
}
