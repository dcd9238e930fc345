using Npgsql;
using Parle.Domain;

namespace Parle.Api.Wire;

/// <summary>Refusals for two requests that take one name at the same time: the database's constraint refuses the later one.</summary>
public static class TakenName
{
    private static readonly Dictionary<string, Refusal> Constraints = new(StringComparer.Ordinal)
    {
        ["principals_handle"] = Refusals.HandleUnavailable,
        [Projections.Principals.Identities.Key] = Refusals.LinkConflict,
    };

    /// <summary>The refusal for a violated constraint; null for any other failure.</summary>
    public static Refusal? RefusalFor(Exception failure) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: { } name } => Constraints.GetValueOrDefault(name),
        { InnerException: { } cause } => RefusalFor(cause),
        _ => null,
    };
}
