using System.Text.Json;
using CsCheck;
using Parle.Domain;
using Parle.Domain.Asks;
using Parle.Domain.Rooms;
using Parle.Projections;
using static Parle.Tests.Rooms.AnasRoom;

namespace Parle.Tests.Rooms;

/// The loop guard: three turns of a pair, then a minute's pause.
public class AConversation
{
    private static readonly RoomLimits ThreeTurns = new(0, 3, TimeSpan.FromMinutes(1));
    private static readonly Target ToAna = new(AnasAddress, AnaHere, AnasSeat, AnasSession),
        ToBen = new(BensAddress, BenHere, BensSeat, BensSession),
        ToCleo = new("@cleo.helper.dddddddddddddddd", CleoHere, CleosSeat, ID(53));

    private static readonly Guid CleoHere = ID(33);

    private Room room = GivenRoom.Given(
        [.. WithBoth, new ParticipantEntered(CleoHere, CleosSeat, ID(53), "@cleo.helper.dddddddddddddddd", Later)]).Room!;
    private DateTimeOffset now = Now;

    [Fact]
    public void comes_to_a_pause_when_two_agents_only_answer_each_other()
    {
        Tell(AnaHere, ToBen).Tell(BenHere, ToAna).Tell(AnaHere, ToBen);

        Refused(MessageOf(BenHere, ToAna), after: 60_000);
        Taken(MessageOf(AnaHere, ToBen)); // Nobody answers itself.
    }

    [Fact]
    public void goes_on_after_the_pause_with_a_budget_that_begins_anew()
    {
        Tell(AnaHere, ToBen).Tell(BenHere, ToAna).Tell(AnaHere, ToBen).Pass(59);
        Refused(MessageOf(BenHere, ToAna), after: 1_000);

        Pass(1).Tell(BenHere, ToAna).Tell(AnaHere, ToBen).Tell(BenHere, ToAna);
        Refused(MessageOf(AnaHere, ToBen), after: 60_000);
    }

    [Fact]
    public void to_all_counts_turns_with_whoever_spoke_to_all_before()
    {
        TellAll(AnaHere).TellAll(BenHere).TellAll(AnaHere).TellAll(BenHere);

        Refused(ToAll(AnaHere), after: 60_000);
        Taken(ToAll(BenHere)); // Not a turn: nobody answered in between.
        Taken(ToAll(CleoHere));
        TellAll(CleoHere);
        Taken(ToAll(AnaHere)); // It answers Cleo now.
    }

    [Fact]
    public void of_one_who_speaks_alone_is_none()
    {
        for (var i = 0; i < 10; i++)
        {
            Tell(AnaHere, ToBen).TellAll(AnaHere);
        }

        Taken(MessageOf(BenHere, ToAna));
        Taken(ToAll(BenHere));
    }

    [Fact]
    public void to_all_has_nothing_to_do_with_what_is_said_to_some()
    {
        TellAll(AnaHere).TellAll(BenHere).TellAll(AnaHere).Tell(BenHere, ToAna).Tell(AnaHere, ToBen);
        Taken(MessageOf(BenHere, ToAna));
        Taken(ToAll(BenHere));
    }

    [Fact]
    public void holds_the_one_back_that_answers_faster()
    {
        Tell(AnaHere, ToBen).Pass(1).Tell(BenHere, ToAna).Pass(2).Tell(AnaHere, ToBen);
        Refused(MessageOf(BenHere, ToAna), after: 60_000);
    }

    [Fact]
    public void lets_the_one_go_on_that_takes_its_time()
    {
        Tell(BenHere, ToAna).Pass(2).Tell(AnaHere, ToBen).Pass(1).Tell(BenHere, ToAna).Pass(2);

        Tell(AnaHere, ToBen);
        Refused(MessageOf(BenHere, ToAna), after: 60_000); // The other one is held instead, with its next word.
    }

    [Fact]
    public void begins_anew_when_an_answer_takes_long()
    {
        Tell(AnaHere, ToBen).Tell(BenHere, ToAna).Pass(30).Tell(AnaHere, ToBen).Tell(BenHere, ToAna).Tell(AnaHere, ToBen);
        Refused(MessageOf(BenHere, ToAna), after: 60_000);
    }

