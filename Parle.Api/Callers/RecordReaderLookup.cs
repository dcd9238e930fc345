using Parle.Projections.Auditing;
using Npgsql;
using Parle.Domain;

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
    public static string NoneDismissed(string column) => OperatorConditions.NoneDismissed(column);

    /// <summary>As it stands in the authority path of facts.</summary>
    public static string InPath(Guid operatorID) => $"operator:{operatorID}";

    /// <summary>For whom an operator acts where it acts for no principal: the service itself.</summary>
    public static Guid ServiceID { get; } = Domain.Rooms.NameBased.ID("principal", "service");

    /// <summary>On each fact it causes (law 5).</summary>
    public Attribution Attribution(string correlation, Guid? principalID = null) =>
        new($"operator:{OperatorID}", principalID ?? ServiceID, [.. Path.Select(InPath), InPath(OperatorID)], correlation);
}

/// <summary>Finds out which auditor or operator is calling. Nothing is cached: an end holds for the next call on every node.</summary>
public sealed class RecordReaderLookup(NpgsqlDataSource database, ServerKey key)
{
    /// <summary>The auditor; null when nothing valid was sent.</summary>
    public Task<Auditor?> FindAuditor(Secret? secret, CancellationToken cancellation) => Find(
        secret,
        $"""
        select a.auditor_id, a.room_id, r.owner_id, a.contents, a.operators, a.expires_at
        from parle.credentials c join parle.auditors a on a.auditor_id = c.subject_id join parle.rooms r using (room_id)
        where c.hash = $1 and a.revoked_at is null and (a.expires_at is null or a.expires_at > now()) and {Operator.NoneDismissed("a.operators")}
        """,
        row => new Auditor(row.GetGuid(0), row.GetGuid(1), row.GetGuid(2), row.GetBoolean(3))
        {
            Operators = row.IsDBNull(4) ? [] : row.GetFieldValue<Guid[]>(4),
            ExpiresAt = row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5)
        },
        cancellation);

    /// <summary>The operator; null when nothing valid was sent.</summary>
    public Task<Operator?> FindOperator(Secret? secret, CancellationToken cancellation) => Find(
        secret,
        $"""
        select o.operator_id, o.label, o.expires_at, o.operators from parle.credentials c join parle.operators o on o.operator_id = c.subject_id
        where c.hash = $1 and o.revoked_at is null and (o.expires_at is null or o.expires_at > now()) and {Operator.NoneDismissed("o.operators")}
        """,
        row => new Operator(row.GetGuid(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetFieldValue<DateTimeOffset>(2))
        { Path = row.IsDBNull(3) ? [] : row.GetFieldValue<Guid[]>(3) },
        cancellation);

    private async Task<T?> Find<T>(Secret? secret, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
        where T : class
    {
        if (secret is not { } presented)
        {
            return null;
        }

        return await Credentials.Find(
            database, key, presented,
            async hash =>
            {
                await using var command = database.CreateCommand(sql);
                command.Parameters.Add(new() { Value = hash });
                await using var rows = await command.ExecuteReaderAsync(cancellation);
                return await rows.ReadAsync(cancellation) ? read(rows) : null;
            },
            cancellation);
    }
}
