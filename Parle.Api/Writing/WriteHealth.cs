using Npgsql;

namespace Parle.Api.Writing;

/// <summary>Whether the database accepts the writers' commits, as far as they have tried recently.</summary>
public sealed class WriteHealth(TimeProvider clock)
{
    private const int Enough = 3; // One failure may be a broken connection, which the caller's retry would have mended.

    // A node that is not ready gets no more writes to try, so failures must expire.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(45);

    // SQLSTATE classes (PostgreSQL, appendix A) that blame the database and not the statement: connections, transaction state, resources,
    // operators, system, internal.
    private static readonly string[] OfItself = ["08", "25", "28", "3D", "3F", "42", "53", "57", "58", "XX"];

    private readonly Lock guard = new();
    private (int InARow, DateTimeOffset At, Exception? Failure) failed;

    /// <summary>The reason why writes fail now; null when they do not, or when none was tried recently.</summary>
    public Exception? Failing
    {
        get
        {
            lock (guard)
            {
                return failed.InARow >= Enough && clock.GetUtcNow() - failed.At < Fresh ? failed.Failure : null;
            }
        }
    }

    /// <summary>Notes a successful commit.</summary>
    public void Took()
    {
        lock (guard)
        {
            failed = default;
        }
    }

    /// <summary>Notes a failed commit. A failure caused by its own content does not count.</summary>
    public void Refused(Exception failure)
    {
        if (CauseOf(failure) is { } cause)
        {
            lock (guard)
            {
                failed = (failed.InARow + 1, clock.GetUtcNow(), cause);
            }
        }
    }

    private static Exception? CauseOf(Exception? failure) => failure switch
    {
        null => null,
        PostgresException refused =>
            Array.Exists(OfItself, code => refused.SqlState.StartsWith(code, StringComparison.Ordinal)) ? refused : null,
        NpgsqlException or TimeoutException => failure,
        _ => CauseOf(failure.InnerException),
    };
}
