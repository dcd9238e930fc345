using System.Data;
using Npgsql;

namespace Medallion.Threading.Postgres;

/// <summary>A held lock: as long as it is not disposed, and its connection lives, nobody else has the lock.</summary>
public sealed class PostgresDistributedLockHandle : IAsyncDisposable
{
    // Silence for this long, and the server is asked whether it is still there.
    private static readonly TimeSpan probeInterval = TimeSpan.FromSeconds(20);

    private readonly NpgsqlConnection connection;
    private readonly PostgresAdvisoryLockKey key;
    private readonly bool inTransaction;
    private readonly CancellationTokenSource lost = new();
    private readonly CancellationTokenSource released = new();
    private readonly Task watch;
    private int disposed;

    internal PostgresDistributedLockHandle(NpgsqlConnection connection, PostgresAdvisoryLockKey key, bool inTransaction)
    {
        this.connection = connection;
        this.key = key;
        this.inTransaction = inTransaction;
        watch = WatchAsync(released.Token);
    }

    /// <summary>Cancelled when the connection broke and the lock with it. It is not cancelled by disposing.</summary>
    public CancellationToken HandleLostToken => lost.Token;

    /// <summary>Releases the lock. Doing it twice does nothing the second time.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1) return;

        await released.CancelAsync().ConfigureAwait(false);
        await watch.ConfigureAwait(false);
        try
        {
            if (connection.State == ConnectionState.Open) await ReleaseAsync().ConfigureAwait(false);
        }
        catch (NpgsqlException)
        {
            // The connection is gone; the server has released the lock or will as soon as it notices.
        }
        finally
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            released.Dispose();
        }
    }

    private async Task ReleaseAsync()
    {
        await using var release = new NpgsqlCommand("SELECT pg_advisory_unlock($1)", connection);
        if (inTransaction) release.CommandText = "ROLLBACK";
        else release.Parameters.Add(new() { Value = key.Value });
        await release.ExecuteNonQueryAsync().ConfigureAwait(false);
    }

    // Listening costs no query and sees at once when the server closes the connection; the probe finds a peer that fell silent.
    private async Task WatchAsync(CancellationToken stop)
    {
        try
        {
            await using var probe = new NpgsqlCommand("SELECT 1", connection);
            while (true)
            {
                await connection.WaitAsync(probeInterval, stop).ConfigureAwait(false);
                await probe.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Released.
        }
        catch (Exception) when (!stop.IsCancellationRequested)
        {
            // Not awaited: whoever hears of it may well dispose this handle, which waits for this very watch.
            _ = lost.CancelAsync();
        }
        catch (NpgsqlException)
        {
            // Broken while it was being released: the same to everybody.
        }
    }
}
