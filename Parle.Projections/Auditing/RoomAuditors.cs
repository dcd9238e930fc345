using Npgsql;

namespace Parle.Projections.Auditing;

/// <summary>"Which auditors may read this room's record?"</summary>
/// <param name="Living">Those that were not revoked, oldest first.</param>
public sealed record RoomAuditors(IReadOnlyList<Guid> Living)
{
    /// <summary>Nobody's auditors.</summary>
    public static RoomAuditors None { get; } = new([]);

    /// <summary>The auditors of a room.</summary>
    public static async Task<RoomAuditors> Of(NpgsqlDataSource database, Guid roomID, CancellationToken cancellation) =>
        new(await database.Rows(
            "select auditor_id from parle.auditors where room_id = $1 and revoked_at is null order by auditor_id",
            row => row.Get<Guid>("auditor_id"), cancellation, roomID));
}
