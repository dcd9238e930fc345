using Parle.Domain.Asks;
using Parle.Domain.Invitations;

namespace Parle.Domain.Rooms;

/// <summary>The meaning of a kind of fact to a room and to its participants, beside what <see cref="Room.Apply"/> keeps of it.</summary>
public sealed record RoomFactKind
{
    /// <summary>The seats that may see one as a row, given the room before it.</summary>
    public required Func<Room?, object, Visibility> SeenBy { get; init; }

    /// <summary>The targets that are to respond to one.</summary>
    public Func<object, IReadOnlyList<Target>> Work { get; init; } = _ => [];

    /// <summary>The participant that caused it; null for none.</summary>
    public Func<object, Guid?> Author { get; init; } = _ => null;

    /// <summary>The bytes of content it brings, in canonical form.</summary>
    public Func<object, long> Bytes { get; init; } = _ => 0;

    /// <summary>The ids of the contents it erases; null for a kind that erases none.</summary>
    public Func<object, IReadOnlyList<Guid>>? Erases { get; init; }

    /// <summary>The deadline that it starts, and the claim that then lapses; null for none.</summary>
    public Func<object, (int? Claim, DateTimeOffset At)?> Deadline { get; init; } = _ => null;

    /// <summary>The thing that such a fact ends.</summary>
    public Ending Ends { get; init; }

    /// <summary>The meaning of one to agents that answer each other, see <see cref="Conversation"/>.</summary>
    public Turn Turn { get; init; }
}

/// <summary>The thing that a fact ends.</summary>
public enum Ending
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>A presence.</summary>
    Presence,

    /// <summary>A seat.</summary>
    Seat,

    /// <summary>The room.</summary>
    Room,
}

/// <summary>The meaning of a fact for agents that answer each other.</summary>
public enum Turn
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A possible turn.</summary>
    Message,

    /// <summary>An interruption: its readers have something else to talk about.</summary>
    Interruption,

    /// <summary>A person attends to the room: all counts begin anew.</summary>
    NewBeginning,
}

