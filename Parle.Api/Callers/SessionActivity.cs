using System.Collections.Concurrent;
using Npgsql;
using Parle.Projections.Sessions;

namespace Parle.Api.Callers;

/// <summary>
/// The last signs of life of sessions, and which sessions hold a stream or a wait open on any node.
/// </summary>
/// <param name="database">The pool.</param>
/// <param name="clock">The time.</param>
/// <param name="log">Hears of an outage of the database.</param>
public sealed class SessionActivity(NpgsqlDataSource database, TimeProvider clock, ILogger<SessionActivity> log)
    : Activity(WriteEvery, log)
{
    private static readonly TimeSpan WriteEvery = TimeSpan.FromSeconds(10);
    // Three times that long, so that one late write of a node loses nothing.
    private static readonly TimeSpan HeldFor = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<Guid, int> held = new(); // How many connections.
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> heldUntil = new(); // As it was written.

    /// <summary>
    /// Says, until it is disposed, that a connection of the session is held open here. This is written before the method returns, so that
    /// no node takes the session for a silent one.
    /// </summary>
    /// <param name="sessionID">The session.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IDisposable> Hold(Guid sessionID, CancellationToken cancellation)
    {
        held.AddOrUpdate(sessionID, 1, (_, connections) => connections + 1);
        var hold = new Held(this, sessionID);
        var now = clock.GetUtcNow();
        Saw(sessionID, now);
        if (!(heldUntil.TryGetValue(sessionID, out var until) && until > now + WriteEvery))
        {
            await TryWrite(stop => Write([sessionID], stop), cancellation);
        }

        return hold;
    }

    /// <summary>Whether a session holds a connection open on this node.</summary>
    /// <param name="sessionID">The session.</param>
    public bool IsHeldHere(Guid sessionID) => held.ContainsKey(sessionID);

    /// <inheritdoc/>
    public override Task Write(CancellationToken cancellation) => Write([.. Noted.Keys.Union(held.Keys)], cancellation);

    /// <summary>Writes what was noted. A connection that is still held is not extended: it closes with the service.</summary>
    /// <param name="cancellation">Gives up.</param>
    protected override Task WriteLast(CancellationToken cancellation) => Write([.. Noted.Keys], cancellation);

    private async Task Write(IReadOnlyList<Guid> sessions, CancellationToken cancellation)
    {
        if (sessions.Count == 0)
        {
            return;
        }

        var now = clock.GetUtcNow();
        var noted = sessions.Order().Select(id => (SessionID: id, Seen: Last(id), IsHeld: held.ContainsKey(id))).ToList();
        await SessionActivityRows.Keep(
            database,
            [.. noted.Select(one => new SessionSign(
                one.SessionID, one.IsHeld ? now : one.Seen ?? now, one.IsHeld ? now + HeldFor : null))],
            cancellation);
        foreach (var (id, seen, isHeld) in noted)
        {
            if (seen is { } written)
            {
                Forget(id, written);
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
