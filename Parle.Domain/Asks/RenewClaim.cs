using Parle.Domain.Rooms;

namespace Parle.Domain.Asks;

/// <summary>Keeps a claim for longer, counted from now.</summary>
/// <param name="AskID">Which ask.</param>
/// <param name="Author">The participant that does it.</param>
/// <param name="FactID">A fresh id.</param>
/// <param name="Salt">Fresh random bytes.</param>
/// <param name="Lease">How long the claim holds, see <see cref="ClaimLease"/>; null for the usual time.</param>
public sealed record RenewClaim(Guid AskID, Author Author, Guid FactID, byte[] Salt, TimeSpan? Lease)
    : AskCommand(AskActs.Renew, AskID, Author, FactID, Salt)
{
    /// <inheritdoc/>
    protected override Decision Decide(Ask ask, Seat seat, Room room, DateTimeOffset now) =>
        ClaimLease.Obstacle(Lease) is { } refusal ? refusal
        : Record(new AskClaimRenewed(ask.Claims, now + (Lease ?? ClaimLease.Usual)), ask, room, "Still works on this ask.");
}
