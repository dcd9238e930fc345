using System.Text;
using Parle.Domain.Contents;
using Parle.Domain.Rooms;

namespace Parle.Tests.Rooms;

/// A shared room of Ana's, where a run of her agent is present and one of Ben's; Cleo's agent has a seat and is out.
public static class AnasRoom
{
    public static readonly DateTimeOffset Now = new(2026, 8, 17, 10, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Later = Now.AddHours(12);

    public static readonly Guid Ana = ID(1), Ben = ID(2), Cleo = ID(3);
    public static readonly Guid AnasAgent = ID(11), BensAgent = ID(12), CleosAgent = ID(13);
    public static readonly Guid OwnerSeat = ID(20), AnasSeat = ID(21), BensSeat = ID(22), CleosSeat = ID(23);
    public static readonly Guid AnaHere = ID(31), BenHere = ID(32), BenHereToo = ID(42);
    public static readonly Guid AnasSession = ID(51), BensSession = ID(52), BensOtherSession = ID(62);

    public const string AnasAddress = "@ana.builder.aaaaaaaaaaaaaaaa";
    public const string BensAddress = "@ben.helper.bbbbbbbbbbbbbbbb";
    public const string BensOtherAddress = "@ben.helper.cccccccccccccccc";

    public static readonly object BenEntered = new ParticipantEntered(BenHere, BensSeat, BensSession, BensAddress, Later);
    public static readonly object BenEnteredToo = new ParticipantEntered(BenHereToo, BensSeat, BensOtherSession, BensOtherAddress, Later);

    public static readonly IReadOnlyList<object> Empty =
    [
        new RoomOpened(Ana, "build", RoomKind.Shared),
        new SeatAdmitted(OwnerSeat, Ana, null, History.All),
        new SeatAdmitted(AnasSeat, Ana, AnasAgent, History.All),
        new SeatAdmitted(BensSeat, Ben, BensAgent, History.FromAdmission),
        new SeatAdmitted(CleosSeat, Cleo, CleosAgent, History.FromAdmission),
    ];

    public static readonly IReadOnlyList<object> WithAna =
        [.. Empty, new ParticipantEntered(AnaHere, AnasSeat, AnasSession, AnasAddress, Later)];

    public static readonly IReadOnlyList<object> WithBoth = [.. WithAna, BenEntered];

    public static Content Words { get; } = new(Encoding.ASCII.GetBytes("sixteen bytes ok"), """{"body":"The build is red."}""");

    public static Guid ID(int number) => new($"00000000-0000-7000-8000-{number:x12}");
}
