using Npgsql;

namespace Parle.Api.Writing;

/// <summary>Whether the database takes what the writers commit, as far as they have tried lately.</summary>
public sealed class WriteHealth(TimeProvider clock)
{
    private const int Enough = 3; // One failure can be a connection that broke; a retry of its caller would have mended it.

    // Whoever is not ready gets no more writes to try, so that failures must be forgotten.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(45);

    // What the database says of itself (PostgreSQL, appendix A), not of what it was asked to write: connections, state of the transaction,
    // resources, operators, system, itself.
    private static readonly string[] OfItself = ["08", "25", "28", "3D", "3F", "42", "53", "57", "58", "XX"];

    private readonly Lock guard = new();
    private (int InARow, DateTimeOffset At, Exception? Failure) failed;

    /// <summary>Why writes fail now; null when they do not, or nobody has tried for a while.</summary>
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

    /// <summary>A commit was taken.</summary>
    public void Took()
    {
        lock (guard)
        {
            failed = default;
        }
    }

    /// <summary>A commit was not taken. What only its own content is to blame for does not count.</summary>
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
