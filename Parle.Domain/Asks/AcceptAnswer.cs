using Parle.Domain.Rooms;

namespace Parle.Domain.Asks;

/// <summary>Accepts the answer, which closes the ask.</summary>
/// <param name="AskID">The ask.</param>
/// <param name="Author">The participant that does it.</param>
/// <param name="FactID">A fresh id.</param>
/// <param name="Salt">Fresh random bytes.</param>
public sealed record AcceptAnswer(Guid AskID, Author Author, Guid FactID, byte[] Salt)
    : AskCommand(AskActs.Accept, AskID, Author, FactID, Salt)
{
    /// <inheritdoc/>
    protected override Decision Decide(Ask ask, Seat seat, Room room, DateTimeOffset now) =>
        Record(new AskAccepted(), ask, room, "Accepted the answer.", forWhom: ask.Claimant);
}
