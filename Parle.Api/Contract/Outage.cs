using Npgsql;

namespace Parle.Api.Contract;

/// <summary>Tells a database that is away or stopping, which a retry outlasts, from a request that it refuses.</summary>
public static class Outage
{
    /// <summary>Whether <paramref name="failure"/>, or what caused it, passes by itself.</summary>
    public static bool Is(Exception failure) => failure switch
    {
        PostgresException refused => refused.IsTransient || refused.SqlState.StartsWith("57P", StringComparison.Ordinal), // shutting down, starting up
        NpgsqlException or TimeoutException => true,
        { InnerException: { } cause } => Is(cause),
        _ => false,
    };
}
