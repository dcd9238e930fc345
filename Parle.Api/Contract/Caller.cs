using Parle.Domain;
using Parle.Domain.Names;

namespace Parle.Api.Contract;

/// <summary>Who is calling, for whom, and how far its credentials reach. Comes from credentials alone, never from a body.</summary>
/// <param name="TokenID">The token presented.</param>
/// <param name="Scopes">What the token allows.</param>
/// <param name="AgentID">The agent that the token belongs to.</param>
/// <param name="AgentHandle">Its handle.</param>
/// <param name="PrincipalID">For whom the agent acts.</param>
/// <param name="PrincipalHandle">Its handle.</param>
/// <param name="RoomID">The one room the token opens.</param>
/// <param name="RoomHandle">Its handle.</param>
/// <param name="Seat">The agent's seat in that room; null when it has none.</param>
/// <param name="Session">The session presented with the token; null when none was.</param>
/// <param name="ParticipantID">The session's presence in the room; null before it entered.</param>
public sealed record Caller(
    Guid TokenID,
    IReadOnlyList<string> Scopes,
    Guid AgentID,
    string AgentHandle,
    Guid PrincipalID,
    string PrincipalHandle,
    Guid RoomID,
    string? RoomHandle,
    CallerSeat? Seat,
    CallerSession? Session,
    Guid? ParticipantID)
{
    /// <summary>Where the caller can be reached.</summary>
    public string Address => new Address(PrincipalHandle, AgentHandle, Session?.Handle).ToString();

    /// <summary>The chain that allows what the caller does: on each fact it causes (law 5).</summary>
    public Attribution Attribution(string correlation) => new(
        Session is null ? $"agent:{AgentID}" : $"agent:{AgentID}/session:{Session.SessionID}",
        PrincipalID,
        [.. Seat is null ? (string[])[] : [$"seat:{Seat.SeatID}"], $"token:{TokenID}", .. Session is null ? (string[])[] : [$"session:{Session.SessionID}"]],
        correlation);
}

/// <summary>The caller's place in the room.</summary>
/// <param name="SeatID">Which seat.</param>
/// <param name="Since">How many common rows lie before its view.</param>
public sealed record CallerSeat(Guid SeatID, long Since);

/// <summary>The caller's run.</summary>
/// <param name="SessionID">Which session.</param>
/// <param name="AgentID">The agent whose session it is.</param>
/// <param name="Handle">Its anonymous handle.</param>
/// <param name="CreatedAt">When it started.</param>
/// <param name="ExpiresAt">When its life is over.</param>
/// <param name="EndedAt">When it was ended, if it was.</param>
public sealed record CallerSession(Guid SessionID, Guid AgentID, string Handle, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? EndedAt);