    /// Law 10: whatever Cleo says, to whom, how often and when, Ana and Ben are not held back in what they say to each other and to all in
    /// turn.
    [Fact]
    public void of_a_hostile_one_holds_nobody_back_who_does_not_answer_it() =>
        Gen.Select(
            Gen.Select(Gen.Bool, Gen.Int[0, 9], Gen.Bool, (byAna, seconds, toAll) => (byAna, seconds, toAll)),
            Gen.Select(Gen.Int[0, 3], Gen.Int[0, 2000], (to, after) => (to, after)).Array[0, 6]).Array[1, 60].Sample(history =>
        {
            var (before, at, direct) = (room, Now, 0);
            foreach (var (honest, hostile) in history)
            {
                foreach (var (to, after) in hostile)
                {
                    at = at.AddMilliseconds(after);
                    before = GivenRoom.After(before,
                        to switch
                        {
                            0 => Message(CleoHere),
                            1 => Message(CleoHere, ToAna),
                            2 => Message(CleoHere, ToBen),
                            _ => Message(CleoHere, ToAna, ToBen)
                        }, at)!;
                }

                // Of Ana and Ben who only answer each other the guard has something to say; so here one says a bit more each time, to the
                // other alone.
                at = at.AddSeconds(honest.seconds);
                if (honest.toAll)
                {
                    foreach (var who in (Guid[])[AnaHere, BenHere])
                    {
                        Assert.Null(ToAll(who).Decide(before, at).Refusal);
                        before = GivenRoom.After(before, Message(who), at)!;
                        before = GivenRoom.After(
                            before, hostile.Length > 0 ? Message(CleoHere) : Asked(AnaHere, AnasSeat) with { AskID = ID(500) }, at)!;
                    }
                }
                else if (direct++ % 2 == 0)
                {
                    Assert.Null(MessageOf(AnaHere, ToBen).Decide(before, at).Refusal);
                    before = GivenRoom.After(before, Message(AnaHere, ToBen), at)!;
                }
            }
        });

    /// The reported case: one word to all, then words to some until each pair's number is a multiple of the bound.
    [Fact]
    public void cannot_be_filled_by_one_side()
    {
        TellAll(AnaHere).TellAll(BenHere).TellAll(CleoHere);
        for (var i = 0; i < 3 * 60; i++)
        {
            Record(Message(CleoHere, ToAna, ToBen));
            foreach (var who in (Guid[])[AnaHere, BenHere])
            {
                Taken(ToAll(who));
                Taken(MessageOf(who, who == AnaHere ? ToBen : ToAna));
            }
        }
    }

    /// Somebody who answers every word to all, at once, is held back itself.
    [Fact]
    public void cannot_be_turned_on_one_who_speaks_to_all_at_its_own_pace()
    {
        var held = 0;
        for (var i = 0; i < 100; i++)
        {
            TellAll(AnaHere);
            if (ToAll(CleoHere).Decide(room, now).Refusal is null)
            {
                TellAll(CleoHere);
            }
            else
            {
                held++;
            }

            Pass(5);
            Taken(ToAll(AnaHere));
        }

        Assert.InRange(held, 30, 99);
    }

    /// Any two agents that only answer each other come to a pause within the bound and one turn.
    [Fact]
    public void of_two_that_only_answer_each_other_always_comes_to_a_pause() =>
        Gen.Select(Gen.Int[0, 29_000], Gen.Int[0, 29_000], Gen.Bool).Sample((anas, bens, toAll) =>
        {
            var (before, at) = (room, Now);
            for (var i = 0; i < 6; i++)
            {
                var isAna = i % 2 == 0;
                at = at.AddMilliseconds(isAna ? anas : bens);
                var message = toAll ? ToAll(isAna ? AnaHere : BenHere) : isAna ? MessageOf(AnaHere, ToBen) : MessageOf(BenHere, ToAna);
                if (message.Decide(before, at).Refusal is not null)
                {
                    return;
                }

                before = GivenRoom.After(
                    before, toAll ? Message(isAna ? AnaHere : BenHere) : isAna ? Message(AnaHere, ToBen) : Message(BenHere, ToAna), at)!;
            }

            Assert.Fail("They go on and on.");
        });

    [Fact]
    public void of_one_pair_leaves_others_alone()
    {
        Tell(AnaHere, ToBen).Tell(BenHere, ToAna).Tell(AnaHere, ToBen);

        Taken(MessageOf(AnaHere, ToCleo));
        Taken(MessageOf(BenHere, ToCleo));
        Refused(MessageOf(BenHere, ToCleo, ToAna), after: 60_000);
    }

