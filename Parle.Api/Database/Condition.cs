using Npgsql;
using Parle.Api.Platform;
using Parle.Projections.Record;

namespace Parle.Api.Database;

/// <summary>Whether the service can serve, and what keeps it from that.</summary>
/// <param name="Reason">The kind of trouble, in a word for programs; null when there is none.</param>
/// <param name="Why">The same for people, with what to do. A stranger may read it: it names the kind, and nobody's data.</param>
/// <param name="Detail">What the operator alone is told, in the log.</param>
public sealed record Condition(string? Reason, string Why = "", string? Detail = null)
{
    /// <summary>All is well.</summary>
    public static Condition Ready { get; } = new(Reason: null);

    /// <summary>It ends.</summary>
    public static Condition Stopping { get; } = new("stopping", "The service is stopping.");

    /// <summary>It was started before there was a schema.</summary>
    public static Condition StartedEarly { get; } = new(
        "restart_needed", "The schema was put in place after the service had started. Restart the service.");

    /// <summary>Whether any request can be served. Otherwise each is told to come back, rather than to fail in its own way.</summary>
    public bool Serves => Reason is not ("schema_missing" or "restart_needed");

    /// <summary>Whether the database is the trouble, of which every part of the program would have its own to say.</summary>
    public bool IsOfTheDatabase =>
        Reason is not null && (Reason.StartsWith("database_", StringComparison.Ordinal) || Reason is "disk_full" or "writes_fail");

    /// <summary>What <paramref name="schema"/> means for the service.</summary>
    public static Condition Of(SchemaFinding schema) => schema.State switch
    {
        SchemaState.Current => Ready,
        SchemaState.Missing => new("schema_missing", $"The database has no schema. Run: {Advice.Apply}"),
        SchemaState.Newer => new("schema_newer",
            "The database has the schema of a later version of Parle. Run that version, or restore the backup from before the upgrade.",
            $"It is of version {schema.Detail}, this program of {RecordGuards.Version}."),
        SchemaState.Altered => new("guards_altered", "Something that keeps the record was taken away, disabled or altered in the database; "
            + $"the log names it. Find out who did it, then run: {Advice.Apply}", schema.Detail),
        _ => new("schema_outdated", $"The database schema is not current. Run: {Advice.Apply}"),
    };

    /// <summary>Checkpoints and receipts cannot be signed.</summary>
    public static Condition SigningFails(string detail) => new(
        "signing_fails", "A key that the service signs with was changed in the database, or cannot be opened with this server key; the log "
            + "names it. Look at PARLE_SERVER_KEY, or restore parle.signing_keys from a backup.", detail);

    /// <summary>What it means that the database refused a look at it, or a write that was only a test.</summary>
    public static Condition Of(Exception failure, bool writing) => failure switch
    {
        PostgresException { SqlState: var state } refused => state[..2] switch
        {
            "53" when state == PostgresErrorCodes.DiskFull => new("disk_full",
                $"The disk of the database is full ({state}). Make room there; the service goes on by itself.", refused.MessageText),
            "53" => new("database_exhausted",
                $"The database is at the end of its resources ({state}): {Exhausted(state)} The service goes on by itself.",
                refused.MessageText),
            "25" => new("database_read_only", $"The database takes no writes ({state}): it is a standby, or was made read-only. Name the "
                + "primary in ConnectionStrings__Parle, or lift default_transaction_read_only.", refused.MessageText),
            "28" => new("database_refuses", $"The database does not let the service in ({state}). Look at the user and the password in "
                + "ConnectionStrings__Parle, and at pg_hba.conf.", refused.MessageText),
            "3D" => new("database_missing", $"There is no such database ({state}). Create it, or correct ConnectionStrings__Parle.",
                refused.MessageText),
            "08" or "57" => Unreachable(state, refused.MessageText),
            _ when writing => new("writes_fail",
                $"The database takes no writes ({state}). Look into its log; the service goes on by itself once they succeed.",
                refused.MessageText),
            _ => new("database_fails", $"The database does not answer as it should ({state}). Look into its log.", refused.MessageText),
        },
        OperationCanceledException or TimeoutException =>
            new("database_slow", "The database does not answer in time. Look at its load, its locks and its disk.", failure.Message),
        _ => Unreachable("08", failure.Message),
    };

    /// <summary>
    /// What went wrong with the database, for a log line: its code and its words, without where in the program it was noticed.
    /// </summary>
    public static string InAWord(Exception failure) => failure switch
    {
        PostgresException refused => $"{refused.SqlState}: {refused.MessageText}",
        NpgsqlException or TimeoutException => failure.Message,
        { InnerException: { } cause } => InAWord(cause),
        _ => failure.Message,
    };

    private static Condition Unreachable(string state, string detail) =>
        new("database_unreachable", $"The database cannot be reached ({state}). See that it runs; the service goes on by itself.", detail);

    private static string Exhausted(string state) => state switch
    {
        PostgresErrorCodes.TooManyConnections => "raise max_connections, or lower Maximum Pool Size in ConnectionStrings__Parle.",
        PostgresErrorCodes.OutOfMemory => "give it more memory.",
        _ => "its log says which.",
    };
}
