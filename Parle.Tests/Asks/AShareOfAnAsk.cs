using Parle.Domain.Asks;
using Parle.Domain.Rooms;
using Parle.Tests.Rooms;
using static Parle.Tests.Rooms.AnasRoom;

namespace Parle.Tests.Asks;

/// Law 10: how much each principal can put on one ask.
public class AShareOfAnAsk
{
    private static readonly AskLimits few = new(Facts: 4, Items: 3, Bytes: 0);

    [Theory]
    [InlineData("help; ben claim", "ana", "add", "ben", "answer")]
    [InlineData("help; ben claim", "ben", "renew", "ana", "add")]
    [InlineData("help; ben claim", "ben", "add", "ana", "withdraw")]
    [InlineData("approval; ben approve", "ana", "replace", "ben", "approve")]
    public void is_nobody_elses(string acts, string who, string floods, string other, string does)
    {
        var room = Flood(AskingRoom.After(acts) with { Limits = few }, who, floods);

        Assert.Equal("resource_limit_exceeded", room.Try(who, floods).Refusal!.Code);
        Assert.DoesNotContain(AskActs.All.Single(act => act.ID == IDOf(floods)), AskActs.All.Where(act => act.Obstacle(room.Ask, AskingRoom.SeatOf(room.Room, who)!, room.Now, few) is null));
        Assert.Null(room.Try(other, does).Refusal);
    }

    [Fact]
    public void lets_whoever_used_it_up_finish()
    {
        var claimed = Flood(AskingRoom.After("help; ben claim") with { Limits = few }, "ben", "renew");
        Assert.Null(claimed.Try("ben", "release").Refusal);
        Assert.Null(Flood(AskingRoom.After("help") with { Limits = few }, "ana", "add").Try("ana", "withdraw").Refusal);

        var decided = AskingRoom.After("approval") with { Limits = few };
        foreach (var act in (string[])["approve", "deny", "approve", "deny"])
        {
            decided = decided.Record(decided.Try("ben", act));
        }

        Assert.Equal("ask_facts", decided.Try("ben", "approve").Refusal!.Cap!.Name);
        Assert.Null(decided.Try("ben", "retract").Refusal);
    }

    [Fact]
    public void bounds_what_is_handed_over()
    {
        var room = AskingRoom.After("help") with { Limits = new(0, Items: 3, 0) };
        room = room.Record(room.Try("ana", "add"));
        room = room.Record(room.Try("ana", "add"));
        Assert.Equal("ask_context_items", room.Try("ana", "add").Refusal!.Cap!.Name);

        var small = AskingRoom.After("help") with { Limits = new(0, 0, Bytes: 1024) };
        Assert.Equal("ask_context_bytes", small.Try("ana", "add").Refusal!.Cap!.Name);
    }

    /// What was taken back still counts: it is on the record, and its place was used.
    [Fact]
    public void is_not_won_back_by_taking_back()
    {
        var room = AskingRoom.After("help; ana take-back") with { Limits = new(0, Items: 1, 0) };
        Assert.Equal("ask_context_items", room.Try("ana", "add").Refusal!.Cap!.Name);
    }

    /// A room does not grow with each circle of readers: what is over is forgotten, in the same moment whatever else happens.
    [Fact]
    public void is_forgotten_when_the_ask_was_over_long_ago()
    {
        var over = AskingRoom.After("help; ana withdraw");
        Assert.Null(over.Try("ana", "take-back").Refusal);

        var later = over with { Now = over.Now + Ask.Memory };
        Assert.Equal("not_found", later.Try("ana", "take-back").Refusal!.Code);
        Assert.Empty(AskActs.Next(later.Ask, AskingRoom.SeatOf(later.Room, "ana")!, later.Now, AskLimits.None));

        var hidden = ID(3000);
        var whispered = new object[]
        {
            new AskOpened(AskKind.Help, BensSeat, Ben, new(AddressingKind.Direct, [new("@cleo.helper", null, CleosSeat, null)]), null, null, null, null) { AskID = hidden, Number = 1, AuthorID = BenHere },
            new AskWithdrawn { AskID = hidden, Number = 2, State = AskState.Withdrawn, AuthorID = BenHere },
        }.Aggregate(later.Room, (room, fact) => GivenRoom.After(room, fact, later.Now)!);
        Assert.DoesNotContain(AskingRoom.AskID, whispered.Asks.Keys);
        Assert.Equal("not_found", (later with { Room = whispered }).Try("ana", "take-back").Refusal!.Code);
    }

    [Fact]
    public void bounds_what_a_room_remembers_of_one_seat()
    {
        var room = AskingRoom.After("help; ana withdraw");
        Assert.Equal("remembered_asks", OpenAsk.Obstacle(room.Room, AnaHere, RoomLimits.None with { RememberedAsksPerSeat = 1 }, room.Now)!.Cap!.Name);
        Assert.Null(OpenAsk.Obstacle(room.Room, BenHere, RoomLimits.None with { RememberedAsksPerSeat = 1 }, room.Now));
        Assert.Null(OpenAsk.Obstacle(room.Room, AnaHere, RoomLimits.None with { RememberedAsksPerSeat = 1 }, room.Now + Ask.Memory));
    }

    private static AskingRoom Flood(AskingRoom room, string who, string act)
    {
        while (room.Try(who, act) is { Refusal: null } done)
        {
            room = room.Record(done);
            Assert.True(room.Ask.Facts < 20, $"{who} can {act} without end.");
        }

        return room;
    }

    private static string IDOf(string act) => act switch { "add" => "add_context", "renew" => "renew_claim", _ => "replace_subject" };
}
