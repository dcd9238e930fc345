using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;

namespace Parle.Api.Sessions;

/// <summary>When sessions were last heard of. Remembered at once, written together every few seconds: it is no fact, only a hint of life.</summary>
public sealed class SessionActivity(NpgsqlDataSource database, ILogger<SessionActivity> log) : BackgroundService
{
    private static readonly TimeSpan WriteEvery = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> seen = new();

    /// <summary>Notes a sign of life.</summary>
    public void Saw(Guid sessionID, DateTimeOffset at) => seen[sessionID] = at;

    /// <summary>What was noted and perhaps not written yet. Look here first, then in the database: so no sign falls between.</summary>
    public IReadOnlyDictionary<Guid, DateTimeOffset> Noted => new Dictionary<Guid, DateTimeOffset>(seen);

    /// <summary>Writes down what was noted so far.</summary>
    public async Task Write(CancellationToken cancellation)
    {
        var noted = seen.ToArray();
        if (noted.Length == 0)
        {
            return;
        }

        await using var command = database.CreateCommand("""
            insert into parle.session_activity (session_id, last_seen_at) select * from unnest($1, $2)
            on conflict (session_id) do update set last_seen_at = greatest(session_activity.last_seen_at, excluded.last_seen_at)
            """);
        command.Parameters.Add(new() { Value = noted.Select(entry => entry.Key).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = noted.Select(entry => entry.Value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
        await command.ExecuteNonQueryAsync(cancellation);
        foreach (var entry in noted)
        {
            seen.TryRemove(entry); // Unless it was heard of again meanwhile.
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryWrite(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(WriteEvery);
        while (await NextTick(timer, stoppingToken))
        {
            await TryWrite(stoppingToken);
        }
    }

    private static async Task<bool> NextTick(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task TryWrite(CancellationToken cancellation)
    {
        try
        {
            await Write(cancellation);
        }
        catch (Exception outage) when (outage is NpgsqlException or TimeoutException or OperationCanceledException or ObjectDisposedException)
        {
            log.LogInformation("Signs of life of {Sessions} sessions wait for the database", seen.Count); // Still noted: the next round writes them.
        }
    }
}
