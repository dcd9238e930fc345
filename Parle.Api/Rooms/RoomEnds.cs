using Parle.Api.Sessions;
using Parle.Api.Signals;
using Parle.Api.Tokens;
using Parle.Domain;
using Parle.Domain.Rooms;

namespace Parle.Api.Rooms;

/// <summary>What follows outside of a room when something in it ends.</summary>
public static class RoomEnds
{
    /// <summary>Messages to be committed with <paramref name="fact"/>; none for most facts.</summary>
    internal static IEnumerable<object> Of(Guid roomID, object fact, Attribution cause) => RoomFacts.Of(fact).Ends switch
    {
        Ending.Room => [RevokeTokens.Of(roomID, cause), new EndSessions(null, roomID, null, cause)],
        Ending.Seat => [new EndSessions(((SeatRemoved)fact).SeatID, null, null, cause)],
        _ => [],
    };

    /// <summary>Who is to ask again whether it may have what it holds open.</summary>
    /// <param name="room">The room before <paramref name="fact"/>.</param>
    /// <param name="fact">The fact.</param>
    internal static IEnumerable<Signal> Standing(Room? room, object fact) => RoomFacts.Of(fact).Ends switch
    {
        Ending.Seat => [new(SignalKind.Standing, ((SeatRemoved)fact).SeatID)],
        Ending.Presence when room?.Participants.GetValueOrDefault(((ParticipantRemoved)fact).ParticipantID) is { } there => [new(SignalKind.Standing, there.AgentSessionID)],
        Ending.Room => [.. room!.Seats.Keys.Select(seat => new Signal(SignalKind.Standing, seat))],
        _ => [],
    };
}
