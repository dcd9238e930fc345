using System.Text.Json;
using Parle.Domain;
using Parle.Domain.Asks;
using Parle.Domain.Rooms;
using Parle.Tests.Rooms;
using static Parle.Tests.Rooms.AnasRoom;

namespace Parle.Tests.Asks;

/// A room where Ana's builder asks. Ben's agent, Cleo's, and kin, a second agent of Ana's, are asked; Dan's is there too. Eve's is admitted
/// after the asking; an outsider has no seat.
internal sealed record AskingRoom(Room Room, DateTimeOffset Now)
{
    public static readonly Guid AskID = ID(80), AnasItem = ID(81), BensItem = ID(82);

    public static IReadOnlyList<string> People { get; } = ["ana", "ben", "cleo", "kin", "dan", "eve", "outsider"];

    private static readonly Dictionary<string, (Guid Principal, Guid Seat, Guid Here)> Somebody = new()
    {
        ["ana"] = (Ana, AnasSeat, AnaHere),
        ["ben"] = (Ben, BensSeat, BenHere),
        ["cleo"] = (Cleo, CleosSeat, ID(33)),
        ["kin"] = (Ana, ID(24), ID(34)),
        ["dan"] = (ID(5), ID(25), ID(35)),
        ["eve"] = (ID(6), ID(26), ID(36)),
    };

    private static readonly string First = new('1', 64), Second = new('2', 64);

    private static int fresh = 1000;

    public Ask Ask => Room.Asks[AskID];

    public AskLimits Limits { get; init; } = AskLimits.None;

    public static Seat? SeatOf(Room room, string who) => Somebody.TryGetValue(who, out var one) ? room.Seats[one.Seat] : null;

    /// The room before anything is asked.
    public static AskingRoom Empty { get; } = new AskingRoom(GivenRoom.Given(WithBoth).Room!, AnasRoom.Now).With(
        Entered("cleo"), new SeatAdmitted(ID(24), Ana, ID(14), History.FromAdmission), Entered("kin"),
        new SeatAdmitted(ID(25), ID(5), ID(15), History.FromAdmission), Entered("dan"));

    /// The room after <paramref name="acts"/>, e.g. <c>help; ben claim; +20m; lapse</c>.
    public static AskingRoom After(string acts) =>
        acts.Split(';', StringSplitOptions.TrimEntries).Aggregate(Empty, (room, act) => room.Live(act));

    /// The decision when somebody does this.
    public Decision Try(string who, string act) => (Command(who, act) with { Limits = Limits }).Decide(Room, Now);

    public AskingRoom With(params IReadOnlyList<object> facts) =>
        this with { Room = facts.Aggregate(Room, (room, fact) => GivenRoom.After(room, fact)!) };

    private AskingRoom Live(string act) => act.Split(' ') switch
    {
        ["lapse"] => Record(new LapseClaim(AskID, Ask.Claims, Fresh(), Salt).Decide(Room, Now)),
        ["expire"] => Record(new ExpireAsk(AskID, Fresh(), Salt).Decide(Room, Now)),
        [['+', .. var minutes]] => this with { Now = Now.AddMinutes(int.Parse(minutes.TrimEnd('m'))) },
        [var who, var does] => Record(Try(who, does)),
        [var asked] => Record(Open(asked.TrimEnd('*'), toAll: asked.EndsWith('*')))
            .With(new SeatAdmitted(ID(26), ID(6), ID(16), History.FromAdmission), Entered("eve")),
        _ => throw new ArgumentException($"Nobody does {act}.", nameof(act)),
    };

    public AskingRoom Record(Decision decision)
    {
        Assert.Null(decision.Refusal);
        var fact = Assert.Single(decision.Facts).Data;
        return this with { Room = GivenRoom.After(Room, fact, Now, Limits.TokensAbove)! };
    }

    private Decision Open(string kind, bool toAll)
    {
        var asked = AskKinds.Find(kind)!;
        var sha256 = asked.NeedsSubject ? First : null;
        var request = new AskRequest(
            asked.Kind, "May I?", AskExamples.Of(asked.Request), sha256 is null ? null : new("commit", "main", sha256), []);
        return new OpenAsk(
            AskID, AuthorOf("ana"), Salt, request, toAll ? AddressingKind.Broadcast : AddressingKind.Direct,
            toAll ? [] : [.. new[] { "ben", "cleo", "kin" }.Select(AddressOf)], [], Now.AddHours(2), asked.IsDecided ? 2 : null,
            null, Packet(AnasItem)).Decide(Room, Now);
    }

    private AskCommand Command(string who, string act)
    {
        var (author, id) = (AuthorOf(who), Fresh());
        return act switch
        {
            "claim" => new ClaimAsk(AskID, author, id, Salt, null),
            "claim-long" => new ClaimAsk(AskID, author, id, Salt, TimeSpan.FromHours(24)),
            "renew" => new RenewClaim(AskID, author, id, Salt, null),
            "release" => new ReleaseClaim(AskID, author, id, Salt),
            "answer" => new AnswerAsk(AskID, author, id, Salt, AnswerOf(Room.Asks.GetValueOrDefault(AskID)?.Kind), Packet(BensItem)),
            "decline" => new DeclineAsk(AskID, author, id, Salt, null),
            "withdraw" => new WithdrawAsk(AskID, author, id, Salt, null),
            "accept" => new AcceptAnswer(AskID, author, id, Salt),
            "contest" => new ContestAnswer(AskID, author, id, Salt, "Line 12 is missing."),
            "approve" or "deny" =>
                new DecideApproval(AskID, author, id, Salt, act is "approve", Room.Asks.GetValueOrDefault(AskID)?.Sha256, null),
            "retract" => new WithdrawDecision(AskID, author, id, Salt, null),
            "consume" => new ConsumeApproval(AskID, author, id, Salt, Room.Asks.GetValueOrDefault(AskID)?.Sha256),
            "replace" => new ReplaceSubject(
                AskID, author, id, Salt, new("commit", "main", Room.Asks.GetValueOrDefault(AskID)?.Sha256 == Second ? First : Second)),
            "add" => new AddContext(AskID, author, id, Salt, Packet(Fresh())),
            "take-back" => new WithdrawContext(AskID, author, id, Salt, who is "ben" ? BensItem : AnasItem),
            _ => throw new ArgumentException($"Nobody can {act}.", nameof(act)),
        };
    }

    // An ask that is not answered refuses any answer.
    private static JsonElement AnswerOf(AskKind? kind) =>
        kind is { } known && AskKinds.Of(known).Answer is { } answer ? AskExamples.Of(answer, First) : JsonElement.Parse("{}");

    private static byte[] Salt { get; } = new byte[16];

    private static ContextPacket Packet(Guid item) => new([new(item, "part.txt", "text/plain", "FAILED", false, null, Salt)], []);

    private static Author AuthorOf(string who) => new(Somebody.TryGetValue(who, out var one) ? one.Here : ID(39));

    private static string AddressOf(string who) =>
        who is "ben" ? BensAddress : $"@{(who is "kin" ? "ana" : who)}.helper.{new string(who[0], 16)}";

    private static ParticipantEntered Entered(string who) =>
        new(Somebody[who].Here, Somebody[who].Seat, ID(Somebody[who].Here.GetHashCode() & 0xffff), AddressOf(who), Later);

    private static Guid Fresh() => ID(Interlocked.Increment(ref fresh));
}
