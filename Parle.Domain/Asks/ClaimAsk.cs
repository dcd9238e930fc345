using Parle.Domain.Rooms;

namespace Parle.Domain.Asks;

/// <summary>Takes an ask over: who claimed it answers it, or gives it back.</summary>
/// <param name="AskID">Which ask.</param>
/// <param name="Author">The participant that does it.</param>
/// <param name="FactID">A fresh id.</param>
/// <param name="Salt">Fresh random bytes.</param>
/// <param name="Lease">How long the claim holds, see <see cref="ClaimLease"/>; null for the usual time.</param>
public sealed record ClaimAsk(Guid AskID, Author Author, Guid FactID, byte[] Salt, TimeSpan? Lease)
    : AskCommand(AskActs.Claim, AskID, Author, FactID, Salt)
{
    /// <inheritdoc/>
    protected override Decision Decide(Ask ask, Seat seat, Room room, DateTimeOffset now) =>
        ClaimLease.Obstacle(Lease) is { } refusal ? refusal
        : Record(new AskClaimed(seat.SeatID, ask.Claims + 1, now + (Lease ?? ClaimLease.Usual)), ask, room, "Claimed this ask.",
            forWhom: ask.Asker);
}
