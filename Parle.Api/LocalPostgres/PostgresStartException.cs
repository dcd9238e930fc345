namespace Parle.Api.LocalPostgres;

/// <summary>The private PostgreSQL could not be initialised, started or reached. The message ends with PostgreSQL's own message.</summary>
public sealed class PostgresStartException : Exception
{
    /// <summary>An exception without particulars.</summary>
    public PostgresStartException() { }

    /// <summary>An exception with a message for the operator.</summary>
    public PostgresStartException(string message) : base(message) { }

    /// <summary>An exception with a message for the operator, and its cause.</summary>
    public PostgresStartException(string message, Exception innerException) : base(message, innerException) { }
}