    [Fact]
    public void with_oneself_is_none()
    {
        for (var i = 0; i < 10; i++)
        {
            Tell(AnaHere, ToAna).TellAll(AnaHere);
        }
    }

    [Fact]
    public void holds_replies_back_too()
    {
        Tell(AnaHere, ToBen).Tell(BenHere, ToAna).Tell(AnaHere, ToBen);

        var reply = new PostReply(ID(99), new(BenHere), Words, new(AnaHere, null, new(ID(98), 1, ID(98)), Later)) { Limits = ThreeTurns };
        Assert.Equal(Refusals.LoopGuard with { RetryAfterMs = 60_000 }, reply.Decide(room, now).Refusal);
        Assert.Null((reply with { Limits = RoomLimits.None }).Decide(room, now).Refusal);
    }

    [Fact]
    public void is_free_again_when_something_is_asked_that_both_see()
    {
        Tell(AnaHere, ToBen).Tell(BenHere, ToAna).Tell(AnaHere, ToBen).Record(Asked(AnaHere, AnasSeat));
        Taken(MessageOf(BenHere, ToAna));

        Tell(BenHere, ToAna).Tell(AnaHere, ToBen).Tell(BenHere, ToAna).Record(Asked(AnaHere, AnasSeat, ToBen));
        Taken(MessageOf(AnaHere, ToBen));
    }

    /// Law 2: what Ben cannot see must not tell him anything by setting him free.
    [Fact]
    public void is_not_touched_by_an_ask_that_one_of_them_cannot_see()
    {
        Tell(AnaHere, ToBen).Tell(BenHere, ToAna).Tell(AnaHere, ToBen).Record(Asked(AnaHere, AnasSeat, ToCleo));

        Refused(MessageOf(BenHere, ToAna), after: 60_000);
    }

    [Fact]
    public void is_free_again_when_somebody_is_given_a_seat()
    {
        Tell(AnaHere, ToBen).Tell(BenHere, ToAna).Tell(AnaHere, ToBen)
            .Record(new SeatAdmitted(ID(24), ID(4), ID(14), History.FromAdmission));
        Taken(MessageOf(BenHere, ToAna));
    }

    [Fact]
    public void is_not_touched_by_sessions_that_come_and_go()
    {
        Tell(AnaHere, ToBen).Tell(BenHere, ToAna).Tell(AnaHere, ToBen).Record(new ParticipantLeft(CleoHere)).Record(BenEnteredToo);
        Refused(MessageOf(BenHere, ToAna), after: 60_000);
    }

    [Fact]
    public void is_as_long_as_they_like_where_there_is_no_budget()
    {
        for (var i = 0; i < 200; i++)
        {
            Record(Message(AnaHere, ToBen));
        }

        Assert.Null((MessageOf(BenHere, ToAna) with { Limits = RoomLimits.None }).Decide(room, now).Refusal);
        Assert.Null((MessageOf(BenHere, ToAna) with { Limits = ThreeTurns with { TurnsPerPair = 0 } }).Decide(room, now).Refusal);
    }

    [Fact]
    public void survives_a_snapshot()
    {
        Tell(AnaHere, ToBen).Tell(BenHere, ToAna).Tell(AnaHere, ToBen).TellAll(AnaHere).TellAll(BenHere).TellAll(AnaHere).TellAll(BenHere);
        room = JsonSerializer.Deserialize<Room>(JsonSerializer.Serialize(room, StoredJson.Options), StoredJson.Options)!;

        Refused(MessageOf(BenHere, ToAna), after: 60_000);
        Refused(ToAll(AnaHere), after: 60_000);
    }

    [Fact]
    public void of_an_older_snapshot_has_not_begun()
    {
        var stored = System.Text.Json.Nodes.JsonNode.Parse(JsonSerializer.Serialize(room, StoredJson.Options))!.AsObject();
        stored.Remove("conversation");
        Assert.Equal(Conversation.None, JsonSerializer.Deserialize<Room>(stored.ToJsonString(), StoredJson.Options)!.Conversation);
    }

    [Fact]
    public void that_was_not_answered_is_forgotten_as_soon_as_it_counts_for_nothing()
    {
        room = Crowd(511).Aggregate(room, (before, seat) => GivenRoom.After(before, Message(AnaHere, To(seat)), now)!);
        Assert.Equal(Conversation.MaxUnanswered + 255, room.Conversation.Pairs.Count);

        Pass(31).Tell(AnaHere, ToBen);
        Assert.Single(room.Conversation.Pairs);
    }

