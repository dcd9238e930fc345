using Parle.Domain.Rooms;

namespace Parle.Domain.Invitations;

/// <summary>Takes a seat with a join key. Where somebody has to agree first, whoever asked first is the only one that can.</summary>
/// <param name="KeyID">Which key.</param>
/// <param name="SeatID">A fresh id for the seat.</param>
/// <param name="PrincipalID">Whose agent it is.</param>
/// <param name="AgentID">Which agent; a fresh id for one that is not there yet.</param>
/// <param name="AgentHandle">Its handle.</param>
/// <param name="IsNew">Whether the agent is not there yet.</param>
/// <param name="Claim">How the caller is recognised when it asks again.</param>
public sealed record Join(Guid KeyID, Guid SeatID, Guid PrincipalID, Guid AgentID, string AgentHandle, bool IsNew, string Claim)
{
    /// <summary>As what it joins.</summary>
    public required JoinedAs As { get; init; }

    /// <summary>Further claims that the same caller may be recognised by: those made under other server keys.</summary>
    public IReadOnlyList<string> OtherClaims { get; init; } = [];

    /// <summary>Most seats the room can have.</summary>
    public int MaxSeats { get; init; } = int.MaxValue;

    /// <summary>Asks the host, where that is needed and did not happen.</summary>
    public Decision Request(Room? room, DateTimeOffset now) =>
        Find(room, now) is not { } key ? Refusals.InvalidJoinKey
        : !key.Terms.NeedsApproval || key.Request is not null ? Decision.Nothing
        : Invitation.ObstacleToSeat(room!, PrincipalID, AgentID, MaxSeats) is { } refusal ? refusal
        : Decision.Record(new AdmissionRequested(KeyID, PrincipalID, IsNew ? null : AgentID, AgentHandle, Claim));

    /// <summary>Decides.</summary>
    public Decision Decide(Room? room, DateTimeOffset now) =>
        Find(room, now) is not { } key || (key.Terms.NeedsApproval && !key.Approved)
            ? Refusals.InvalidJoinKey : key.Admit(room!, SeatID, PrincipalID, AgentID, MaxSeats, As);

    // Unknown, used, expired, taken back, minted by somebody who may not invite any more, asked for by somebody else: one answer.
    private Invitation? Find(Room? room, DateTimeOffset now) =>
        room?.Invitations.GetValueOrDefault(KeyID) is { Terms.Kind: InvitedKind.Key } key && key.IsGood(room, now) && (key.Request is null
            || key.Request.Claim == Claim || OtherClaims.Contains(key.Request.Claim)) ? key : null;
}
