using System.Data.Common;
using Npgsql;

namespace Medallion.Threading.Postgres;

/// <summary>
/// A lock that at most one holder has at a time, over all processes that share a database:
/// a PostgreSQL advisory lock on a connection of its own.
/// </summary>
/// <param name="key">Which lock.</param>
/// <param name="dataSource">Where it is held. It must hand out Npgsql connections, and without Npgsql's multiplexing.</param>
/// <param name="options">How it is held; by default by the session.</param>
public sealed class PostgresDistributedLock(
    PostgresAdvisoryLockKey key, DbDataSource dataSource, Action<PostgresConnectionOptionsBuilder>? options = null)
{
    private static readonly TimeSpan longestPause = TimeSpan.FromMilliseconds(500);

    private readonly bool inTransaction = PostgresConnectionOptionsBuilder.Build(options).InTransaction;

    /// <summary>Which lock this is.</summary>
    public PostgresAdvisoryLockKey Key => key;

    /// <summary>The lock's handle, or null when somebody else still holds it after <paramref name="timeout"/>.</summary>
    /// <param name="timeout">How long to wait: zero asks once, <see cref="Timeout.InfiniteTimeSpan"/> waits for as long as it
    /// takes.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<PostgresDistributedLockHandle?> TryAcquireAsync(
        TimeSpan timeout = default, CancellationToken cancellationToken = default)
    {
        if (timeout != Timeout.InfiniteTimeSpan) ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);

        var connection = (NpgsqlConnection)await dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (await AttainAsync(connection, timeout, cancellationToken).ConfigureAwait(false))
                return new PostgresDistributedLockHandle(connection, key, inTransaction);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        await connection.DisposeAsync().ConfigureAwait(false);
        return null;
    }

    private async Task<bool> AttainAsync(NpgsqlConnection connection, TimeSpan timeout, CancellationToken cancellationToken)
    {
        // The connection keeps its transaction: closing it, or ending the handle, rolls it back.
        if (inTransaction) await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);

        var sql = inTransaction ? "SELECT pg_try_advisory_xact_lock($1)" : "SELECT pg_try_advisory_lock($1)";
        await using var attempt = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = key.Value } } };

        var started = TimeProvider.System.GetTimestamp();
        for (var pause = TimeSpan.FromMilliseconds(10); ; pause = pause * 2 < longestPause ? pause * 2 : longestPause)
        {
            if ((bool)(await attempt.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!) return true;

            if (timeout != Timeout.InfiniteTimeSpan)
            {
                var left = timeout - TimeProvider.System.GetElapsedTime(started);
                if (left <= TimeSpan.Zero) return false;
                if (left < pause) pause = left;
            }

            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
        }
    }
}
