using Parle.Domain.Rooms;

namespace Parle.Domain.Asks;

/// <summary>
/// Replaces the subject: claims, answers and decisions about the old one are void. The same digest changes nothing, and a digest that was
/// denied before stays denied. Approvals do not count again, since they were given under the subject's name of that time.
/// </summary>
/// <param name="AskID">The ask.</param>
/// <param name="Author">The participant that does it.</param>
/// <param name="FactID">A fresh id.</param>
/// <param name="Salt">Fresh random bytes.</param>
/// <param name="Subject">The new subject.</param>
public sealed record ReplaceSubject(Guid AskID, Author Author, Guid FactID, byte[] Salt, AskSubject Subject)
    : AskCommand(AskActs.ReplaceSubject, AskID, Author, FactID, Salt)
{
    /// <inheritdoc/>
    protected override Decision Decide(Ask ask, Seat seat, Room room, DateTimeOffset now) =>
        Subject.Obstacle() is { } refusal ? refusal
        : Subject.Sha256 == ask.Sha256 ? AskActs.Not("unchanged",
            "This ask is about exactly this digest, and what was decided stands. Withdraw it and ask again, or name another digest.")
        : Record(
            new AskSubjectReplaced(Subject.Sha256!, ask.DeniedBy(Subject.Sha256!)), ask, room,
            $"Is about SHA-256 {Subject.Sha256} now: {Subject.Kind} {Subject.Ref}\nWhat was decided about another digest does not count; "
            + "who denied this one before denies it still.",
            new() { ["subject"] = Subject.Json() }, ask.Claimant);
}
