using Parle.Domain.Rooms;

namespace Parle.Domain.Asks;

/// <summary>Asks about something else from now on: claims, answers and decisions about the old subject are void.</summary>
/// <param name="AskID">Which ask.</param>
/// <param name="Author">Who does it.</param>
/// <param name="FactID">A fresh id.</param>
/// <param name="Salt">Fresh random bytes.</param>
/// <param name="Subject">What it is about now.</param>
public sealed record ReplaceSubject(Guid AskID, Author Author, Guid FactID, byte[] Salt, AskSubject Subject) : AskCommand(AskActs.ReplaceSubject, AskID, Author, FactID, Salt)
{
    /// <inheritdoc/>
    protected override Decision Decide(Ask ask, Seat seat, Room room, DateTimeOffset now) =>
        Subject.Obstacle() is { } refusal ? refusal
        : Record(
            new AskSubjectReplaced(Subject.Sha256!), ask, room, $"Is about {Subject.Kind} {Subject.Ref} now, SHA-256 {Subject.Sha256}. What was decided before is void.",
            new() { ["subject"] = Subject.Json() }, ask.Claimant);
}