    /// One seat's remembered turns are its own: nobody's turns are forgotten for another one's words.
    [Fact]
    public void is_not_forgotten_for_what_others_say()
    {
        var crowd = Crowd(1000);
        Tell(AnaHere, ToBen).Tell(BenHere, ToAna).Tell(AnaHere, ToBen);
        room = crowd.Chunk(30).Aggregate(room, (before, seats) => GivenRoom.After(before, Message(CleoHere, [.. seats.Select(To)]), now)!);

        Assert.InRange(room.Conversation.Pairs.Count, 1, 1 + Conversation.MaxUnanswered + 255);
        Refused(MessageOf(BenHere, ToAna), after: 60_000);
    }

    /// Law 2 as a property: whatever others do among themselves, out of Ben's sight, Ben is held back or not, and for as long, as if they
    /// had not.
    [Fact]
    public void that_one_cannot_see_holds_nobody_back() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 2], (by, to, kind) => (by, to, kind)).Array[1, 30].Sample(history =>
        {
            var (whole, seen) = (room, room);
            foreach (var (i, step) in history.Index())
            {
                var at = Now.AddSeconds(i);
                var (by, to) = ((Guid[])[AnaHere, BenHere, CleoHere] is var people ? people[step.by] : default,
                    (Target[])[ToAna, ToBen, ToCleo] is var targets ? targets[step.to] : ToAna);
                object fact = step.kind switch
                {
                    0 => Message(by, to),
                    1 => Asked(by, ((Guid[])[AnasSeat, BensSeat, CleosSeat])[step.by], to) with { AskID = ID(500 + i) },
                    _ => Message(by),
                };
                var isHidden = step.kind < 2 && step.by != 1 && step.to != 1;
                whole = GivenRoom.After(whole, fact, at)!;
                seen = isHidden ? seen : GivenRoom.After(seen, fact, at)!;
                foreach (var message in (PostMessage[])[ToAll(BenHere), MessageOf(BenHere, ToAna), MessageOf(BenHere, ToCleo)])
                {
                    Assert.Equal(message.Decide(seen, at).Refusal, message.Decide(whole, at).Refusal);
                }
            }
        });

    private IEnumerable<Guid> Crowd(int size)
    {
        var seats = Enumerable.Range(0, size).Select(i => ID(1000 + i)).ToList();
        room = seats.Aggregate(
            room, (before, seat) => GivenRoom.After(before, new SeatAdmitted(seat, ID(4), seat, History.FromAdmission), now)!);
        return seats;
    }

    private static Target To(Guid seat) => new("@p.helper.x", seat, seat, seat);

    private AConversation Tell(Guid by, Target to)
    {
        Taken(MessageOf(by, to));
        return Record(Message(by, to));
    }

    private AConversation TellAll(Guid by) => Record(Message(by));

    private AConversation Record(object fact)
    {
        room = GivenRoom.After(room, fact, now)!;
        return this;
    }

    private AConversation Pass(int seconds)
    {
        now = now.AddSeconds(seconds);
        return this;
    }

    private void Taken(PostMessage message) => Assert.Null(message.Decide(room, now).Refusal);

    private void Refused(PostMessage message, int after)
    {
        Assert.Equal(Refusals.LoopGuard with { RetryAfterMs = after }, message.Decide(room, now).Refusal);
        Assert.Equal(
            message.Kind is AddressingKind.Direct, PostMessage.ObstacleToAll(room, message.Author.ParticipantID, ThreeTurns, now) is null);
    }

    private static MessageSubmitted Message(Guid by, params IReadOnlyList<Target> to) =>
        new(ID(98), by, Words.Commitment, to is [] ? Addressing.None : Addressing.To(to));

    private static PostMessage MessageOf(Guid by, params IReadOnlyList<Target> to) =>
        new(ID(99), new(by), Words, AddressingKind.Direct, [.. to.Select(target => target.Address)], []) { Limits = ThreeTurns };

    private static PostMessage ToAll(Guid by) => new(ID(99), new(by), Words, AddressingKind.Unaddressed, [], []) { Limits = ThreeTurns };

    private static AskOpened Asked(Guid by, Guid seatID, params IReadOnlyList<Target> of) =>
        new(AskKind.Help, seatID, Ana, of is [] ? Addressing.Everybody : Addressing.To(of), null, null, null, null)
        { AskID = ID(80), Number = 1, AuthorID = by, Work = of, Words = Words.Commitment, Context = [] };
}
