using Npgsql;

namespace Parle.Projections.Auditing;

/// <summary>A room, without its contents.</summary>
/// <param name="RoomID">The room.</param>
/// <param name="Handle">Its handle; null for none.</param>
/// <param name="Kind"><c>private</c> or <c>shared</c>.</param>
/// <param name="OwnerHandle">The handle of its owner; null when the owner is not known.</param>
/// <param name="OpenedAt">The time of its opening.</param>
/// <param name="ArchivedAt">The time at which it was archived; null while it is open.</param>
/// <param name="Seats">The number of its seats.</param>
/// <param name="Participants">The number of sessions that are present.</param>
/// <param name="Facts">The number of its facts.</param>
/// <param name="LastFactAt">The time of its last fact; null for none.</param>
public sealed record RoomSummaryRow(
    Guid RoomID, string? Handle, string Kind, string? OwnerHandle, DateTimeOffset OpenedAt, DateTimeOffset? ArchivedAt, long Seats,
    long Participants, long Facts, DateTimeOffset? LastFactAt)
{
    private const string Sql = """
        select r.room_id, r.handle, r.kind, p.handle as owner_handle, r.opened_at, r.archived_at, r.seats, r.participants,
               coalesce(last.version, 0) as facts, last.at as last_at
        from (select * from parle.room_summaries where room_id > $1 order by room_id limit $2) as r
        left join parle.principals p on p.principal_id = r.owner_id
        left join lateral (
            select i.version, i.at from parle.record_index i where i.stream_id = r.room_id order by i.version desc limit 1) as last on true
        order by r.room_id
        """;

    /// <summary>The rooms of the service, by their ids.</summary>
    /// <param name="database">The database of the views.</param>
    /// <param name="after">Only rooms after this one.</param>
    /// <param name="limit">Most rows of the answer.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<RoomSummaryRow>> All(
        NpgsqlDataSource database, Guid after, int limit, CancellationToken cancellation) => database.Rows(
            Sql, row => new RoomSummaryRow(
                row.Get<Guid>("room_id"), row.Get<string?>("handle"), row.Get<string>("kind"), row.Get<string?>("owner_handle"),
                row.Get<DateTimeOffset>("opened_at"), row.Get<DateTimeOffset?>("archived_at"), row.Get<long>("seats"),
                row.Get<long>("participants"), row.Get<long>("facts"), row.Get<DateTimeOffset?>("last_at")),
            cancellation, after, limit);
}