/// <summary>
/// All kinds of facts in a room's stream, with their meaning. A kind that is missing here is refused by rooms. So a new kind gets all its
/// decisions in one place (see <c>docs/changing-events.md</c>).
/// </summary>
public static class RoomFacts
{
    /// <summary>All kinds, by type.</summary>
    public static IReadOnlyDictionary<Type, RoomFactKind> Kinds { get; } = new Dictionary<Type, RoomFactKind>
    {
        [typeof(RoomOpened)] = OnRecordOnly(),
        [typeof(RoomImported)] = OnRecordOnly(),
        [typeof(RoomArchived)] = ForAll(Ending.Room),
        [typeof(SeatAdmitted)] = ForAll(Ending.Nothing),
        [typeof(SeatRemoved)] = ForAll(Ending.Seat),
        [typeof(RightGranted)] = OnRecordOnly(),
        [typeof(RightRevoked)] = OnRecordOnly(),
        [typeof(ParticipantEntered)] = OnRecordOnly(),
        [typeof(ParticipantLeft)] = OnRecordOnly(),
        [typeof(ParticipantRemoved)] = OnRecordOnly(Ending.Presence),

        [typeof(InvitationMinted)] = OnRecordOnly(),
        [typeof(AdmissionRequested)] = OnRecordOnly(),
        [typeof(AdmissionDecided)] = OnRecordOnly(),
        [typeof(InvitationAccepted)] = OnRecordOnly(),
        [typeof(InvitationRevoked)] = OnRecordOnly(),
        [typeof(InvitationLapsed)] = OnRecordOnly(),

        [typeof(MessageSubmitted)] = Of<MessageSubmitted>((_, message) => Visibility.Of(message), Turn.Message) with
        {
            Work = fact => ((MessageSubmitted)fact).Addressing.Targets,
            Author = fact => ((MessageSubmitted)fact).AuthorID,
            Bytes = fact => ((MessageSubmitted)fact).Content.Bytes,
        },
        [typeof(ContentRedacted)] = Of<ContentRedacted>((_, redacted) => Visibility.Of(redacted)) with
        { Erases = fact => ((ContentRedacted)fact).Contents },

        [typeof(AskOpened)] = OfAsk<AskOpened>(opened => opened.DueAt is { } due ? (null, due) : null) with
        {
            SeenBy = (_, fact) => Visibility.Of((AskOpened)fact),
            Turn = Turn.Interruption,
        },
        [typeof(AskClaimed)] = OfAsk<AskClaimed>(claimed => (claimed.Claim, claimed.LeaseUntil)),
        [typeof(AskClaimRenewed)] = OfAsk<AskClaimRenewed>(renewed => (renewed.Claim, renewed.LeaseUntil)),
        [typeof(AskReleased)] = OfAsk<AskReleased>(),
        [typeof(AskClaimLapsed)] = OfAsk<AskClaimLapsed>(),
        [typeof(AskAnswered)] = OfAsk<AskAnswered>(),
        [typeof(AskDeclined)] = OfAsk<AskDeclined>(),
        [typeof(AskWithdrawn)] = OfAsk<AskWithdrawn>(),
        [typeof(AskAccepted)] = OfAsk<AskAccepted>(),
        [typeof(AskContested)] = OfAsk<AskContested>(contested => (contested.Claim, contested.LeaseUntil)),
        [typeof(AskDecided)] = OfAsk<AskDecided>(decided => decided.UsableUntil is { } until ? (null, until) : null),
        [typeof(AskDecisionWithdrawn)] = OfAsk<AskDecisionWithdrawn>(
            withdrawn => withdrawn.UsableUntil is { } until ? (null, until) : null),
        [typeof(AskConsumed)] = OfAsk<AskConsumed>(),
        [typeof(AskSubjectReplaced)] = OfAsk<AskSubjectReplaced>(),
        [typeof(AskExpired)] = OfAsk<AskExpired>(),
        [typeof(AskContextAdded)] = OfAsk<AskContextAdded>(),
        [typeof(AskContextWithdrawn)] = OfAsk<AskContextWithdrawn>() with { Erases = fact => [((AskContextWithdrawn)fact).ItemID] },
    };

    /// <summary>The meaning of <paramref name="fact"/>; null for a fact that no room has.</summary>
    public static RoomFactKind? Find(object fact) => Kinds.GetValueOrDefault(fact.GetType());

    /// <summary>The meaning of <paramref name="fact"/>.</summary>
    /// <exception cref="ArgumentException">No room has such a fact.</exception>
    public static RoomFactKind Of(object fact) =>
        Find(fact) ?? throw new ArgumentException($"{fact.GetType().Name} is no fact of a room.", nameof(fact));

    private static RoomFactKind Of<T>(Func<Room?, T, Visibility> seenBy, Turn turn = Turn.None) =>
        new() { SeenBy = (room, fact) => seenBy(room, (T)fact), Turn = turn };

    private static RoomFactKind OnRecordOnly(Ending ends = Ending.Nothing) =>
        new() { SeenBy = (_, _) => Visibility.RecordOnly, Ends = ends };

    private static RoomFactKind ForAll(Ending ends) =>
        new() { SeenBy = (_, _) => Visibility.Common, Ends = ends, Turn = Turn.NewBeginning };

    private static RoomFactKind OfAsk<T>(Func<T, (int? Claim, DateTimeOffset At)?>? deadline = null)
        where T : AskFact => new()
        {
            SeenBy = (room, fact) => Visibility.Of(room, (AskFact)fact),
            Work = fact => ((AskFact)fact).Work,
            Author = fact => ((AskFact)fact).AuthorID,
            Bytes = fact => (((AskFact)fact).Words?.Bytes ?? 0L) + ((AskFact)fact).Context.Sum(item => (long)item.Content.Bytes),
            Deadline = fact => deadline?.Invoke((T)fact),
        };
}
