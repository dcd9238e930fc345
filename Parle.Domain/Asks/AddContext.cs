using Parle.Domain.Rooms;

namespace Parle.Domain.Asks;

/// <summary>Adds context to an ask, for all that may see it.</summary>
/// <param name="AskID">The ask.</param>
/// <param name="Author">The participant that does it.</param>
/// <param name="FactID">A fresh id.</param>
/// <param name="Salt">Fresh random bytes.</param>
/// <param name="Packet">The context.</param>
public sealed record AddContext(Guid AskID, Author Author, Guid FactID, byte[] Salt, ContextPacket Packet)
    : AskCommand(AskActs.AddContext, AskID, Author, FactID, Salt)
{
    /// <inheritdoc/>
    protected override Decision Decide(Ask ask, Seat seat, Room room, DateTimeOffset now) =>
        (Packet.Obstacle(now) ?? ask.ShareOf(seat.PrincipalID).Obstacle(seat, Packet, Limits)) is { } refusal ? refusal
        : Record(new AskContextAdded(), ask, room, "Hands over more.", forWhom: seat.SeatID == ask.Asker.SeatID ? ask.Claimant : ask.Asker,
            packet: Packet);
}
