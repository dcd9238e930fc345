using Parle.Api.Callers;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Rooms;

namespace Parle.Api.Rooms;

/// <summary>A room as one of its members may look at it.</summary>
/// <param name="RoomID">Which room.</param>
/// <param name="Room">Its state.</param>
/// <param name="Refusal">Why it may not be looked at; null when it may.</param>
public sealed record MembersRoom(Guid RoomID, Room Room, Refusal? Refusal)
{
    /// <summary>The room of the path. Whoever has no seat there is told the same as of a room that does not exist (law 9).</summary>
    public static async Task<MembersRoom> Of(HttpContext context, Actor actor)
    {
        if (WireID.InPath(context, "room") is not { } roomID)
        {
            return new(Guid.Empty, null!, Refusals.NoSuchThing);
        }

        var room = (await context.RequestServices.GetRequiredService<RoomStates>().Read([roomID], context.RequestAborted))[roomID].Room;
        var obstacle = actor.Member.SeatObstacle(room) is null ? null : actor.Agent is null ? Refusals.NoSuchThing : Refusals.RoomNotFound;
        return new(roomID, room!, obstacle);
    }
}
