namespace Medallion.Threading.Postgres;

/// <summary>How a lock uses its connection.</summary>
public sealed class PostgresConnectionOptionsBuilder
{
    internal PostgresConnectionOptionsBuilder() { }

    internal bool InTransaction { get; private set; }

    /// <summary>Hold the lock by a transaction (works behind a pooler that hands out transactions) instead of by the session.</summary>
    public PostgresConnectionOptionsBuilder UseTransaction(bool useTransaction = true)
    {
        InTransaction = useTransaction;
        return this;
    }

    /// <summary>Sharing one connection among locks is only an economy: here each lock has its own, whatever is asked.</summary>
    public PostgresConnectionOptionsBuilder UseMultiplexing(bool useMultiplexing = true) => this;

    internal static PostgresConnectionOptionsBuilder Build(Action<PostgresConnectionOptionsBuilder>? options)
    {
        var builder = new PostgresConnectionOptionsBuilder();
        options?.Invoke(builder);
        return builder;
    }
}
