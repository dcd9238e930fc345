using Parle.Domain.Asks;

namespace Parle.Tests.Asks;

/// Every act, tried by everybody, wherever an ask can be.
public class AnAct
{
    /// The acts as the table writes them, and what the registry calls them.
    private static readonly Dictionary<string, string> Acts = new()
    {
        ["claim"] = "claim_ask",
        ["renew"] = "renew_claim",
        ["release"] = "release_claim",
        ["answer"] = "answer_ask",
        ["decline"] = "decline_ask",
        ["withdraw"] = "withdraw_ask",
        ["accept"] = "accept_answer",
        ["contest"] = "contest_answer",
        ["approve"] = "decide_approval",
        ["deny"] = "decide_approval",
        ["retract"] = "withdraw_decision",
        ["consume"] = "consume_approval",
        ["replace"] = "replace_subject",
        ["add"] = "add_context",
        ["take-back"] = "withdraw_context",
    };

    /// One ask by its history, its state and the acts of each agent; an agent that is not named may do nothing. `help*` is asked of
    /// everybody, `help` of ben, cleo and kin.
    public static TheoryData<string, AskState, string> Table => new()
    {
        { "help", AskState.Open, "ana: withdraw add take-back | ben: claim decline | cleo: claim decline | kin: claim decline" },
        { "help; ben claim", AskState.Claimed, "ana: withdraw add take-back | ben: renew release answer decline add" },
        {
            "help; ben claim; +20m", AskState.Claimed,
            "ana: withdraw add take-back | ben: claim renew release answer decline add | cleo: claim | kin: claim"
        },
        { "help; ben claim; +20m; cleo claim", AskState.Claimed, "ana: withdraw add take-back | cleo: renew release answer decline add" },
        {
            "help; ben claim; +10m; ben renew; +10m", AskState.Claimed,
            "ana: withdraw add take-back | ben: renew release answer decline add"
        },
        {
            "help; ben claim; +20m; lapse", AskState.Open,
            "ana: withdraw add take-back | ben: claim decline | cleo: claim decline | kin: claim decline"
        },
        {
            "help; ben claim; ben release", AskState.Open,
            "ana: withdraw add take-back | ben: claim decline | cleo: claim decline | kin: claim decline"
        },
        { "help; ben claim; ben answer", AskState.Answered, "ana: withdraw accept contest add take-back | ben: take-back" },
        {
            "help; ben claim; ben answer; ana contest", AskState.Claimed,
            "ana: withdraw add take-back | ben: renew release answer decline add take-back"
        },
        {
            "help; ben claim; ben answer; ana contest; +20m; lapse", AskState.Open,
            "ana: withdraw add take-back | ben: claim decline take-back | cleo: claim decline | kin: claim decline"
        },
        { "help; ben claim; ben answer; ana accept", AskState.Closed, "ana: take-back | ben: take-back" },
        { "help; ben claim; ben answer; ana accept; ben take-back", AskState.Closed, "ana: take-back" },
        { "help; ben claim; ben answer; ana withdraw", AskState.Withdrawn, "ana: take-back | ben: take-back" },
        { "help; ben claim; ben answer; +130m", AskState.Answered, "ana: withdraw accept contest add take-back | ben: take-back" },
        { "help; kin claim", AskState.Claimed, "ana: withdraw add take-back | kin: renew release answer decline add" },
        { "help; ben decline", AskState.Open, "ana: withdraw add take-back | ben: claim | cleo: claim decline | kin: claim decline" },
        {
            "help; ben claim; ben decline", AskState.Open,
            "ana: withdraw add take-back | ben: claim | cleo: claim decline | kin: claim decline"
        },
        { "help; ben decline; cleo decline; kin decline", AskState.Declined, "ana: take-back" },
        { "help; ana withdraw", AskState.Withdrawn, "ana: take-back" },
        { "help; ana take-back", AskState.Open, "ana: withdraw add | ben: claim decline | cleo: claim decline | kin: claim decline" },
        { "help; +130m", AskState.Open, "ana: withdraw add take-back | ben: decline | cleo: decline | kin: decline" },
        { "help; ben claim-long; +130m", AskState.Claimed, "ana: withdraw add take-back | ben: release decline add" },
        { "help; +130m; expire", AskState.Expired, "ana: take-back" },
        { "help; ben claim-long; +130m; expire", AskState.Expired, "ana: take-back" },

        { "help*", AskState.Open, "ana: withdraw add take-back | ben: claim | cleo: claim | kin: claim | dan: claim" },
        { "help*; dan claim", AskState.Claimed, "ana: withdraw add take-back | dan: renew release answer add" },
        { "help*; ben claim; ben answer", AskState.Answered, "ana: withdraw accept contest add take-back | ben: take-back" },
        { "help*; ben claim; ben answer; ana accept", AskState.Closed, "ana: take-back | ben: take-back" },

        { "logs", AskState.Open, "ana: withdraw add take-back | ben: claim decline | cleo: claim decline | kin: claim decline" },
        { "logs; ben claim", AskState.Claimed, "ana: withdraw add take-back | ben: renew release answer decline add" },
        { "logs; ben claim; ben answer", AskState.Answered, "ana: withdraw accept contest add take-back | ben: take-back" },
        { "logs; ben claim; ben answer; ana accept", AskState.Closed, "ana: take-back | ben: take-back" },

        { "review", AskState.Open, "ana: withdraw replace add take-back | ben: claim decline | cleo: claim decline | kin: claim decline" },
        { "review; ben claim", AskState.Claimed, "ana: withdraw replace add take-back | ben: renew release answer decline add" },
        {
            "review; ben claim; ana replace", AskState.Open,
            "ana: withdraw replace add take-back | ben: claim decline | cleo: claim decline | kin: claim decline"
        },
        { "review; ben claim; ben answer", AskState.Answered, "ana: withdraw accept contest replace add take-back | ben: take-back" },
        {
            "review; ben claim; ben answer; ana replace", AskState.Open,
            "ana: withdraw replace add take-back | ben: claim decline take-back | cleo: claim decline | kin: claim decline"
        },
        { "review; ben claim; ben answer; ana accept", AskState.Closed, "ana: take-back | ben: take-back" },
        { "review; ben decline; cleo decline; kin decline", AskState.Declined, "ana: take-back" },
        { "review; +130m", AskState.Open, "ana: withdraw add take-back | ben: decline | cleo: decline | kin: decline" },
        { "review; +130m; expire", AskState.Expired, "ana: take-back" },

        { "approval", AskState.Open, "ana: withdraw replace add take-back | ben: approve deny | cleo: approve deny" },
        { "approval; ben approve", AskState.Open, "ana: withdraw replace add take-back | ben: deny retract | cleo: approve deny" },
        {
            "approval; ben approve; ben retract", AskState.Open,
            "ana: withdraw replace add take-back | ben: approve deny | cleo: approve deny"
        },
        {
            "approval; ben approve; ben deny", AskState.Denied,
            "ana: withdraw replace add take-back | ben: approve retract | cleo: approve deny"
        },
        {
            "approval; ben approve; cleo approve", AskState.Approved,
            "ana: withdraw consume replace add take-back | ben: deny retract | cleo: deny retract"
        },
        {
            "approval; ben approve; cleo approve; cleo retract", AskState.Open,
            "ana: withdraw replace add take-back | ben: deny retract | cleo: approve deny"
        },
        {
            "approval; ben approve; cleo approve; ben deny", AskState.Denied,
            "ana: withdraw replace add take-back | ben: approve retract | cleo: deny retract"
        },
        {
            "approval; ben approve; cleo approve; ben deny; ben approve", AskState.Approved,
            "ana: withdraw consume replace add take-back | ben: deny retract | cleo: deny retract"
        },
        {
            "approval; ben approve; cleo approve; ben deny; ben retract", AskState.Open,
            "ana: withdraw replace add take-back | ben: approve deny | cleo: deny retract"
        },
        {
            "approval; +90m; ben approve; cleo approve; +40m", AskState.Approved,
            "ana: withdraw consume add take-back | ben: deny retract | cleo: deny retract"
        },
        { "approval; +90m; ben approve; cleo approve; +40m; ben retract", AskState.Open, "ana: withdraw add take-back" },
        { "approval; +90m; ben approve; cleo approve; +40m; ben retract; expire", AskState.Expired, "ana: take-back" },
        { "approval; ben approve; cleo approve; ana consume", AskState.Consumed, "ana: take-back" },
        { "approval; ben approve; cleo approve; ana withdraw", AskState.Withdrawn, "ana: take-back" },
        { "approval; ben approve; cleo approve; +70m", AskState.Approved, "ana: withdraw replace add take-back" },
        { "approval; ben approve; cleo approve; +70m; expire", AskState.Expired, "ana: take-back" },
        {
            "approval; ben approve; cleo approve; ana replace; ana replace", AskState.Open,
            "ana: withdraw replace add take-back | ben: approve deny | cleo: approve deny"
        },
        {
            "approval; ben approve; cleo approve; ana replace", AskState.Open,
            "ana: withdraw replace add take-back | ben: approve deny | cleo: approve deny"
        },
        {
            "approval; ben approve; ana replace", AskState.Open,
            "ana: withdraw replace add take-back | ben: approve deny | cleo: approve deny"
        },
        { "approval; ben deny", AskState.Denied, "ana: withdraw replace add take-back | ben: approve retract | cleo: approve deny" },
        {
            "approval; ben deny; cleo approve", AskState.Denied,
            "ana: withdraw replace add take-back | ben: approve retract | cleo: deny retract"
        },
        {
            "approval; ben deny; ben retract", AskState.Open, "ana: withdraw replace add take-back | ben: approve deny | cleo: approve deny"
        },
        { "approval; ben deny; ana withdraw", AskState.Withdrawn, "ana: take-back" },
        { "approval; ben deny; +130m", AskState.Denied, "ana: withdraw add take-back" },
        {
            "approval; ben approve; cleo deny", AskState.Denied,
            "ana: withdraw replace add take-back | ben: deny retract | cleo: approve retract"
        },
        {
            "approval; ben deny; ana replace; ana replace", AskState.Denied,
            "ana: withdraw replace add take-back | ben: approve retract | cleo: approve deny"
        },
        {
            "approval; ben deny; ana replace; cleo deny; ana replace; ana replace", AskState.Denied,
            "ana: withdraw replace add take-back | ben: approve deny | cleo: approve retract"
        },
        {
            "approval; ben deny; ben retract; ana replace; ana replace", AskState.Open,
            "ana: withdraw replace add take-back | ben: approve deny | cleo: approve deny"
        },
        {
            "approval; ben deny; ana replace", AskState.Open, "ana: withdraw replace add take-back | ben: approve deny | cleo: approve deny"
        },
        { "approval; ana withdraw", AskState.Withdrawn, "ana: take-back" },
        { "approval; +130m", AskState.Open, "ana: withdraw add take-back" },
        { "approval; +130m; expire", AskState.Expired, "ana: take-back" },

        { "approval*", AskState.Open, "ana: withdraw replace add take-back | ben: approve deny | cleo: approve deny | dan: approve deny" },
        {
            "approval*; dan approve", AskState.Open,
            "ana: withdraw replace add take-back | ben: approve deny | cleo: approve deny | dan: deny retract"
        },
        {
            "approval*; ben approve; dan approve", AskState.Approved,
            "ana: withdraw consume replace add take-back | ben: deny retract | cleo: approve deny | dan: deny retract"
        },
        {
            "approval*; ben approve; dan approve; cleo approve; ben retract", AskState.Approved,
            "ana: withdraw consume replace add take-back | ben: approve deny | cleo: deny retract | dan: deny retract"
        },
        {
            "approval*; ben approve; dan approve; cleo deny", AskState.Denied,
            "ana: withdraw replace add take-back | ben: deny retract | cleo: approve retract | dan: deny retract"
        },
        {
            "approval*; ben approve; dan approve; cleo deny; cleo retract", AskState.Approved,
            "ana: withdraw consume replace add take-back | ben: deny retract | cleo: approve deny | dan: deny retract"
        },
    };

