using Parle.Domain;
using Parle.Domain.Tokens;

namespace Parle.Api.Contract;

/// <summary>Whether a caller's credentials open an action. Requests and affordances ask the same question (law 7).</summary>
public static class Admission
{
    /// <summary>Why the caller is not let in; null when it is.</summary>
    /// <param name="action">What it wants to do.</param>
    /// <param name="caller">Who it is; null when its token opens nothing.</param>
    /// <param name="room">The room of the path, as written; null for actions outside of rooms.</param>
    /// <param name="session">The session of the path, as written; null for actions that name none.</param>
    /// <param name="now">The moment of the request.</param>
    public static Refusal? Obstacle(ParleAction action, Caller? caller, string? room, string? session, DateTimeOffset now) =>
        action.Access >= Access.Bearer && caller is null ? Refusals.InvalidAgentToken
        : (action.Access >= Access.Session ? SessionObstacle(caller!, now) : null)
            ?? (action.Access >= Access.Seat ? RoomObstacle(action, caller!, room) : null)
            ?? (action.NamesSession && session != caller!.Session!.SessionID.ToString() ? Refusals.AgentSessionMismatch : null)
            ?? (caller is null ? null : action.CallerObstacle?.Invoke(caller));

    private static Refusal? SessionObstacle(Caller caller, DateTimeOffset now) => caller.Session switch
    {
        null => Refusals.InvalidAgentSession,
        var session when session.AgentID != caller.AgentID => Refusals.InvalidAgentSession,
        { EndedAt: not null } => Refusals.AgentSessionEnded,
        { SupersededAt: not null } => Refusals.AgentSessionSuperseded,
        var session when session.ExpiresAt <= now => Refusals.AgentSessionExpired,
        _ => null,
    };

    // Unknown room, somebody else's room, no seat, not entered: one answer, byte for byte (law 9).
    private static Refusal? RoomObstacle(ParleAction action, Caller caller, string? room) =>
        !caller.RoomID.ToString().Equals(room, StringComparison.OrdinalIgnoreCase) || caller.Seat is null ? Refusals.RoomNotFound
        : !caller.Scopes.Contains(Scopes.Participate) ? Refusals.MissingScope(Scopes.Participate)
        : action.Access is Access.Participant && caller.ParticipantID is null ? Refusals.RoomNotFound
        : null;
}
