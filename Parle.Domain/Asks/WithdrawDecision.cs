using Parle.Domain.Rooms;

namespace Parle.Domain.Asks;

/// <summary>
/// Withdraws the decision of the author's principal, as long as the approval was not used. Of a use and a withdrawal, the first decision
/// wins.
/// </summary>
/// <param name="AskID">The ask.</param>
/// <param name="Author">The participant that does it.</param>
/// <param name="FactID">A fresh id.</param>
/// <param name="Salt">Fresh random bytes.</param>
/// <param name="Reason">The reason, in words.</param>
public sealed record WithdrawDecision(Guid AskID, Author Author, Guid FactID, byte[] Salt, string? Reason)
    : AskCommand(AskActs.WithdrawDecision, AskID, Author, FactID, Salt)
{
    /// <inheritdoc/>
    protected override Decision Decide(Ask ask, Seat seat, Room room, DateTimeOffset now) => Record(
        new AskDecisionWithdrawn(seat.PrincipalID, ask.Sha256!, ask.Usable(ask.Decisions.Remove(seat.PrincipalID), isNew: false, now)), ask,
        room,
        $"Took the decision about {ask.Sha256} back{(Reason is null ? "." : $": {AskTexts.SetIn(Reason)}")}",
        new() { ["sha256"] = ask.Sha256, ["reason"] = Reason, ["earlier"] = ask.Decisions[seat.PrincipalID] ? "approve" : "deny" },
        ask.Asker);
}
