using Parle.Domain.Asks;
using Parle.Tests.Rooms;

namespace Parle.Tests.Asks;

/// What an ask wants of whom, wherever it can be.
public class TheWorkOfAnAsk
{
    /// By its history: the acts that are wanted of each, and the number of the fact since which; `-` is news. `help*` is asked of
    /// everybody, `help` of ben, cleo and kin.
    public static TheoryData<string, string> Table => new()
    {
        { "help", "ben 1: claim_ask decline_ask | cleo 1: claim_ask decline_ask | kin 1: claim_ask decline_ask" },
        { "help*", "ben 1: claim_ask | cleo 1: claim_ask | kin 1: claim_ask | dan 1: claim_ask" },
        { "help*; ben claim", "ben 2: answer_ask" },
        { "help*; ben claim; ben release", "ben 3: claim_ask | cleo 3: claim_ask | kin 3: claim_ask | dan 3: claim_ask" },
        { "help*; ben claim; +20m; lapse", "ben 3: claim_ask | cleo 3: claim_ask | kin 3: claim_ask | dan 3: claim_ask" },
        { "help; cleo decline", "ben 1: claim_ask decline_ask | kin 1: claim_ask decline_ask" },
        { "help; ben claim; ben decline", "cleo 3: claim_ask decline_ask | kin 3: claim_ask decline_ask" },
        { "help; ben decline; cleo decline; kin decline", "ana 4: -" },
        { "help; ben claim; ben answer", "ana 3: accept_answer contest_answer" },
        { "help; ben claim; ben answer; ana contest", "ben 4: answer_ask" },
        { "help; ben claim; ben answer; ana accept", "ben 4: -" },
        { "help; ben claim; ana withdraw", "ben 3: -" },
        { "help; ana withdraw", "" },
        { "help; +150m; expire", "ana 2: -" },
        { "help; ben claim; +150m; expire", "ana 3: - | ben 3: -" },
        { "help; ana add", "ben 1: claim_ask decline_ask | cleo 1: claim_ask decline_ask | kin 1: claim_ask decline_ask" },
        {
            "review; ben claim; ben answer; ana replace",
            "ben 4: claim_ask decline_ask | cleo 4: claim_ask decline_ask | kin 4: claim_ask decline_ask"
        },
        { "approval", "ben 1: decide_approval | cleo 1: decide_approval" },
        { "approval; ben approve", "cleo 1: decide_approval" },
        { "approval; ben approve; cleo approve", "ana 3: consume_approval" },
        { "approval; ben approve; cleo approve; cleo retract", "cleo 4: decide_approval" },
        { "approval; ben deny", "ana 2: -" },
        { "approval; ben deny; ben retract", "ben 3: decide_approval | cleo 3: decide_approval" },
        { "approval; ben deny; ben approve", "cleo 3: decide_approval" },
        { "approval; ben approve; cleo approve; ana consume", "" },
        { "approval; ben approve; ana replace", "ben 3: decide_approval | cleo 3: decide_approval" },
    };

    [Theory, MemberData(nameof(Table))]
    public void is_wanted_of_those_who_can_do_it(string acts, string expected)
    {
        var room = AskingRoom.After(acts);

        Assert.Equal(expected, string.Join(" | ", AskingRoom.People.Where(who => who is not "eve").SelectMany(
            who => AskingRoom.SeatOf(room.Room, who) is { } seat ? AskWork.Of(room.Room, seat, room.Now).Select(wanted =>
                $"{who} {wanted.Number}: {string.Join(" ", wanted.Acts.Select(act => act.ID).DefaultIfEmpty("-"))}") : [])));
    }

    [Theory, MemberData(nameof(Table))]
    public void wakes_whom_the_last_fact_concerns_and_nobody_else(string acts, string expected)
    {
        var room = AskingRoom.After(acts);
        var since = AskWork.Since(room.Room, room.Ask, room.Ask.Facts, room.Now).Select(wanted => wanted.SeatID)
            .Where(seat => seat != AnasRoom.OwnerSeat).Order();

        Assert.Equal(
            AskingRoom.People
                .Where(who => expected.Split(" | ").Any(one => one.StartsWith($"{who} {room.Ask.Facts}:", StringComparison.Ordinal)))
                .Select(who => AskingRoom.SeatOf(room.Room, who)!.SeatID).Order(),
            since);
    }

    [Fact]
    public void is_for_one_session_while_that_lives_and_for_the_others_afterwards()
    {
        var (mine, other) = (Guid.NewGuid(), Guid.NewGuid());
        var ask = AskingRoom.After("help").Ask;
        var named = new AwaitedAct(ask, Guid.NewGuid(), 1, null, mine, []);

        Assert.True(named.IsFor(mine, null, _ => true));
        Assert.False(named.IsFor(other, null, _ => true));
        Assert.True(named.IsFor(other, null, _ => false));
        Assert.True((named with { ParticipantID = null }).IsFor(other, null, _ => true));
        Assert.True((named with { Alias = "night-shift" }).IsFor(other, "night-shift", _ => true));
        Assert.False((named with { Alias = "night-shift", ParticipantID = null }).IsFor(other, "day-shift", _ => false));
    }
}
