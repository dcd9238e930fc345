using Npgsql;
using Parle.Api.Wakeups;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Rooms;
using Parle.Projections.Sessions;
using Wolverine.Attributes;

namespace Parle.Api.Sessions;

/// <summary>Takes an ended session out of its rooms. Sent with the end itself, in one transaction.</summary>
/// <param name="SessionID">The ended session.</param>
/// <param name="Attribution">The actor who ended it.</param>
[MessageIdentity("Parle.Api.Sessions.LeaveRooms")] // The name that it is stored under, wherever the type lies.
public sealed record LeaveRooms(Guid SessionID, Attribution Attribution);

/// <summary>Takes an ended session out of its rooms, and closes its open connections.</summary>
public static class LeaveRoomsHandler
{
    /// <summary>Leaves each room by the room's own writer. Idempotent, so it can be retried.</summary>
    /// <exception cref="TimeoutException">A writer's queue was full or the database unavailable; to be retried.</exception>
    public static async Task Handle(
        LeaveRooms message, NpgsqlDataSource database, RoomWriters writers, Notifier notifier, CancellationToken cancellation)
    {
        notifier.Announce(new Signal(SignalKind.Standing, message.SessionID));
        foreach (var (roomID, participantID) in await AgentSessionQueries.Presences(database, message.SessionID, cancellation))
        {
            if (await writers.Decide(new(roomID, message.Attribution, (room, _) => new LeaveRoom(participantID).Decide(room)))
                is RoomOutcome.Refused { Refusal: var refusal })
            {
                throw new TimeoutException(refusal.Message);
            }
        }
    }
}
