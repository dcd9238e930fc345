using Parle.Domain;
using Parle.Domain.Aliases;
using Parle.Domain.Invitations;
using Parle.Domain.Names;
using Parle.Domain.Rooms;
using Parle.Domain.Sessions;
using Parle.Domain.Tokens;
using Parle.Projections.Rooms;

namespace Parle.Api.Callers;

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
    /// <summary>Whether the session was sent out of the room, and does not come in again.</summary>
    public bool WasSentOut { get; init; }

    /// <summary>
    /// Whether the agent came by a join key of its principal, and without credentials of its own: it has a share beside its host's other
    /// agents.
    /// </summary>
    public bool HasGuestsShare { get; init; }

    /// <summary>The tokens above the one presented, the first one first; empty for one that a person minted.</summary>
    public IReadOnlyList<Guid> TokenPath { get; init; } = [];

    /// <summary>How many of the tokens above are the same agent's; those further up belong to whoever brought it in.</summary>
    public int OwnAbove { get; init; }

    /// <summary>When the token expires, or the first one above it that does; null for never.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>The invitation that the token was minted for; null for none.</summary>
    public Guid? InvitationID { get; init; }

    /// <summary>Whether the seat that the token was minted for is no more.</summary>
    public bool SeatIsOver { get; init; }

    /// <summary>As what the agent joined the room with a key; null when it came in another way.</summary>
    public JoinedAs? As { get; init; }

    /// <summary>
    /// Whether it came without credentials of its own: it takes part for its host, and neither manages nor decides anything as it.
    /// </summary>
    public bool JoinedAsGuest => As is JoinedAs.Guest or JoinedAs.HostsAgent;

    /// <summary>
    /// The operators who made a token of the chain, or that with which one was made; empty for none. When one of them is dismissed, the
    /// token is over.
    /// </summary>
    public IReadOnlyList<Guid> Operators { get; init; } = [];

    /// <summary>How much narrower the token is than its scopes.</summary>
    public TokenLimits Limits { get; init; } = TokenLimits.None;

    /// <summary>The tokens of the chain that can be used a bounded number of times, with that number.</summary>
    public IReadOnlyList<(Guid TokenID, int Uses)> BoundedUses { get; init; } = [];

    /// <summary>The token, last, and the tokens of the same agent above it: to the first one its sessions are counted.</summary>
    public IReadOnlyList<Guid> OwnTokens => [.. TokenPath.TakeLast(OwnAbove), TokenID];

    /// <summary>Which sessions of its agent it may end.</summary>
    public SessionReach SessionReach => new(
        TokenID,
        IsWhole: OwnAbove == 0 && Limits is { Actions: null, Asks: null } && BoundedUses.Count == 0 && Seat is not null
            && Scopes.Contains(Domain.Tokens.Scopes.Participate));

    /// <summary>
    /// Until when the caller may hold a connection open at most: its session's end, or its token's. Only for those in a session.
    /// </summary>
    public DateTimeOffset HoldsUntil => EndsAt < Session!.ExpiresAt ? EndsAt.Value : Session.ExpiresAt;

    /// <summary>
    /// Under which keys a change of what this caller may do is announced: its session, agent and seat, and each token of its chain.
    /// </summary>
    public IReadOnlyList<Guid> StandingKeys =>
        [AgentID, TokenID, .. TokenPath, .. Operators, .. Session is null ? (Guid[])[] : [Session.SessionID],
            .. Seat is null ? (Guid[])[] : [Seat.SeatID]];

    /// <summary>Where the caller's session can be reached for as long as it lives, whatever alias it takes.</summary>
    public string SessionAddress => new Address(PrincipalHandle, AgentHandle, Session!.Handle).ToString();

    /// <summary>Where the caller can be reached, and is best answered: under its alias, if it has one.</summary>
    public string Address => new Address(PrincipalHandle, AgentHandle, Session?.Name).ToString();

    /// <summary>As whom the caller speaks in the room; only for those who are in it.</summary>
    public Author Author => new(ParticipantID!.Value, Session!.Alias?.Name);

    /// <summary>The caller's messages in the room. Only for those who are there.</summary>
    public WorkOf Work => new(RoomID, Seat!.SeatID, Seat.Since, Session!.Alias?.Name, ParticipantID!.Value, AgentID);

    /// <summary>Under which keys new work of the caller is announced.</summary>
    public IReadOnlyList<Guid> WorkKeys =>
        [Session!.SessionID, .. Seat is { } seat ? (Guid[])[seat.SeatID] : [],
            .. Session.Alias is { } alias ? (Guid[])[AliasKey.Of(AgentID, alias.Name)] : []];

    /// <summary>The chain that allows what the caller does: on each fact it causes (law 5).</summary>
    public Attribution Attribution(string correlation) => new(
        Session is null ? $"agent:{AgentID}" : $"agent:{AgentID}/session:{Session.SessionID}",
        PrincipalID,
        [.. Seat is null ? (string[])[] : [$"seat:{Seat.SeatID}"], .. Operators.Select(Operator.InPath),
            .. TokenPath.Select(token => $"token:{token}"), $"token:{TokenID}",
            .. Session is null ? (string[])[] : [$"session:{Session.SessionID}"]],
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
/// <param name="Alias">The alias it has; null for none.</param>
/// <param name="CreatedAt">When it started.</param>
/// <param name="ExpiresAt">When its life is over.</param>
/// <param name="EndedAt">When it was ended, if it was.</param>
/// <param name="SupersededAt">When another session took over its alias, if one did.</param>
public sealed record CallerSession(
    Guid SessionID, Guid AgentID, string Handle, CallerAlias? Alias, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt,
    DateTimeOffset? EndedAt, DateTimeOffset? SupersededAt)
{
    /// <summary>The token that started it, last, and those above it; empty for a session of before this was recorded.</summary>
    public IReadOnlyList<Guid> Tokens { get; init; } = [];

    /// <summary>By what others call it: its alias, or else its handle.</summary>
    public string Name => Alias?.Name ?? Handle;
}

/// <summary>The alias of the caller's run.</summary>
/// <param name="Name">The alias.</param>
/// <param name="Generation">How often it was taken over, from 1.</param>
public sealed record CallerAlias(string Name, long Generation);
