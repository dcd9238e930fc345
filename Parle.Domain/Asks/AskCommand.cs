using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Parle.Domain.Contents;
using Parle.Domain.Rooms;

namespace Parle.Domain.Asks;

/// <summary>A command about an ask.</summary>
/// <param name="Act">The act.</param>
/// <param name="AskID">The ask.</param>
/// <param name="Author">The participant that does it.</param>
/// <param name="FactID">A fresh id: the fact's, and its content's.</param>
/// <param name="Salt">Fresh random bytes for its content, see <see cref="Content.SaltLength"/>.</param>
public abstract record AskCommand(AskAct Act, Guid AskID, Author Author, Guid FactID, byte[] Salt)
{
    /// <summary>The limits of its principal on the ask.</summary>
    public AskLimits Limits { get; init; } = AskLimits.None;

    /// <summary>Decides. An ask that the author may not see gets the answer of an unknown one.</summary>
    public Decision Decide(Room? room, DateTimeOffset now)
    {
        if (PostMessage.Obstacle(room, Author.ParticipantID) is { } refusal)
        {
            return refusal;
        }

        var seat = room!.Seats[room.Participants[Author.ParticipantID].SeatID];
        if (room.Asks.GetValueOrDefault(AskID) is not { } ask || ask.IsForgotten(now) || !ask.IsVisibleTo(seat))
        {
            return Refusals.NotFound;
        }

        var decision = Act.Obstacle(ask, seat, now, Limits) is { } obstacle ? obstacle
            : Decide(ask, seat, room, now) is var decided && GivesBack(ask, seat) ? decided with { GivesBack = true } : decided;
        return decision.Refusal is { Code: var code } refused
            && (code == Refusals.ActNotPossible.Code || code == Refusals.ResourceLimitExceeded.Code)
            ? refused with { Next = AskActs.Next(ask, seat, now, Limits) }
            : decision;
    }

    /// <summary>Whether this only gives back or protects.</summary>
    protected virtual bool GivesBack(Ask ask, Seat seat) => Act.GivesBack(ask, seat);

    /// <summary>Decides, once no obstacle is left.</summary>
    protected abstract Decision Decide(Ask ask, Seat seat, Room room, DateTimeOffset now);

    /// <summary>Records <paramref name="fact"/>.</summary>
    /// <param name="fact">The fact.</param>
    /// <param name="ask">The ask.</param>
    /// <param name="room">The room.</param>
    /// <param name="text">The row's text, for readers without support for asks.</param>
    /// <param name="data">The same as data: members of <c>payload.ask</c>.</param>
    /// <param name="forWhom">The party that shall respond.</param>
    /// <param name="packet">The context to add with it.</param>
    protected Decision Record(
        AskFact fact, Ask ask, Room room, string text, JsonObject? data = null, AskParty? forWhom = null, ContextPacket? packet = null)
    {
        if (AskTexts.Obstacle(data, packet) is { } tooLong)
        {
            return tooLong;
        }

        var words = AskTexts.Of(Salt, AskID, ask.Kind, Act.ID, text, data, packet);
        if (Content.Obstacle(words.Canonical) is { } tooMuch)
        {
            return tooMuch;
        }

        var recorded = fact with
        {
            AuthorID = Author.ParticipantID,
            AuthorAlias = Author.Alias,
            Work = forWhom?.In(room) is { } target ? [target] : [],
            Words = words.Commitment,
            Context = packet?.Facts(room.Participants[Author.ParticipantID].SeatID) ?? [],
        };
        return Decision.Record(ask.Number(recorded, room), FactID, words, packet?.Contents ?? []);
    }
}

/// <summary>The content of a row about an ask.</summary>
public static class AskTexts
{
    /// <summary>
    /// Most bytes of all texts of one act: title, request, subject, criteria, answer, reason, and the list of what was left out.
    /// </summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>The refusal of too much text; null for none.</summary>
    public static Refusal? Obstacle(JsonObject? data, ContextPacket? packet) =>
        (data is null ? 0 : Encoding.UTF8.GetByteCount(CanonicalJson.Of(JsonSerializer.SerializeToElement(data))))
        + (packet?.LeftOut.Sum(line => Encoding.UTF8.GetByteCount(line)) ?? 0) > MaxBytes
            ? Refusals.PayloadTooLarge.Because($"All that is said at once has at most {MaxBytes} bytes. Hand the rest over as context.")
            : null;

    /// <summary>
    /// A text of several lines inside another one. Its further lines are indented, so that none of them passes for a line of the service's
    /// own.
    /// </summary>
    public static string SetIn(string text) => text.ReplaceLineEndings("\n").Replace("\n", "\n    ", StringComparison.Ordinal);

    /// <summary>A text to read, and the same as data.</summary>
    public static Content Of(byte[] salt, Guid askID, AskKind kind, string act, string text, JsonObject? data, ContextPacket? packet)
    {
        var ask = new JsonObject { ["ask_id"] = askID.ToString(), ["kind"] = Spell(kind), ["act"] = act };
        foreach (var (name, value) in data ?? [])
        {
            ask[name] = value?.DeepClone();
        }

        if (packet is not null)
        {
            ask["context"] = packet.Manifest();
        }

        return new(salt, CanonicalJson.Of(JsonSerializer.SerializeToElement(
            new JsonObject { ["body"] = packet is null ? text : $"{text}\n{packet.Describe()}", ["ask"] = ask })));
    }

    /// <summary>The word of a kind on the wire.</summary>
    public static string Spell(AskKind kind) => AskKinds.Of(kind).Word;
}
