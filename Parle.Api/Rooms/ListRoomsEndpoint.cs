using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Sessions;
using Parle.Api.Wire;
using Parle.Projections.Rooms;

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

    /// <summary>Answers a page; ids are in the order of their opening.</summary>
    [Serves(typeof(RoomActions), nameof(RoomActions.ListRooms))]
    public static async Task<IResult> List(
        PageCursor cursor, Person person, NpgsqlDataSource database, CancellationToken cancellation)
    {
        var found = await RoomPage.OfMember(database, person.PrincipalID, cursor.After, PageSize + 1, cancellation);
        var page = found.Take(PageSize).Select(room => new ListedRoom(
            room.RoomID, room.Handle, room.IsPrivate, room.CreatedAt, room.OwnerID == person.PrincipalID ? "owner" : "member",
            new(room.OwnerID, room.OwnerHandle))).ToList();
        return Results.Json(new RoomList(page, found.Count > PageSize ? page[^1].RoomID.ToString() : null), WireJson.Options);
    }
}
