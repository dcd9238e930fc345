using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Sessions;
using Parle.Api.Wire;

namespace Parle.Api.Rooms;

/// <summary>A page of rooms.</summary>
/// <param name="Rooms">Oldest first.</param>
/// <param name="Next">Pass it back as <c>after</c>; null on the last page.</param>
public sealed record RoomList(IReadOnlyList<ListedRoom> Rooms, string? Next)
{
    /// <summary>An answer as it is sent.</summary>
    public static RoomList Example { get; } = new(
        [new(EnteredRoom.Example.RoomID, "build", false, new(2026, 8, 17, 9, 0, 0, TimeSpan.Zero), "owner",
            new(new("019a7c1d-0a11-7c3b-8c45-2d7f9b3e5a01"), "alice"))], null);
}

/// <summary>A room of which somebody is a member.</summary>
/// <param name="RoomID">The room.</param>
/// <param name="RoomHandle">Its handle; null when it has none.</param>
/// <param name="Private">Whether only its owner and the owner's agents can have a seat.</param>
/// <param name="CreatedAt">When it was opened.</param>
/// <param name="Relationship"><c>owner</c> or <c>member</c>.</param>
/// <param name="Owner">Whose room it is.</param>
public sealed record ListedRoom(
    Guid RoomID, string? RoomHandle, bool Private, DateTimeOffset CreatedAt, string Relationship, RoomOwner Owner);

/// <summary>Whose room it is.</summary>
/// <param name="PrincipalID">The person or organisation.</param>
/// <param name="PrincipalHandle">Its handle.</param>
public sealed record RoomOwner(Guid PrincipalID, string? PrincipalHandle);

/// <summary>Lists the rooms in which a person has a seat.</summary>
public static class ListRoomsEndpoint
{
    private const int PageSize = 200; // Of less than 300 bytes each: a client takes 64 KiB.

    private const string Sql = """
        select r.room_id, r.handle, r.kind = 'private', r.created_at, r.owner_id, p.handle
        from parle.rooms r join parle.principals p on p.principal_id = r.owner_id
        where r.archived_at is null and r.room_id > $2
          and exists (select from parle.seats s where s.room_id = r.room_id and s.principal_id = $1 and s.agent_id is null and s.removed_at is null)
        order by r.room_id limit $3
        """;

    /// <summary>Answers a page; ids are in the order of their opening.</summary>
    [Serves(typeof(RoomActions), nameof(RoomActions.ListRooms))]
    public static async Task<IResult> List(
        PageCursor cursor, Person person, HttpContext context, NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Sql);
        command.Parameters.AddRange(new NpgsqlParameter[]
        { new() { Value = person.PrincipalID }, new() { Value = cursor.After }, new() { Value = (long)PageSize + 1 } });
        var found = new List<ListedRoom>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            found.Add(new(
                rows.GetGuid(0), rows.IsDBNull(1) ? null : rows.GetString(1), rows.GetBoolean(2), rows.GetFieldValue<DateTimeOffset>(3),
                rows.GetGuid(4) == person.PrincipalID ? "owner" : "member", new(rows.GetGuid(4), rows.GetString(5))));
        }

        context.Response.Headers.CacheControl = "no-store";
        var page = found.Take(PageSize).ToList();
        return Results.Json(new RoomList(page, found.Count > PageSize ? page[^1].RoomID.ToString() : null), WireJson.Options);
    }
}
