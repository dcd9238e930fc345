using Parle.Domain.Rooms;

namespace Parle.Domain.Asks;

/// <summary>Renews a claim, counted from now.</summary>
/// <param name="AskID">The ask.</param>
/// <param name="Author">The participant that does it.</param>
/// <param name="FactID">A fresh id.</param>
/// <param name="Salt">Fresh random bytes.</param>
/// <param name="Lease">The lease of the claim, see <see cref="ClaimLease"/>; null for the default.</param>
public sealed record RenewClaim(Guid AskID, Author Author, Guid FactID, byte[] Salt, TimeSpan? Lease)
    : AskCommand(AskActs.Renew, AskID, Author, FactID, Salt)
{
    /// <inheritdoc/>
    protected override Decision Decide(Ask ask, Seat seat, Room room, DateTimeOffset now) =>
        ClaimLease.Obstacle(Lease) is { } refusal ? refusal
        : Record(new AskClaimRenewed(ask.Claims, now + (Lease ?? ClaimLease.Usual)), ask, room, "Still works on this ask.");
}
