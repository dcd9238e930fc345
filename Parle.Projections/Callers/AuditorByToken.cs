using Npgsql;

namespace Parle.Projections.Callers;

/// <summary>An auditor, as found by its credential.</summary>
/// <param name="AuditorID">Its id.</param>
/// <param name="RoomID">The room that it may read.</param>
/// <param name="OwnerID">The owner of that room.</param>
/// <param name="Contents">Whether it may read contents.</param>
/// <param name="Operators">The operators who appointed it; empty for none.</param>
/// <param name="ExpiresAt">Its end; null for none.</param>
public sealed record AuditorByToken(Guid AuditorID, Guid RoomID, Guid OwnerID, bool Contents, Guid[] Operators, DateTimeOffset? ExpiresAt)
{
    private static readonly string sql = $"""
        select a.auditor_id, a.room_id, r.owner_id, a.contents, a.operators, a.expires_at
        from parle.credentials c join parle.auditors a on a.auditor_id = c.subject_id join parle.rooms r using (room_id)
        where c.hash = $1 and a.revoked_at is null and (a.expires_at is null or a.expires_at > now())
          and {OperatorsInForce.NoneDismissed("a.operators")}
        """;

    /// <summary>The auditor of a credential; null when it is over.</summary>
    public static async Task<AuditorByToken?> Of(NpgsqlDataSource database, byte[] hash, CancellationToken cancellation) =>
        (await database.Rows(
            sql,
            row => new AuditorByToken(row.Get<Guid>("auditor_id"), row.Get<Guid>("room_id"), row.Get<Guid>("owner_id"),
                row.Get<bool>("contents"), row.Get<Guid[]?>("operators") ?? [], row.Get<DateTimeOffset?>("expires_at")),
            cancellation, hash)).FirstOrDefault();
}
