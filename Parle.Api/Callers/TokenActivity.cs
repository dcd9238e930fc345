using System.Collections.Concurrent;
using Npgsql;
using Parle.Projections.Tokens;

namespace Parle.Api.Callers;

/// <summary>The last uses of tokens. Of each token at most one use in five minutes is written, by all nodes together.</summary>
/// <param name="database">The pool.</param>
/// <param name="clock">The time.</param>
/// <param name="log">Hears of an outage of the database.</param>
public sealed class TokenActivity(NpgsqlDataSource database, TimeProvider clock, ILogger<TokenActivity> log) : Activity(LookEvery, log)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WriteEvery = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> written = new();

    /// <inheritdoc/>
    public override async Task Write(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        foreach (var old in written.Where(entry => entry.Value + WriteEvery <= now))
        {
            written.TryRemove(old);
        }

        var due = Noted.Where(entry => !written.ContainsKey(entry.Key)).ToArray();
        if (due.Length == 0)
        {
            return;
        }

        await TokenActivityRows.Keep(
            database, [.. due.Select(entry => entry.Key)], [.. due.Select(entry => entry.Value)], now - WriteEvery, cancellation);
        foreach (var (id, usedAt) in due)
        {
            written[id] = now;
            Forget(id, usedAt);
        }
    }
}
