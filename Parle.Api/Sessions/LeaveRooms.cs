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

/// <summary>
/// An answer that waits, after the commit, until the ended sessions have left their rooms: then their addresses reach nobody any more. If
/// that takes too long, the answer is sent, and the message that was committed with it does the rest.
/// </summary>
/// <param name="Answer">The answer.</param>
/// <param name="Leaving">The ended sessions.</param>
/// <param name="Changed">A session whose access changed in another way; null for none.</param>
public sealed record AfterLeaving(IResult Answer, IReadOnlyList<LeaveRooms> Leaving, Guid? Changed = null) : IResult
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1); // A client waits two seconds for the end of its session.

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        var notifier = services.GetRequiredService<Notifier>();
        if (Changed is { } sessionID)
        {
            notifier.Announce(new Signal(SignalKind.Standing, sessionID));
        }

        try
        {
            await Task.WhenAll(Leaving.Select(message => LeaveRoomsHandler.Handle(
                message, services.GetRequiredService<NpgsqlDataSource>(), services.GetRequiredService<RoomWriters>(), notifier,
                CancellationToken.None))).WaitAsync(Patience);
        }
        catch (Exception later) when (later is TimeoutException or NpgsqlException)
        {
            services.GetRequiredService<ILogger<AfterLeaving>>()
                .LogInformation("{Sessions} sessions that are over leave their rooms later ({Reason})", Leaving.Count, later.Message);
        }

        await Answer.ExecuteAsync(httpContext);
    }
}
