using Parle.Api.Callers;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Rooms;

namespace Parle.Api.Rooms;

/// <summary>A room as one of its members may look at it.</summary>
/// <param name="RoomID">The room.</param>
/// <param name="Room">Its state.</param>
/// <param name="Refusal">Why it may not be looked at; null when it may.</param>
public sealed record MembersRoom(Guid RoomID, Room Room, Refusal? Refusal)
{
    /// <summary>A room, for an actor. One without a seat there is told the same as of a room that does not exist (law 9).</summary>
    /// <param name="roomID">The room.</param>
    /// <param name="actor">The actor.</param>
    /// <param name="states">The rooms' states.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<MembersRoom> Of(Guid roomID, Actor actor, RoomStates states, CancellationToken cancellation)
    {
        var room = (await states.Read([roomID], cancellation))[roomID].Room;
        var obstacle = actor.Member.SeatObstacle(room) is null ? null : actor.Agent is null ? Refusals.NoSuchThing : Refusals.RoomNotFound;
        return new(roomID, room!, obstacle);
    }
}
