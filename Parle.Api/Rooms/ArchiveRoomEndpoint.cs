using Parle.Api.Registry;
using Parle.Api.Sessions;
using Parle.Api.Tokens;
using Parle.Api.Writing;
using Parle.Domain.Rooms;

namespace Parle.Api.Rooms;

/// <summary>Closes a room for good.</summary>
public static class ArchiveRoomEndpoint
{
    /// <summary>
    /// Archives the room. Its seats end at once. Its tokens are revoked, and sessions without another room end, before the answer is sent,
    /// unless that takes long.
    /// </summary>
    [Serves(typeof(RoomActions), nameof(RoomActions.ArchiveRoom))]
    public static async Task<IResult> Archive(Guid room, Write write)
    {
        var written = await write.InRoom((state, _) => new ArchiveRoom(write.Actor.Member).Decide(state));
        return written.Room is null ? written.NoContent()
            : new AnswerAfter(
                Results.NoContent(), RevokeTokens.Of(room, write.Attribution), new EndSessions(null, room, null, write.Attribution));
    }
}