    [Theory, MemberData(nameof(Table))]
    public void is_possible_where_the_table_says_and_nowhere_else(string history, AskState state, string table)
    {
        var room = AskingRoom.After(history);
        var legal = table.Split(" | ").Select(row => row.Split(": ")).ToDictionary(row => row[0], row => row[1].Split(' '));

        Assert.Equal(state, room.Ask.State);
        foreach (var who in AskingRoom.People)
        {
            var possible = legal.GetValueOrDefault(who, []);
            foreach (var act in Acts.Keys)
            {
                var decision = room.Try(who, act);
                if (possible.Contains(act))
                {
                    Assert.True(decision.Refusal is null && decision.Facts.Count == 1, $"{who} could not {act}: {decision.Refusal}");
                    continue;
                }

                Assert.True(decision.Refusal is not null && decision.Facts.Count == 0, $"{who} could {act}.");
                Assert.True(CodeFor(who, history) == decision.Refusal.Code, $"{who} tried to {act}: {decision.Refusal}");
                if (decision.Refusal.Code == "act_not_possible")
                {
                    Assert.Equal(possible.Select(one => Acts[one]).Distinct().Order(), decision.Refusal.Next!.Order());
                    Assert.False(string.IsNullOrEmpty(decision.Refusal.Reason) || string.IsNullOrEmpty(decision.Refusal.Unlock),
                        $"{who} is not told why it cannot {act}.");
                }
                else
                {
                    Assert.Equal((null, null, null), (decision.Refusal.Next, decision.Refusal.Reason, decision.Refusal.Unlock));
                }
            }

            if (AskingRoom.SeatOf(room.Room, who) is { } seat && room.Ask.IsVisibleTo(seat))
            {
                Assert.Equal(
                    possible.Select(one => Acts[one]).Distinct().Order(), AskActs.Next(room.Ask, seat, room.Now, AskLimits.None).Order());
            }
        }
    }

    /// The table above speaks of every act and every state.
    [Fact]
    public void has_its_place_in_the_table()
    {
        Assert.Equal(AskActs.All.Select(act => act.ID).Order(), Acts.Values.Distinct().Order());
        Assert.Equal(Enum.GetValues<AskState>().Order(), Table.Select(row => row.Data.Item2).Distinct().Order());
        Assert.Equal(Acts.Keys.Order(),
            Table.SelectMany(row => row.Data.Item3.Split(" | ").SelectMany(who => who.Split(": ")[1].Split(' '))).Distinct().Order());
    }

    private static string CodeFor(string who, string history) => who switch
    {
        "outsider" => "room_not_found",
        "eve" => "not_found",
        "dan" when !history.Split(';')[0].EndsWith('*') => "not_found",
        _ => "act_not_possible",
    };
}
