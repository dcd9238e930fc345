using Npgsql;
using Parle.Domain;

namespace Parle.Api.Database;

/// <summary>
/// What it means to a caller that the database refused its write, told by SQLSTATE (PostgreSQL, appendix A). An <see cref="Outage"/>
/// passes; a refusal comes again.
/// </summary>
public static class DatabaseRefusal
{
    private const string DataException = "22"; // A value that no column of that type can hold: the request's own.

    // Constraints, what the guards of the record raise, and what is larger than an index takes.
    private static readonly string[] refusing = ["23", "P0", "44", "54"];

    /// <summary>The refusal; null when <paramref name="failure"/> is none of the database's, or one that passes.</summary>
    public static Refusal? Of(Exception failure) => Outage.Is(failure) ? null : Cause(failure) switch
    {
        null => null,
        { SqlState: { } state } when state.StartsWith(DataException, StringComparison.Ordinal) =>
            Refusals.ValidationFailed.Because("It holds a value that cannot be kept."),
        { SqlState: { } state } when Array.Exists(refusing, one => state.StartsWith(one, StringComparison.Ordinal)) => Refusals.NotRecorded,
        _ => null, // Such as a table that is not there yet: whoever runs the service mends that.
    };

    /// <summary>What the database said; null when it said nothing.</summary>
    public static PostgresException? Cause(Exception failure) => failure switch
    {
        PostgresException refused => refused,
        AggregateException { InnerExceptions: var several } => several.Select(Cause).FirstOrDefault(cause => cause is not null),
        { InnerException: { } inner } => Cause(inner),
        _ => null,
    };

    /// <summary>The failure as it may be logged: what the database says of the row is left out, since that repeats what was sent.</summary>
    public static string Tell(Exception failure) => Cause(failure) is { } refused
        ? $"{failure.GetType().Name}: SQLSTATE {refused.SqlState}, table {refused.TableName ?? "unknown"}, constraint "
        + $"{refused.ConstraintName ?? "none"}\n{failure.StackTrace}"
        : failure.ToString();
}
