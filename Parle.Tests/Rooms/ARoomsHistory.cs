using System.Text.Json;
using CsCheck;
using Parle.Domain.Contents;
using Parle.Domain.Rooms;
using Parle.Projections;
using static Parle.Tests.Rooms.RoomHistories;

namespace Parle.Tests.Rooms;

public class ARoomsHistory
{
    [Fact]
    public void numbers_each_seats_rows_densely_from_one() =>
        Any.Sample(history => Assert.All(Seats(history), seatID =>
        {
            var seqs = View(history, seatID).Select(row => row.Placement.SeqFor(SeatWhen(history, row, seatID)));
            Assert.Equal(Enumerable.Range(1, View(history, seatID).Count).Select(seq => (long?)seq), seqs);
        }));

    [Fact]
    public void gives_no_place_to_what_a_seat_must_not_see() =>
        Any.Sample(history => Assert.All(Seats(history), seatID => Assert.All(
            LifeOf(history, seatID).Except(View(history, seatID)),
            row => Assert.Null(row.Placement.SeqFor(SeatWhen(history, row, seatID))))));

    [Fact]
    public void tells_an_author_the_place_of_its_own_row() =>
        Any.Sample(history => Assert.All(history.Where(lived => lived.Fact is MessageSubmitted), row =>
        {
            var seatID = row.After.Participants[((MessageSubmitted)row.Fact).AuthorID].SeatID;
            Assert.Equal(View(history, seatID).ToList().IndexOf(row) + 1, row.Placement.SeqFor(row.After.Seats[seatID]));
        }));

    [Fact]
    public void gives_no_row_to_a_seat_that_was_removed() =>
        Any.Sample(history => Assert.All(Seats(history), seatID => Assert.DoesNotContain(
            history.Skip(LifeOf(history, seatID).Count), lived => lived.Placement.Private?.Any(place => place.SeatID == seatID) is true)));

    [Fact]
    public void can_hold_a_seat_of_an_agent_that_was_removed_and_admitted_again() =>
        Any.Where(history => history.Select(lived => lived.Fact).OfType<SeatAdmitted>().GroupBy(seat => seat.AgentID)
            .Any(agent => agent.Count() > 1)).Single();

    /// However many of a seat's names a message is for, and whether or not anybody answers to them just now.
    [Fact]
    public void gives_a_direct_message_one_place_in_each_seat_that_it_concerns() =>
        Any.Sample(
            history => Assert.All(history.Where(lived => lived.Fact is MessageSubmitted { Addressing.Kind: AddressingKind.Direct }), row =>
            {
                var direct = (MessageSubmitted)row.Fact;
                Assert.Null(row.Placement.Common);
                Assert.Equal(
                    direct.Addressing.Targets.Select(target => target.SeatID).Append(row.After.Participants[direct.AuthorID].SeatID)
                        .Distinct().Order(),
                    row.Placement.Private!.Select(place => place.SeatID).Order());
                Assert.All(row.Placement.Private!, place => Assert.Equal(
                    (row.Before!.Seats[place.SeatID].Private + 1, row.After.Seats[place.SeatID].Private), (place.Number, place.Number)));
            }));

    /// Otherwise the tests above would say nothing about them.
    [Fact]
    public void can_hold_messages_for_aliases_that_nobody_has_for_oneself_and_for_several() =>
        Assert.All<Func<MessageSubmitted, bool>>(
            [
                direct => direct.Addressing.Targets.Any(target => target is { Alias: not null, ParticipantID: null }),
                direct => direct.Addressing.Targets.Any(target => target is { Alias: not null, ParticipantID: not null }),
                direct => direct.Addressing.Targets.Any(target => target.ParticipantID == direct.AuthorID),
                direct => direct.Addressing.Targets.GroupBy(target => target.SeatID).Any(seat => seat.Count() > 1),
                direct => direct.Addressing.Targets.DistinctBy(target => target.SeatID).Count() > 1,
            ],
            kind => Any.Array[10].Where(histories => histories.Any(history =>
                history.Any(lived => lived.Fact is MessageSubmitted { Addressing.Kind: AddressingKind.Direct } direct && kind(direct))))
                    .Single());

    [Fact]
    public void makes_the_same_room_when_it_is_read_back() =>
        Any.Sample(history => Assert.Equal(Spell(history[^1].After), Spell(Fold(null, history.Select(Stored)))));

    [Fact]
    public void makes_the_same_room_from_a_snapshot_on() =>
        Any.Select(Gen.Int[0, int.MaxValue]).Sample((history, anywhere) =>
        {
            var version = anywhere % history.Count;
            var snapshot = Again(history[version].After);
            Assert.Equal(Spell(history[^1].After), Spell(Fold(snapshot, history.Skip(version + 1).Select(Stored))));
        });

    /// Law 2, at its root: places, numbers and the seat's own state are the same whether or not others whispered.
    [Fact]
    public void is_the_same_to_a_seat_whether_or_not_others_whisper() =>
        Any.Sample(history => Assert.All(Seats(history), seatID =>
        {
            var quiet = Relive(
                history.Where(lived => lived.Placement.Private is null || Concerns(lived, seatID)).Select(lived => lived.Fact));
            Assert.Equal(Told(history, seatID), Told(quiet, seatID));
            Assert.Equal(history[^1].After.Seats.GetValueOrDefault(seatID), quiet[^1].After.Seats.GetValueOrDefault(seatID));
        }));

    /// A seat's rows with their numbers.
    private static IEnumerable<(object Fact, long? Seq)> Told(IReadOnlyList<LivedFact> history, Guid seatID) =>
        View(history, seatID).Select(row => (row.Fact, row.Placement.SeqFor(SeatWhen(history, row, seatID))));

    // A seat that was granted the whole history reads earlier rows as it was admitted.
    private static Seat SeatWhen(IReadOnlyList<LivedFact> history, LivedFact row, Guid seatID) =>
        row.After.Seats.GetValueOrDefault(seatID)
        ?? history.Select(lived => lived.After).First(room => room.Seats.ContainsKey(seatID)).Seats[seatID];

    private static (object Fact, Placement Placement) Stored(LivedFact lived) =>
        (JsonSerializer.Deserialize(
            JsonSerializer.Serialize(lived.Fact, lived.Fact.GetType(), StoredJson.Options), lived.Fact.GetType(), StoredJson.Options)!,
            Again(lived.Placement));

    private static Room? Fold(Room? room, IEnumerable<(object Fact, Placement Placement)> facts) =>
        facts.Aggregate(room, (before, stored) => Room.Apply(before, stored.Fact, stored.Placement, AnasRoom.Now));

    private static T Again<T>(T value) =>
        JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(value, StoredJson.Options), StoredJson.Options)!;

    private static string Spell(Room? room) => CanonicalJson.Of(JsonSerializer.SerializeToElement(room, StoredJson.Options));
}
