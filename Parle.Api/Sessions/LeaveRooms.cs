using Npgsql;
using Parle.Api.Wakeups;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Rooms;
using Wolverine.Attributes;

namespace Parle.Api.Sessions;

/// <summary>A session that is over leaves its rooms. Sent with the end itself, in one transaction.</summary>
/// <param name="SessionID">The session that is over.</param>
/// <param name="Attribution">Who ended it.</param>
[MessageIdentity("Parle.Api.Sessions.LeaveRooms")] // The name that it is stored under, wherever the type lies.
public sealed record LeaveRooms(Guid SessionID, Attribution Attribution);

/// <summary>Takes a session that is over out of its rooms, and closes what it holds open.</summary>
public static class LeaveRoomsHandler
{
    /// <summary>Leaves each room by the room's own writer. Leaving twice changes nothing, so it may be tried as often as needed.</summary>
    /// <exception cref="TimeoutException">A writer's queue was full or the database away: to be tried again.</exception>
    public static async Task Handle(
        LeaveRooms message, NpgsqlDataSource database, RoomWriters writers, Notifier notifier, CancellationToken cancellation)
    {
        notifier.Announce(new Signal(SignalKind.Standing, message.SessionID));
        foreach (var (roomID, participantID) in await Presences(message.SessionID, database, cancellation))
        {
            if (await writers.Decide(new(roomID, message.Attribution, (room, _) => new LeaveRoom(participantID).Decide(room)))
                is RoomOutcome.Refused { Refusal: var refusal })
            {
                throw new TimeoutException(refusal.Message);
            }
        }
    }

    private static async Task<IReadOnlyList<(Guid RoomID, Guid ParticipantID)>> Presences(
        Guid sessionID, NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "select room_id, participant_id from parle.participants where session_id = $1 and left_at is null");
        command.Parameters.Add(new() { Value = sessionID });
        var presences = new List<(Guid, Guid)>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            presences.Add((rows.GetGuid(0), rows.GetGuid(1)));
        }

        return presences;
    }
}

/// <summary>
/// An answer that waits, once everything is committed, until the sessions that are over have left their rooms: who hears it can
/// rely on their addresses reaching nobody. Should that take too long, it follows by the message that was committed with it.
/// </summary>
/// <param name="Answer">What to answer.</param>
/// <param name="Leaving">The sessions that are over.</param>
/// <param name="Changed">A session whose standing changed in another way; null for none.</param>
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
