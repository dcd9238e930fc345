using Npgsql;

namespace Parle.Api.Database;

/// <summary>Tells a database that is away or stopping, which a retry outlasts, from a request that it refuses.</summary>
public static class Outage
{
    // Beside what Npgsql calls transient (PostgreSQL, appendix A): no way in, no such database, the server stops or starts, it takes no
    // writes, a pooled connection whose prepared statements are gone, which it prepares anew the next time, and a schema that somebody took
    // away.
    private static readonly string[] Passing =
        ["28", "3D", "57P", PostgresErrorCodes.ReadOnlySqlTransaction, PostgresErrorCodes.InvalidSqlStatementName,
            PostgresErrorCodes.UndefinedTable, PostgresErrorCodes.UndefinedFunction, PostgresErrorCodes.InvalidSchemaName];

    /// <summary>Whether <paramref name="failure"/>, or what caused it, passes by itself.</summary>
    public static bool Is(Exception failure) => failure switch
    {
        PostgresException refused =>
            refused.IsTransient || Array.Exists(Passing, code => refused.SqlState.StartsWith(code, StringComparison.Ordinal)),
        NpgsqlException or TimeoutException => true,
        { InnerException: { } cause } => Is(cause),
        _ => false,
    };
}
