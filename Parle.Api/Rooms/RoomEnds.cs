using Parle.Api.Sessions;
using Parle.Api.Tokens;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Rooms;

namespace Parle.Api.Rooms;

/// <summary>The ends of tokens and sessions that follow from an end in a room.</summary>
public static class RoomEnds
{
    /// <summary>The messages to commit with <paramref name="fact"/>; none for most facts.</summary>
    internal static IEnumerable<FollowUp> Of(Guid roomID, object fact, Attribution cause) => RoomFacts.Of(fact).Ends switch
    {
        Ending.Room => [new(RevokeTokens.Of(roomID, cause)), new(new EndSessions(null, roomID, null, cause))],
        Ending.Seat => [new(new EndSessions(((SeatRemoved)fact).SeatID, null, null, cause))],
        _ => [],
    };
}
