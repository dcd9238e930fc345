using Npgsql;
using Parle.Domain;

namespace Parle.Api.Contract;

/// <summary>Somebody who may read a room's record.</summary>
/// <param name="AuditorID">Which auditor.</param>
/// <param name="RoomID">Which room's.</param>
/// <param name="OwnerID">Whose room it is: for whom the auditor reads.</param>
/// <param name="Contents">Whether with what participants said.</param>
public sealed record Auditor(Guid AuditorID, Guid RoomID, Guid OwnerID, bool Contents)
{
    /// <summary>On each fact it causes (law 5).</summary>
    public Attribution Attribution(string correlation) => new($"auditor:{AuditorID}", OwnerID, [$"auditor:{AuditorID}"], correlation);
}

/// <summary>Somebody who runs the service.</summary>
/// <param name="OperatorID">Which operator.</param>
/// <param name="Label">What it is called.</param>
public sealed record Operator(Guid OperatorID, string Label)
{
    /// <summary>For whom an operator acts where it acts for no principal: the service itself.</summary>
    public static Guid ServiceID { get; } = Domain.Rooms.NameBased.ID("principal", "service");

    /// <summary>On each fact it causes (law 5).</summary>
    public Attribution Attribution(string correlation, Guid? principalID = null) => new($"operator:{OperatorID}", principalID ?? ServiceID, [$"operator:{OperatorID}"], correlation);
}

/// <summary>Finds out which auditor or operator is calling. As for agents, nothing is cached: an end holds for the next call on every node.</summary>
public sealed class RecordReaderLookup(NpgsqlDataSource database, ServerKey key)
{
    /// <summary>The auditor; null when nothing valid was sent.</summary>
    public Task<Auditor?> FindAuditor(Secret? secret, CancellationToken cancellation) => Find(
        secret,
        """
        select a.auditor_id, a.room_id, r.owner_id, a.contents
        from parle.credentials c join parle.auditors a on a.auditor_id = c.subject_id join parle.rooms r using (room_id)
        where c.hash = $1 and a.revoked_at is null and (a.expires_at is null or a.expires_at > now())
        """,
        row => new Auditor(row.GetGuid(0), row.GetGuid(1), row.GetGuid(2), row.GetBoolean(3)),
        cancellation);

    /// <summary>The operator; null when nothing valid was sent.</summary>
    public Task<Operator?> FindOperator(Secret? secret, CancellationToken cancellation) => Find(
        secret,
        "select o.operator_id, o.label from parle.credentials c join parle.operators o on o.operator_id = c.subject_id where c.hash = $1 and o.revoked_at is null",
        row => new Operator(row.GetGuid(0), row.GetString(1)),
        cancellation);

    private async Task<T?> Find<T>(Secret? secret, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
        where T : class
    {
        if (secret is not { } presented)
        {
            return null;
        }

        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = key.HashOf(presented) });
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await rows.ReadAsync(cancellation) ? read(rows) : null;
    }
}
