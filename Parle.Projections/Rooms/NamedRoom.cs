using Npgsql;

namespace Parle.Projections.Rooms;

/// <summary>A room, by the name that people give it.</summary>
/// <param name="RoomID">The room.</param>
/// <param name="Name"><c>@owner/handle</c>.</param>
/// <param name="IsArchived">Whether it is archived.</param>
public sealed record NamedRoom(Guid RoomID, string Name, bool IsArchived)
{
    /// <summary>Rooms by their names, in the order of these. Only an owner and a handle together name one room.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="owner">The handle of the owner; null for any.</param>
    /// <param name="handle">The handle of the room; null for any.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<NamedRoom>> Find(
        NpgsqlDataSource database, string? owner, string? handle, CancellationToken cancellation) => database.Rows(
        """
        select r.room_id, coalesce('@' || p.handle || '/', '') || coalesce(r.handle, '') as name, r.archived_at is not null as is_archived
        from parle.rooms r left join parle.principals p on p.principal_id = r.owner_id
        where ($1::text is null or p.handle = $1) and ($2::text is null or r.handle = $2) order by name, r.room_id
        """,
        row => new NamedRoom(row.Get<Guid>("room_id"), row.Get<string>("name"), row.Get<bool>("is_archived")), cancellation, owner, handle);
}
