using Parle.Domain.Rooms;

namespace Parle.Domain.Asks;

/// <summary>Uses an approval, once: of several attempts exactly one succeeds.</summary>
/// <param name="AskID">The ask.</param>
/// <param name="Author">The participant that does it.</param>
/// <param name="FactID">A fresh id.</param>
/// <param name="Salt">Fresh random bytes.</param>
/// <param name="Sha256">The digest of the thing to use it for.</param>
public sealed record ConsumeApproval(Guid AskID, Author Author, Guid FactID, byte[] Salt, string? Sha256)
    : AskCommand(AskActs.Consume, AskID, Author, FactID, Salt)
{
    /// <inheritdoc/>
    protected override Decision Decide(Ask ask, Seat seat, Room room, DateTimeOffset now) =>
        Sha256 != ask.Sha256 ? Refusals.ValidationFailed.Because("sha256 is not the digest that was approved.")
        : Record(new AskConsumed(Sha256!), ask, room, $"Used the approval of {Sha256}.", new() { ["sha256"] = Sha256 });
}
