using Parle.Domain.Rooms;

namespace Parle.Domain.Asks;

/// <summary>Says that one will not answer. When all who were asked have said so, the ask is over.</summary>
/// <param name="AskID">Which ask.</param>
/// <param name="Author">The participant that does it.</param>
/// <param name="FactID">A fresh id.</param>
/// <param name="Salt">Fresh random bytes.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record DeclineAsk(Guid AskID, Author Author, Guid FactID, byte[] Salt, string? Reason)
    : AskCommand(AskActs.Decline, AskID, Author, FactID, Salt)
{
    /// <inheritdoc/>
    protected override Decision Decide(Ask ask, Seat seat, Room room, DateTimeOffset now) =>
        Record(new AskDeclined(seat.SeatID), ask, room, Reason is null ? "Declined." : $"Declined: {AskWords.SetIn(Reason)}",
            Reason is null ? null : new() { ["reason"] = Reason }, ask.Asker);
}
