using Marten;
using Npgsql;
using Parle.Domain.Contents;
using Parle.Projections.Rooms;

namespace Parle.Projections.Auditing;

/// <summary>An auditor of a room, as the view knows it.</summary>
/// <param name="AuditorID">The auditor.</param>
/// <param name="Label">Its label as stored; null for none.</param>
/// <param name="Contents">Whether it reads contents.</param>
/// <param name="CreatedAt">The time of its appointment.</param>
/// <param name="ExpiresAt">The end of its term; null for no bound.</param>
/// <param name="RevokedAt">The time of its dismissal; null for none.</param>
public sealed record AuditorRow(
    Guid AuditorID, string? Label, bool Contents, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt);

/// <summary>"Which auditors does a room have?" See <see cref="AuditReaders"/>.</summary>
public static class Auditors
{
    private const string OfRoomSql = """
        select a.auditor_id, c.body as label, a.contents, a.created_at, a.expires_at, a.revoked_at
        from parle.auditors a left join parle.contents c on c.content_id = a.auditor_id
        where a.room_id = $1 and a.auditor_id < $3 order by a.auditor_id desc limit $2
        """;

    /// <summary>The auditors of a room, newest first, dismissed ones among them.</summary>
    /// <param name="database">The database of the views.</param>
    /// <param name="roomID">The room.</param>
    /// <param name="after">Only auditors that were appointed before this one.</param>
    /// <param name="limit">Most rows of the answer.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<AuditorRow>> OfRoom(
        NpgsqlDataSource database, Guid roomID, Guid after, int limit, CancellationToken cancellation) => database.Rows(
            OfRoomSql, row => new AuditorRow(
                row.Get<Guid>("auditor_id"), row.Get<string?>("label"), row.Get<bool>("contents"), row.Get<DateTimeOffset>("created_at"),
                row.Get<DateTimeOffset?>("expires_at"), row.Get<DateTimeOffset?>("revoked_at")),
            cancellation, roomID, limit, after);

    /// <summary>The auditors of a room that were not dismissed, oldest first.</summary>
    public static Task<IReadOnlyList<Guid>> Living(NpgsqlDataSource database, Guid roomID, CancellationToken cancellation) => database.Rows(
        "select auditor_id from parle.auditors where room_id = $1 and revoked_at is null order by auditor_id",
        row => row.Get<Guid>("auditor_id"), cancellation, roomID);

    /// <summary>Keeps an auditor's label as content of its room.</summary>
    public static SqlOperation KeepLabel(Guid auditorID, Guid roomID, Content label) =>
        RoomContents.Keep(auditorID, roomID, label.Salt, label.Canonical);

    /// <summary>Whether a room has an auditor that was not dismissed.</summary>
    public static async Task<bool> Has(IQuerySession session, Guid roomID, Guid auditorID, CancellationToken cancellation) =>
        await session.Scalar<int?>("select 1 from parle.auditors where auditor_id = $1 and room_id = $2 and revoked_at is null",
            cancellation, auditorID, roomID) is not null;

    /// <summary>The principal that owns a room, and so decides about its auditors; null when there is no such room.</summary>
    public static Task<Guid?> OwnerOf(NpgsqlDataSource database, Guid roomID, CancellationToken cancellation) =>
        database.Scalar<Guid?>("select owner_id from parle.rooms where room_id = $1", cancellation, roomID);
}
