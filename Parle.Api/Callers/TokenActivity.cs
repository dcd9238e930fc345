using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;

namespace Parle.Api.Callers;

/// <summary>
/// When something was last done with a token. Remembered at once, written together, and for each token at most once in five minutes, on all
/// nodes: it is no fact.
/// </summary>
public sealed class TokenActivity(NpgsqlDataSource database, TimeProvider clock, ILogger<TokenActivity> log) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WriteEvery = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> used = new();
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> written = new();

    /// <summary>Notes that something was done.</summary>
    public void Saw(Guid tokenID, DateTimeOffset at) => used[tokenID] = at;

    /// <summary>What was noted and perhaps not written yet.</summary>
    public IReadOnlyDictionary<Guid, DateTimeOffset> Noted => new Dictionary<Guid, DateTimeOffset>(used);

    /// <summary>Writes down what is due.</summary>
    public async Task Write(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        foreach (var old in written.Where(entry => entry.Value + WriteEvery <= now))
        {
            written.TryRemove(old);
        }

        var due = used.Where(entry => !written.ContainsKey(entry.Key)).ToArray();
        if (due.Length == 0)
        {
            return;
        }

        await using var command = database.CreateCommand("""
            insert into parle.token_activity (token_id, last_used_at) select * from unnest($1, $2)
            on conflict (token_id) do update set last_used_at = excluded.last_used_at where token_activity.last_used_at <= $3
            """);
        command.Parameters.Add(
            new() { Value = due.Select(entry => entry.Key).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        command.Parameters.Add(
            new() { Value = due.Select(entry => entry.Value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = now - WriteEvery });
        await command.ExecuteNonQueryAsync(cancellation);
        foreach (var entry in due)
        {
            written[entry.Key] = now;
            used.TryRemove(entry); // Unless it was used again meanwhile.
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
        using var timer = new PeriodicTimer(LookEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryWrite(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The service stops, and writes once more.
        }
    }

    private async Task TryWrite(CancellationToken cancellation)
    {
        try
        {
            await Write(cancellation);
        }
        catch (Exception outage)
            when (outage is NpgsqlException or TimeoutException or OperationCanceledException or ObjectDisposedException)
        {
            // Still noted: the next round writes them.
            log.LogInformation("Signs of use of {Tokens} tokens wait for the database", used.Count);
        }
    }
}
