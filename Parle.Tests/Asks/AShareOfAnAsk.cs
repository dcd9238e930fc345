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
        Assert.DoesNotContain(AskActs.All.Single(act => act.ID == IDOf(floods)),
            AskActs.All.Where(act => act.Obstacle(room.Ask, AskingRoom.SeatOf(room.Room, who)!, room.Now, few) is null));
        Assert.Null(room.Try(other, does).Refusal);
    }

    [Fact]
    public void lets_whoever_used_it_up_finish()
    {
        var claimed = Flood(AskingRoom.After("help; ben claim") with { Limits = few }, "ben", "renew");
        Assert.Null(claimed.Try("ben", "release").Refusal);
        Assert.Null(Flood(AskingRoom.After("help") with { Limits = few }, "ana", "add").Try("ana", "withdraw").Refusal);

        var decided = AskingRoom.After("approval") with { Limits = few };
        foreach (var act in (string[])["deny", "approve", "deny", "approve"])
        {
            decided = decided.Record(decided.Try("ben", act));
        }

        Assert.Null(decided.Try("ben", "retract").Refusal);
        Assert.True(decided.Try("ben", "deny").GivesBack);
        decided = decided.Record(decided.Try("ben", "deny"));
        Assert.Equal("ask_facts", decided.Try("ben", "approve").Refusal!.Cap!.Name);
    }

    /// To deny and to take that back again and again would grow without end.
    [Fact]
    public void is_needed_to_take_back_a_denial()
    {
        var decided = Flood(AskingRoom.After("approval") with { Limits = few }, "ben", "approve", "deny");
        Assert.Equal("ask_facts", decided.Try("ben", "retract").Refusal!.Cap!.Name);

        var undecided = AskingRoom.After("approval; ben approve; ben retract; ben approve; ben retract") with { Limits = few };
        Assert.Equal("ask_facts", undecided.Try("ben", "approve").Refusal!.Cap!.Name);
        Assert.Contains("decide_approval", AskActs.Next(undecided.Ask, AskingRoom.SeatOf(undecided.Room, "ben")!, undecided.Now, few));
        Assert.Null(undecided.Try("ben", "deny").Refusal);
    }

    [Theory]
    [InlineData("help; kin claim", "kin", "renew", "ana", "add")]
    [InlineData("help; kin claim", "kin", "add", "ana", "add")]
    public void of_a_guest_is_at_most_half_of_its_hosts(string acts, string guest, string floods, string host, string does)
    {
        var room = AskingRoom.After(acts) with { Limits = new(Facts: 6, Items: 6, 0) };
        room = Flood(
            room with
            { Room = room.Room with { Seats = room.Room.Seats.SetItem(ID(24), room.Room.Seats[ID(24)] with { IsGuest = true }) } },
            guest, floods);

        Assert.Equal("resource_limit_exceeded", room.Try(guest, floods).Refusal!.Code);
        Assert.Null(room.Try(host, does).Refusal);
    }

    [Fact]
    public void of_a_token_below_another_one_is_at_most_half()
    {
        var room = Flood(AskingRoom.After("help; ben claim") with { Limits = new(Facts: 8, 0, 0) { TokensAbove = 1 } }, "ben", "renew");
        Assert.Equal("ask_facts", room.Try("ben", "renew").Refusal!.Cap!.Name);
        Assert.Null((room with { Limits = room.Limits with { TokensAbove = 0 } }).Try("ben", "renew").Refusal);
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

    /// A withdrawn item still counts: it is on the record, and its place was used.
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
            new AskOpened(AskKind.Help, BensSeat, Ben, new(AddressingKind.Direct, [new("@cleo.helper", null, CleosSeat, null)]), null, null,
                null, null)
            { AskID = hidden, Number = 1, AuthorID = BenHere },
            new AskWithdrawn { AskID = hidden, Number = 2, State = AskState.Withdrawn, AuthorID = BenHere },
        }.Aggregate(later.Room, (room, fact) => GivenRoom.After(room, fact, later.Now)!);
        Assert.DoesNotContain(AskingRoom.AskID, whispered.Asks.Keys);
        Assert.Equal("not_found", (later with { Room = whispered }).Try("ana", "take-back").Refusal!.Code);
    }

    [Fact]
    public void bounds_what_a_room_remembers_of_one_seat()
    {
        var room = AskingRoom.After("help; ana withdraw");
        Assert.Equal("remembered_asks",
            OpenAsk.Obstacle(room.Room, AnaHere, RoomLimits.None with { RememberedAsksPerSeat = 1 }, room.Now)!.Cap!.Name);
        Assert.Null(OpenAsk.Obstacle(room.Room, BenHere, RoomLimits.None with { RememberedAsksPerSeat = 1 }, room.Now));
        Assert.Null(OpenAsk.Obstacle(room.Room, AnaHere, RoomLimits.None with { RememberedAsksPerSeat = 1 }, room.Now + Ask.Memory));
    }

    private static AskingRoom Flood(AskingRoom room, string who, params string[] acts)
    {
        for (var i = 0; room.Try(who, acts[i % acts.Length]) is { Refusal: null } done; i++)
        {
            room = room.Record(done);
            Assert.True(room.Ask.Facts < 20, $"{who} can {acts[0]} without end.");
        }

        return room;
    }

    private static string IDOf(string act) => act switch { "add" => "add_context", "renew" => "renew_claim", _ => "replace_subject" };
}
