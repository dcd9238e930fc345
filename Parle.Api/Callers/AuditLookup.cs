using Npgsql;
using Parle.Domain;
using Parle.Projections.Callers;

namespace Parle.Api.Callers;

/// <summary>Somebody who may read a room's record.</summary>
/// <param name="AuditorID">Which auditor.</param>
/// <param name="RoomID">Which room's.</param>
/// <param name="OwnerID">Whose room it is: for whom the auditor reads.</param>
/// <param name="Contents">Whether with what participants said.</param>
public sealed record Auditor(Guid AuditorID, Guid RoomID, Guid OwnerID, bool Contents)
{
    /// <summary>The operators who appointed it, or by whose session it was; empty for none.</summary>
    public IReadOnlyList<Guid> Operators { get; init; } = [];

    /// <summary>Until when; null for no bound.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>On each fact it causes (law 5).</summary>
    public Attribution Attribution(string correlation) =>
        new($"auditor:{AuditorID}", OwnerID, [.. Operators.Select(Operator.InPath), $"auditor:{AuditorID}"], correlation);
}

/// <summary>Somebody who runs the service.</summary>
/// <param name="OperatorID">Which operator.</param>
/// <param name="Label">What it is called.</param>
/// <param name="ExpiresAt">Until when; null for one who was appointed before there was an end.</param>
public sealed record Operator(Guid OperatorID, string Label, DateTimeOffset? ExpiresAt)
{
    /// <summary>The operators above it, the first one first; empty for one who was appointed at the machine.</summary>
    public IReadOnlyList<Guid> Path { get; init; } = [];

    /// <summary>
    /// A condition: nobody of those whom a column of operators names was dismissed. What somebody made as an operator ends with it, and so
    /// does all that was made with that.
    /// </summary>
    /// <param name="column">The column.</param>
    public static string NoneDismissed(string column) => OperatorsInForce.NoneDismissed(column);

    /// <summary>As it stands in the authority path of facts.</summary>
    public static string InPath(Guid operatorID) => $"operator:{operatorID}";

    /// <summary>For whom an operator acts where it acts for no principal: the service itself.</summary>
    public static Guid ServiceID { get; } = Domain.Rooms.NameBased.ID("principal", "service");

    /// <summary>On each fact it causes (law 5).</summary>
    public Attribution Attribution(string correlation, Guid? principalID = null) =>
        new($"operator:{OperatorID}", principalID ?? ServiceID, [.. Path.Select(InPath), InPath(OperatorID)], correlation);
}

/// <summary>Finds the auditor or operator who calls. Nothing is cached: an end holds for the next call on every node.</summary>
public sealed class AuditLookup(NpgsqlDataSource database, ServerKey key)
{
    /// <summary>The auditor; null when nothing valid was sent.</summary>
    public Task<Auditor?> FindAuditor(Secret? secret, CancellationToken cancellation) => Find(
        secret,
        async hash => await AuditorByToken.Of(database, hash, cancellation) is { } row
            ? new Auditor(row.AuditorID, row.RoomID, row.OwnerID, row.Contents) { Operators = row.Operators, ExpiresAt = row.ExpiresAt }
            : null,
        cancellation);

    /// <summary>The operator; null when nothing valid was sent.</summary>
    public Task<Operator?> FindOperator(Secret? secret, CancellationToken cancellation) => Find(
        secret,
        async hash => await OperatorByToken.Of(database, hash, cancellation) is { } row
            ? new Operator(row.OperatorID, row.Label, row.ExpiresAt) { Path = row.Path } : null,
        cancellation);

    private async Task<T?> Find<T>(Secret? secret, Func<byte[], Task<T?>> find, CancellationToken cancellation)
        where T : class => secret is { } presented ? await Credentials.Find(database, key, presented, find, cancellation) : null;
}
