using Parle.Domain.Rooms;

namespace Parle.Domain.Asks;

/// <summary>Hands something over to those who may see the ask.</summary>
/// <param name="AskID">Which ask.</param>
/// <param name="Author">The participant that does it.</param>
/// <param name="FactID">A fresh id.</param>
/// <param name="Salt">Fresh random bytes.</param>
/// <param name="Packet">The context to hand over.</param>
public sealed record AddContext(Guid AskID, Author Author, Guid FactID, byte[] Salt, ContextPacket Packet)
    : AskCommand(AskActs.AddContext, AskID, Author, FactID, Salt)
{
    /// <inheritdoc/>
    protected override Decision Decide(Ask ask, Seat seat, Room room, DateTimeOffset now) =>
        (Packet.Obstacle(now) ?? ask.ShareOf(seat.PrincipalID).Obstacle(seat, Packet, Limits)) is { } refusal ? refusal
        : Record(new AskContextAdded(), ask, room, "Hands over more.", forWhom: seat.SeatID == ask.Asker.SeatID ? ask.Claimant : ask.Asker,
            packet: Packet);
}
