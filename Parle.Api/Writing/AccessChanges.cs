using Parle.Api.Wakeups;
using Parle.Domain.Rooms;

namespace Parle.Api.Writing;

/// <summary>Notifications of access that a fact ends.</summary>
internal static class AccessChanges
{
    /// <summary>Notifies open streams and waiting reads: each checks its access again.</summary>
    /// <param name="room">The room before <paramref name="fact"/>.</param>
    /// <param name="fact">The fact.</param>
    public static IEnumerable<Signal> Of(Room? room, object fact) => RoomFacts.Of(fact).Ends switch
    {
        Ending.Seat => [new(SignalKind.Standing, ((SeatRemoved)fact).SeatID)],
        Ending.Presence when room?.Participants.GetValueOrDefault(((ParticipantRemoved)fact).ParticipantID) is { } there =>
            [new(SignalKind.Standing, there.AgentSessionID)],
        Ending.Room => [.. room!.Seats.Keys.Select(seat => new Signal(SignalKind.Standing, seat))],
        _ => [],
    };
}
