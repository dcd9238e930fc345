using Parle.Api.Callers;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Rooms;

namespace Parle.Api.Rooms;

/// <summary>A room, for one of its members.</summary>
/// <param name="RoomID">The room.</param>
/// <param name="Room">Its state.</param>
/// <param name="Refusal">The reason why the member may not see it; null for none.</param>
public sealed record MembersRoom(Guid RoomID, Room Room, Refusal? Refusal)
{
    /// <summary>The room for an actor. Without a seat there, the actor gets the same refusal as for an unknown room (law 9).</summary>
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
