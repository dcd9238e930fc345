using CsCheck;
using Parle.Domain;
using Parle.Domain.Rooms;
using static Parle.Tests.Rooms.AnasRoom;

namespace Parle.Tests.Rooms;

/// A fact of a history: where it stands, and the room before and after it.
public sealed record LivedFact(Room? Before, object Fact, Placement Placement, Room After);

/// One attempt of somebody to do something. What is refused leaves no fact.
public sealed record Attempt(int What, int Who, int Session, IReadOnlyList<int> Whom, bool Flag);

/// Random lives of a room: agents are admitted, their sessions come and go, and they talk to all or to some, also by an alias
/// that each agent's first session has, whether it is there or not.
public static class RoomHistories
{
    private const int Agents = 4;
    private const int SessionsOfAnAgent = 2;
    private const int NamesOfAnAgent = SessionsOfAnAgent + 1;
    private const string Alias = "desk";

    public static readonly Gen<IReadOnlyList<LivedFact>> Any =
        Gen.Select(Gen.Int[0, 10], Gen.Int[0, Agents - 1], Gen.Int[0, SessionsOfAnAgent - 1],
            Gen.Int[0, (Agents * NamesOfAnAgent) - 1].Array[1, 4], Gen.Bool)
            .Select((what, who, session, whom, flag) => new Attempt(what, who, session, whom, flag))
            .Array[0, 80].Select(attempts => Live(attempts));

    public static Guid SeatOf(int agent) => ID(20 + agent);

    /// The seats of a room, the owner's among them.
    public static IEnumerable<Guid> Seats(IReadOnlyList<LivedFact> history) =>
        history.Select(lived => lived.Fact).OfType<SeatAdmitted>().Select(seat => seat.SeatID);

    /// The readers of a fact, once more in the simplest words: everybody with a seat, or author and addressees.
    public static bool Concerns(LivedFact lived, Guid seatID) => lived.Fact switch
    {
        SeatAdmitted or SeatRemoved => true,
        MessageSubmitted { Addressing.Kind: AddressingKind.Direct } direct =>
            lived.After.Participants[direct.AuthorID].SeatID == seatID || direct.Addressing.Targets.Any(target => target.SeatID == seatID),
        MessageSubmitted => true,
        _ => false,
    };

    /// The facts until a seat was removed; nobody reads its view after that.
    public static IReadOnlyList<LivedFact> LifeOf(IReadOnlyList<LivedFact> history, Guid seatID) =>
        [.. history.TakeWhile(lived => lived.Fact is not SeatRemoved removed || removed.SeatID != seatID)];

    /// The rows that a seat is meant to see, in order.
    public static IReadOnlyList<LivedFact> View(IReadOnlyList<LivedFact> history, Guid seatID)
    {
        var admission = history.Index().Single(entry => entry.Item.Fact is SeatAdmitted seat && seat.SeatID == seatID);
        var from = ((SeatAdmitted)admission.Item.Fact).History is History.All ? 0 : admission.Index + 1;
        return [.. LifeOf(history, seatID).Skip(from).Where(lived => Concerns(lived, seatID))];
    }

    /// The same facts, told to a new room.
    public static IReadOnlyList<LivedFact> Relive(IEnumerable<object> facts)
    {
        var history = new List<LivedFact>();
        Room? room = null;
        foreach (var fact in facts)
        {
            room = Add(history, room, fact);
        }

        return history;
    }

    private static IReadOnlyList<LivedFact> Live(IReadOnlyList<Attempt> attempts)
    {
        var history = new List<LivedFact>();
        var room = new OpenRoom(Ana, "build", RoomKind.Shared, SeatOf(9)).Decide(null).Facts
            .Aggregate((Room?)null, (before, fact) => Add(history, before, fact.Data));
        foreach (var (i, attempt) in attempts.Index())
        {
            room = Decide(room!, attempt, ID(1000 + i)).Facts.Aggregate(room, (before, fact) => Add(history, before, fact.Data));
        }

        return history;
    }

    private static Decision Decide(Room room, Attempt attempt, Guid fresh)
    {
        var (agentID, participantID) = (ID(10 + attempt.Who), Here(room, attempt.Who, attempt.Session));
        return attempt.What switch
        {
            0 or 1 => new AdmitAgent(fresh, ID(attempt.Who), agentID, attempt.Flag ? History.All : History.FromAdmission).Decide(room),
            2 or 3 => new EnterRoom(fresh, agentID, SessionOf(attempt.Who, attempt.Session), AddressOf(attempt.Who, attempt.Session), Later)
                .Decide(room, Now),
            4 => new LeaveRoom(participantID).Decide(room),
            10 => attempt is { Flag: true, Session: 1 } && room.SeatOf(agentID) is { } seat
                ? new RemoveSeat(new(Ana), seat.SeatID, ID(9999), new byte[16]).Decide(room) : Decision.Nothing,
            5 or 6 => Say(AddressingKind.Direct,
                [.. attempt.Whom.Select(whom => AddressOf(whom / NamesOfAnAgent, whom % NamesOfAnAgent)).Distinct()]),
            _ => Say(attempt.Flag ? AddressingKind.Broadcast : AddressingKind.Unaddressed, []),
        };

        Decision Say(AddressingKind kind, IReadOnlyList<string> to) =>
            new PostMessage(fresh, new(participantID, attempt.Session == 0 ? Alias : null), Words, kind, to,
                [.. Enumerable.Range(0, Agents).Select(agent => Known(agent, attempt.Flag))]).Decide(room, Now);
    }

    private static KnownAddress Known(int agent, bool acceptsOffline) =>
        new(AddressOf(agent, SessionsOfAnAgent), ID(10 + agent), Alias, SessionOf(agent, 0), acceptsOffline);

    private static Guid SessionOf(int agent, int session) => ID(50 + (agent * SessionsOfAnAgent) + session);

    private static Guid Here(Room room, int agent, int session) =>
        room.Participants.Values.FirstOrDefault(participant => participant.Address == AddressOf(agent, session))?.ParticipantID
        ?? Guid.Empty;

    private static string AddressOf(int agent, int name) =>
        $"@p{agent}.helper.{(name < SessionsOfAnAgent ? new string((char)('a' + name), 16) : Alias)}";

    private static Room Add(List<LivedFact> history, Room? before, object fact)
    {
        var placement = Placement.Of(before, fact);
        var after = Room.Apply(before, fact, placement, AnasRoom.Now)!;
        history.Add(new(before, fact, placement, after));
        return after;
    }
}
