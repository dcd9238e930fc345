using Parle.Api.Callers;
using Parle.Api.Contract;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain.Rooms;

namespace Parle.Api.Sessions;

/// <summary>The session's presence in the room.</summary>
/// <param name="ParticipantID">The presence.</param>
/// <param name="RoomID">The room.</param>
/// <param name="RoomHandle">Its name.</param>
/// <param name="AgentSessionID">The session.</param>
public sealed record EnteredRoom(Guid ParticipantID, Guid RoomID, string? RoomHandle, Guid AgentSessionID)
{
    /// <summary>An answer as it is sent.</summary>
    public static EnteredRoom Example { get; } = new(
        new("019a7c1e-1f3a-7d52-8f7a-6a1d0c9b2e10"), new("019a7c1d-9c0e-7b7e-a3f1-0f2b4c6d8e01"), "build",
        new("019a7c1e-0b44-7a0c-9d3e-5c7b9a1f3d02"));
}

/// <summary>Brings the caller's session into the room of its token.</summary>
public static class EnterRoomEndpoint
{
    /// <summary>Enters, or finds the session in the room already.</summary>
    [Serves(typeof(SessionActions), nameof(SessionActions.EnterRoom))]
    public static async Task<IResult> Enter(Caller caller, RoomWriters writers, Readmission readmission, Correlation correlation)
    {
        var entry = new EnterRoom(
            Guid.CreateVersion7(), caller.AgentID, caller.Session!.SessionID, caller.SessionAddress, caller.Session.ExpiresAt);
        var attribution = caller.Attribution(correlation.ID);
        switch (await writers.Decide(new(caller.RoomID, attribution, entry.Decide)))
        {
            case RoomOutcome.Settled settled:
                var participantID = entry.Present(settled.Room)!.ParticipantID;
                if (await readmission.Obstacle() is { } refusal)
                {
                    // The session ended while it entered. The handler of that end may have read its rooms before it was in this one.
                    await writers.Decide(new(caller.RoomID, attribution, (room, _) => new LeaveRoom(participantID).Decide(room)));
                    return new RefusalResult(refusal);
                }

                return Results.Json(new EnteredRoom(participantID, caller.RoomID, caller.RoomHandle, caller.Session.SessionID),
                    WireJson.Options, statusCode: StatusCodes.Status201Created);
            case RoomOutcome.Refused refused:
                return new RefusalResult(refused.Refusal);
            case var outcome:
                throw new InvalidOperationException($"Entering cannot end as {outcome.GetType().Name}.");
        }
    }
}
