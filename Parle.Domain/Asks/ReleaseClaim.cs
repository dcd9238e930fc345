using Parle.Domain.Rooms;

namespace Parle.Domain.Asks;

/// <summary>Releases a claim, so that others can claim the ask.</summary>
/// <param name="AskID">The ask.</param>
/// <param name="Author">The participant that does it.</param>
/// <param name="FactID">A fresh id.</param>
/// <param name="Salt">Fresh random bytes.</param>
public sealed record ReleaseClaim(Guid AskID, Author Author, Guid FactID, byte[] Salt)
    : AskCommand(AskActs.Release, AskID, Author, FactID, Salt)
{
    /// <inheritdoc/>
    protected override Decision Decide(Ask ask, Seat seat, Room room, DateTimeOffset now) =>
        Record(new AskReleased(ask.Claims), ask, room, "Gave this ask back.", forWhom: ask.Asker);
}
