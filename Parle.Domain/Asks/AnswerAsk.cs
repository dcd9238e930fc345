using System.Text.Json;
using System.Text.Json.Nodes;
using Parle.Domain.Contents;
using Parle.Domain.Rooms;

namespace Parle.Domain.Asks;

/// <summary>Answers an ask that its author has claimed. A review is of the digest that it names, and no other.</summary>
/// <param name="AskID">The ask.</param>
/// <param name="Author">The participant that does it.</param>
/// <param name="FactID">A fresh id.</param>
/// <param name="Salt">Fresh random bytes.</param>
/// <param name="Answer">The answer that the kind takes, see <see cref="AskShapes.AnswerOf"/>.</param>
/// <param name="Packet">The context to add with it; null for none.</param>
public sealed record AnswerAsk(Guid AskID, Author Author, Guid FactID, byte[] Salt, JsonElement Answer, ContextPacket? Packet)
    : AskCommand(AskActs.Answer, AskID, Author, FactID, Salt)
{
    /// <inheritdoc/>
    protected override Decision Decide(Ask ask, Seat seat, Room room, DateTimeOffset now)
    {
        var shape = AskShapes.AnswerOf(ask.Kind);
        if ((shape.Obstacle("answer", Answer) ?? Packet?.Obstacle(now)
            ?? (Packet is null ? null : ask.ShareOf(seat.PrincipalID).Obstacle(seat, Packet, Limits))) is { } refusal)
        {
            return refusal;
        }

        if (shape.SubjectDigest is { } digest && Answer.GetProperty(digest.Name).GetString() != ask.Sha256)
        {
            return Refusals.ValidationFailed.Because(
                $"answer.{digest.Name} is not the digest of this ask's subject. Look at the subject again: it may have been replaced.");
        }

        return Record(
            new AskAnswered { Verdict = shape.Verdict is { } verdict ? Answer.GetProperty(verdict.Name).GetString() : null }, ask, room,
            string.Join("\n", shape.Lines(Answer).Prepend("Answers:")), new() { ["answer"] = JsonNode.Parse(CanonicalJson.Of(Answer)) },
            ask.Asker, Packet);
    }
}
