using Marten;
using Npgsql;
using Parle.Api.Contract;
using Parle.Api.Lanes;
using Parle.Domain;
using Parle.Domain.Rooms;
using Parle.Domain.Sessions;
using Parle.Projections;

namespace Parle.Api.Sessions;

/// <summary>Ends a run of an agent.</summary>
public static class EndSessionEndpoint
{
    /// <summary>Records the end; leaving the rooms follows from it, also when this service dies in between.</summary>
    [Serves(nameof(Actions.EndSession))]
    public static async Task<(IResult Answer, LeaveRooms? Then)> End(Caller caller, IDocumentSession session, TimeProvider clock, HttpContext context, CancellationToken cancellation)
    {
        var sessionID = caller.Session!.SessionID;
        var facts = await session.Events.FetchStreamAsync(sessionID, token: cancellation);
        var decision = new EndSession().Decide(facts.Aggregate((AgentSession?)null, (state, fact) => AgentSession.Apply(state, fact.Data)));
        if (decision.Refusal is { } refusal)
        {
            return (new RefusalResult(refusal), null);
        }

        var now = clock.GetUtcNow();
        var attribution = caller.Attribution(context.TraceIdentifier);
        session.Events.Append(sessionID, session.BuildFact(decision.Facts[0].Data, Guid.CreateVersion7(now), now, attribution)).ExpectedVersionOnServer = facts.Count;
        return (Results.NoContent(), new(sessionID, attribution));
    }
}

/// <summary>An ended session leaves its rooms. Sent with the end itself, in one transaction.</summary>
/// <param name="SessionID">The session that ended.</param>
/// <param name="Attribution">Who ended it.</param>
public sealed record LeaveRooms(Guid SessionID, Attribution Attribution);

/// <summary>Takes an ended session out of its rooms.</summary>
public static class LeaveRoomsHandler
{
    /// <summary>Leaves each room in the room's own lane. Leaving twice changes nothing, so it may be tried as often as needed.</summary>
    /// <exception cref="TimeoutException">A lane was full or the database away: to be tried again.</exception>
    public static async Task Handle(LeaveRooms message, NpgsqlDataSource database, RoomLanes lanes, CancellationToken cancellation)
    {
        foreach (var (roomID, participantID) in await Presences(message.SessionID, database, cancellation))
        {
            if (await lanes.Decide(new(roomID, message.Attribution, (room, _) => new LeaveRoom(participantID).Decide(room))) is RoomOutcome.Refused { Refusal: var refusal })
            {
                throw new TimeoutException(refusal.Message);
            }
        }
    }

    private static async Task<IReadOnlyList<(Guid RoomID, Guid ParticipantID)>> Presences(Guid sessionID, NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select room_id, participant_id from parle.participants where session_id = $1 and left_at is null");
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
