using Parle.Domain.Rooms;

namespace Parle.Domain.Asks;

/// <summary>Withdraws a context item of one's own: nobody can read it any more, whatever the state of the ask.</summary>
/// <param name="AskID">The ask.</param>
/// <param name="Author">The participant that does it.</param>
/// <param name="FactID">A fresh id.</param>
/// <param name="Salt">Fresh random bytes.</param>
/// <param name="ItemID">The item.</param>
public sealed record WithdrawContext(Guid AskID, Author Author, Guid FactID, byte[] Salt, Guid ItemID)
    : AskCommand(AskActs.WithdrawContext, AskID, Author, FactID, Salt)
{
    /// <inheritdoc/>
    protected override Decision Decide(Ask ask, Seat seat, Room room, DateTimeOffset now) =>
        ask.Items.TryGetValue(ItemID, out var owner) && owner == seat.SeatID
            ? Record(new AskContextWithdrawn(ItemID), ask, room, $"Took context {ItemID} back.", new() { ["item_id"] = ItemID.ToString() })
            : Refusals.NotFound;
}
