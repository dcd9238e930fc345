using Marten;
using Npgsql;

namespace Parle.Projections;

/// <summary>Advisory locks of PostgreSQL ("Explicit Locking", 13.3.5): of names, and of ids.</summary>
public static class AdvisoryLocks
{
    /// <summary>Waits for the lock of an id, and holds it until the unit of work is over.</summary>
    /// <param name="session">The unit of work, with a transaction.</param>
    /// <param name="id">The id.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task TakeForTransaction(IQuerySession session, Guid id, CancellationToken cancellation) =>
        session.Rows("select pg_advisory_xact_lock(hashtextextended($1::text, 0))", _ => true, cancellation, id);

    /// <summary>Waits for the lock of a name, and holds it until the transaction is over.</summary>
    /// <param name="connection">A connection with a transaction.</param>
    /// <param name="name">The name.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task TakeForTransaction(NpgsqlConnection connection, string name, CancellationToken cancellation) =>
        connection.Run("select pg_advisory_xact_lock(hashtext($1))", cancellation, name);

    /// <summary>Waits for the lock of a name, and holds it until it is released.</summary>
    /// <param name="connection">The connection, which holds the lock.</param>
    /// <param name="name">The name.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task Take(NpgsqlConnection connection, string name, CancellationToken cancellation) =>
        connection.Run("select pg_advisory_lock(hashtext($1))", cancellation, name);

    /// <summary>Releases a lock.</summary>
    /// <param name="connection">The connection that holds it.</param>
    /// <param name="name">The name.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task Release(NpgsqlConnection connection, string name, CancellationToken cancellation) =>
        connection.Run("select pg_advisory_unlock(hashtext($1))", cancellation, name);
}
