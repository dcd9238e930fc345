using Npgsql;
using Parle.Domain;

namespace Parle.Api.Wire;

/// <summary>Two take one name at the same moment: the database tells them apart, and here the later one is told.</summary>
public static class TakenName
{
    private static readonly Dictionary<string, Refusal> Constraints = new(StringComparer.Ordinal)
    {
        ["principals_handle"] = Refusals.HandleUnavailable,
        [Projections.Principals.Identities.Key] = Refusals.LinkConflict,
    };

    /// <summary>What to tell whoever met the constraint; null for other failures.</summary>
    public static Refusal? RefusalFor(Exception failure) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: { } name } => Constraints.GetValueOrDefault(name),
        { InnerException: { } cause } => RefusalFor(cause),
        _ => null,
    };
}
