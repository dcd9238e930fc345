using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;

namespace Parle.Api.Callers;

/// <summary>
/// When sessions were last heard of, and which of them hold a stream or a wait, on any node. Remembered at once, written together
/// every few seconds: it is no fact, only a hint of life.
/// </summary>
public sealed class SessionActivity(NpgsqlDataSource database, TimeProvider clock, ILogger<SessionActivity> log) : BackgroundService
{
    private static readonly TimeSpan WriteEvery = TimeSpan.FromSeconds(10);
    // Three times that long, so that one late write of a node loses nothing.
    private static readonly TimeSpan HeldFor = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> seen = new();
    private readonly ConcurrentDictionary<Guid, int> held = new(); // How many connections.
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> heldUntil = new(); // As it was written.

    /// <summary>Notes a sign of life.</summary>
    public void Saw(Guid sessionID, DateTimeOffset at) => seen[sessionID] = at;

    /// <summary>What was noted and perhaps not written yet. Look here first, then in the database: so no sign falls between.</summary>
    public IReadOnlyDictionary<Guid, DateTimeOffset> Noted => new Dictionary<Guid, DateTimeOffset>(seen);

    /// <summary>
    /// Says, until it is disposed, that a connection of the session is held open here. It is written down before this returns, so that
    /// no node takes the session for a silent one.
    /// </summary>
    public async Task<IDisposable> Hold(Guid sessionID, CancellationToken cancellation)
    {
        held.AddOrUpdate(sessionID, 1, (_, connections) => connections + 1);
        var hold = new Held(this, sessionID);
        var now = clock.GetUtcNow();
        Saw(sessionID, now);
        if (!(heldUntil.TryGetValue(sessionID, out var until) && until > now + WriteEvery))
        {
            await TryWrite([sessionID], cancellation);
        }

        return hold;
    }

    /// <summary>Which sessions hold a connection open on this node.</summary>
    public bool IsHeldHere(Guid sessionID) => held.ContainsKey(sessionID);

    /// <summary>Writes down what was noted so far.</summary>
    public Task Write(CancellationToken cancellation) => Write([.. seen.Keys.Union(held.Keys)], cancellation);

    private async Task Write(IReadOnlyList<Guid> sessions, CancellationToken cancellation)
    {
        if (sessions.Count == 0)
        {
            return;
        }

        var now = clock.GetUtcNow();
        // In one order on all nodes.
        var noted = sessions.Order().Select(id => (SessionID: id, Seen: seen.TryGetValue(id, out var at) ? at : (DateTimeOffset?)null,
            IsHeld: held.ContainsKey(id))).ToList();
        await using var command = database.CreateCommand("""
            insert into parle.session_activity (session_id, last_seen_at, held_until) select * from unnest($1, $2, $3)
            on conflict (session_id) do update set
                last_seen_at = greatest(session_activity.last_seen_at, excluded.last_seen_at), held_until = greatest(session_activity.held_until, excluded.held_until)
            """);
        command.Parameters.Add(
            new() { Value = noted.Select(one => one.SessionID).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        command.Parameters.Add(new()
        {
            Value = noted.Select(one => one.IsHeld || one.Seen is null ? now : one.Seen.Value).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz
        });
        command.Parameters.Add(new()
        {
            Value = noted.Select(one => one.IsHeld ? now + HeldFor : (DateTimeOffset?)null).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz
        });
        await command.ExecuteNonQueryAsync(cancellation);
        foreach (var (id, at, isHeld) in noted)
        {
            if (at is { } written)
            {
                seen.TryRemove(KeyValuePair.Create(id, written)); // Unless it was heard of again meanwhile.
            }

            if (isHeld)
            {
                heldUntil[id] = now + HeldFor;
            }
        }

        foreach (var over in heldUntil.Where(entry => entry.Value <= now))
        {
            heldUntil.TryRemove(over);
        }
    }

    private void LetGo(Guid sessionID)
    {
        while (held.TryGetValue(sessionID, out var connections))
        {
            if (connections == 1
                ? held.TryRemove(KeyValuePair.Create(sessionID, 1)) : held.TryUpdate(sessionID, connections - 1, connections))
            {
                return;
            }
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryWrite([.. seen.Keys], cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(WriteEvery);
        while (await NextTick(timer, stoppingToken))
        {
            await TryWrite([.. seen.Keys.Union(held.Keys)], stoppingToken);
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

    private async Task TryWrite(IReadOnlyList<Guid> sessions, CancellationToken cancellation)
    {
        try
        {
            await Write(sessions, cancellation);
        }
        catch (Exception outage)
            when (outage is NpgsqlException or TimeoutException or OperationCanceledException or ObjectDisposedException)
        {
            // Still noted: the next round writes them.
            log.LogInformation("Signs of life of {Sessions} sessions wait for the database", seen.Count);
        }
    }

    private sealed class Held(SessionActivity activity, Guid sessionID) : IDisposable
    {
        private int over;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref over, 1) == 0)
            {
                activity.LetGo(sessionID);
            }
        }
    }
}
