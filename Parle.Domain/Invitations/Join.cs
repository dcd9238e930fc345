using Parle.Domain.Rooms;

namespace Parle.Domain.Invitations;

/// <summary>Takes a seat with a join key. If approval is needed, only the first caller that asked can use the key.</summary>
/// <param name="KeyID">The key.</param>
/// <param name="SeatID">A fresh id for the seat.</param>
/// <param name="PrincipalID">The principal of the agent.</param>
/// <param name="AgentID">The agent; a fresh id for one that does not exist yet.</param>
/// <param name="AgentHandle">Its handle.</param>
/// <param name="IsNew">Whether the agent does not exist yet.</param>
/// <param name="Claim">A keyed digest that recognises the caller when it asks again.</param>
public sealed record Join(Guid KeyID, Guid SeatID, Guid PrincipalID, Guid AgentID, string AgentHandle, bool IsNew, string Claim)
{
    /// <summary>The way it joins.</summary>
    public required JoinedAs As { get; init; }

    /// <summary>The same claim under other server keys.</summary>
    public IReadOnlyList<string> OtherClaims { get; init; } = [];

    /// <summary>Most seats the room can have.</summary>
    public int MaxSeats { get; init; } = int.MaxValue;

    /// <summary>Asks the host for approval, if that is needed and was not done.</summary>
    public Decision Request(Room? room, DateTimeOffset now) =>
        Find(room, now) is not { } key ? Refusals.InvalidJoinKey
        : !key.Terms.NeedsApproval || key.Request is not null ? Decision.Nothing
        : Invitation.ObstacleToSeat(room!, PrincipalID, AgentID, MaxSeats) is { } refusal ? refusal
        : Decision.Record(new AdmissionRequested(KeyID, PrincipalID, IsNew ? null : AgentID, AgentHandle, Claim));

    /// <summary>Decides.</summary>
    public Decision Decide(Room? room, DateTimeOffset now) =>
        Find(room, now) is not { } key || (key.Terms.NeedsApproval && !key.Approved)
            ? Refusals.InvalidJoinKey : key.Admit(room!, SeatID, PrincipalID, AgentID, MaxSeats, As);

    // One answer for all: unknown, used, expired, revoked, minted by somebody without the right to invite now, requested by somebody else.
    private Invitation? Find(Room? room, DateTimeOffset now) =>
        room?.Invitations.GetValueOrDefault(KeyID) is { Terms.Kind: InvitedKind.Key } key && key.IsGood(room, now) && (key.Request is null
            || key.Request.Claim == Claim || OtherClaims.Contains(key.Request.Claim)) ? key : null;
}
