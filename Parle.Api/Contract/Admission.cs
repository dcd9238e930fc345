using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Domain;
using Parle.Domain.Tokens;

namespace Parle.Api.Contract;

/// <summary>Whether an agent's credentials open an action. Requests and affordances ask the same question (law 7).</summary>
public static class Admission
{
    /// <summary>Returns the reason to refuse the caller; null when it is let in.</summary>
    /// <param name="action">The action.</param>
    /// <param name="caller">The caller; null when its token opens nothing.</param>
    /// <param name="room">The room of the path, as written; null for actions outside of rooms.</param>
    /// <param name="session">The session of the path, as written; null for actions that name none.</param>
    /// <param name="now">The moment of the request.</param>
    /// <param name="ask">The ask of the path; null when it names none, or when the ask does not matter.</param>
    public static Refusal? Obstacle(
        ParleAction action, Caller? caller, string? room, string? session, DateTimeOffset now, Guid? ask = null) =>
        action.Agent is not { } way ? null
        : caller is null || HasExpired(caller, now) ? Refusals.InvalidAgentToken
        : (caller.SeatIsOver ? SeatlessObstacle(action) : null)
            ?? (action.NeedsSession ? SessionObstacle(caller, now) : null)
            ?? (action.NeedsItsRoom ? RoomObstacle(action, caller, room) : null)
            // Scopes do not matter here: only the host can do such things.
            ?? (way.Scope is not null && caller.JoinedAsGuest ? Refusals.Guest : null)
            ?? (way.Scope is { } scope && !caller.Scopes.Contains(scope) ? Refusals.MissingScope(scope) : null)
            ?? (action.NamesSession && !caller.Session!.SessionID.ToString().Equals(session, StringComparison.OrdinalIgnoreCase)
                ? Refusals.AgentSessionMismatch : null)
            ?? (way.IsForNarrowTokens ? null : caller.Limits.Obstacle(action.Id, action.NamesAsk, ask))
            ?? action.CallerObstacle?.Invoke(caller);

    /// <summary>
    /// Whether the caller's token, or one above it, has expired by the service's clock too. A request that is held open must not outlast
    /// it.
    /// </summary>
    public static bool HasExpired(Caller caller, DateTimeOffset now) => caller.EndsAt <= now;

    /// <summary>
    /// The caller without an invalid session: another agent's, or one that has ended. An action that needs a session refuses such a caller;
    /// any other action must not take the session as authority (law 5), nor as a sign of life.
    /// </summary>
    public static Caller WithoutInvalidSession(Caller caller, DateTimeOffset now) =>
        caller.Session is null || SessionObstacle(caller, now) is null
            ? caller : caller with { Session = null, ParticipantID = null, WasSentOut = false };

    // A token without a seat opens neither its room nor anything else. A new session would not help.
    private static Refusal? SeatlessObstacle(ParleAction action) =>
        action.NeedsItsRoom ? Refusals.RoomNotFound
        : action.IsAlwaysAllowed ? null : Refusals.InvalidAgentToken;

    private static Refusal? SessionObstacle(Caller caller, DateTimeOffset now) => caller.Session switch
    {
        null => Refusals.InvalidAgentSession,
        var session when session.AgentID != caller.AgentID => Refusals.InvalidAgentSession,
        { EndedAt: not null } => Refusals.AgentSessionEnded,
        { SupersededAt: not null } => Refusals.AgentSessionSuperseded,
        var session when session.ExpiresAt <= now => Refusals.AgentSessionExpired,
        _ => null,
    };

    // Unknown room, another's room, no seat, not entered: one answer, byte for byte (law 9).
    private static Refusal? RoomObstacle(ParleAction action, Caller caller, string? room) =>
        !caller.RoomID.ToString().Equals(room, StringComparison.OrdinalIgnoreCase) || caller.Seat is null ? Refusals.RoomNotFound
        : caller.WasSentOut ? Refusals.ParticipantRevoked
        : action.NeedsSeat && !caller.Scopes.Contains(Scopes.Participate) ? Refusals.MissingScope(Scopes.Participate)
        : action.Agent is { Standing: AgentStanding.Participant } && caller.ParticipantID is null ? Refusals.RoomNotFound
        : null;
}
