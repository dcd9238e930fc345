using Parle.Domain.Rooms;

namespace Parle.Domain.Asks;

/// <summary>Withdraws an ask: nobody can answer it any more.</summary>
/// <param name="AskID">The ask.</param>
/// <param name="Author">The participant that does it.</param>
/// <param name="FactID">A fresh id.</param>
/// <param name="Salt">Fresh random bytes.</param>
/// <param name="Reason">The reason, in words.</param>
public sealed record WithdrawAsk(Guid AskID, Author Author, Guid FactID, byte[] Salt, string? Reason)
    : AskCommand(AskActs.Withdraw, AskID, Author, FactID, Salt)
{
    /// <inheritdoc/>
    protected override Decision Decide(Ask ask, Seat seat, Room room, DateTimeOffset now) =>
        Record(new AskWithdrawn(), ask, room, Reason is null ? "Took this ask back." : $"Took this ask back: {AskTexts.SetIn(Reason)}",
            Reason is null ? null : new() { ["reason"] = Reason }, ask.Claimant);
}
