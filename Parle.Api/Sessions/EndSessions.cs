using Marten;
using Npgsql;
using Parle.Api.Wakeups;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Sessions;
using Parle.Projections.Sessions;
using Wolverine.Attributes;

namespace Parle.Api.Sessions;

/// <summary>
/// Ends sessions whose tokens ended with a seat, a room or an agent. Sent with that end, in one transaction. A room's manager cannot end
/// sessions elsewhere: a session that is in another room with a token of its own goes on there.
/// </summary>
/// <param name="SeatID">The seat that was removed; null for none.</param>
/// <param name="RoomID">The room that was archived; null for none.</param>
/// <param name="AgentID">The deleted agent: the sessions end of agents that it brought in; null for none.</param>
/// <param name="Attribution">The actor who ended it.</param>
[MessageIdentity("Parle.Api.Sessions.EndSessions")] // The name that it is stored under, wherever the type lies.
public sealed record EndSessions(Guid? SeatID, Guid? RoomID, Guid? AgentID, Attribution Attribution);

/// <summary>Ends the sessions, each with an event of its own, and takes them out of their rooms.</summary>
public static class EndSessionsHandler
{
    /// <summary>Doing it twice changes nothing, so it may be tried as often as needed.</summary>
    /// <exception cref="TimeoutException">Others write the same, or a writer's queue was full: to be retried.</exception>
    public static async Task Handle(
        EndSessions message, IDocumentStore store, NpgsqlDataSource database, RoomWriters writers, Notifier notifier, TimeProvider clock,
        CancellationToken cancellation)
    {
        var group = message switch
        {
            { SeatID: { } seat } => SessionGroup.OfSeat(seat),
            { RoomID: { } room } => SessionGroup.OfRoom(room),
            _ => SessionGroup.OfGuestsOf(message.AgentID!.Value),
        };
        for (var attempt = 1; await group.Live(database, cancellation) is { Count: > 0 } live; attempt++)
        {
            await using var session = store.LightweightSession();
            session.End(
                live, message.AgentID is null ? SessionEnded.SeatOver : SessionEnded.AgentDeleted, clock.GetUtcNow(), message.Attribution);
            await session.SaveUnlessLate(attempt, cancellation);
        }

        // Queried again, since an earlier try may have ended sessions that have not left their rooms yet.
        foreach (var (sessionID, _) in await group.StillPresent(database, cancellation))
        {
            await LeaveRoomsHandler.Handle(new(sessionID, message.Attribution), database, writers, notifier, cancellation);
        }
    }
}
