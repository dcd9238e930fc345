using Parle.Domain;
using Parle.Domain.Rooms;
using static Parle.Tests.Rooms.AnasRoom;
using static Parle.Tests.Rooms.GivenRoom;

namespace Parle.Tests.Rooms;

public class PostingAMessage
{
    private static readonly Guid MessageID = ID(71);

    private static readonly PostMessage Hello = new(MessageID, new(AnaHere), Words, AddressingKind.Unaddressed, [], []);

    public static TheoryData<string> AddressesThatReachNobody => new(
        "@ben.helper", // several runs of it are there
        "@cleo.helper", // none is there
        "@cleo.helper.dddddddddddddddd", // not this one
        "@nobody.helper", "@ben.nobody", "@ben.helper.eeeeeeeeeeeeeeee", // unknown
        "@ben.help", "@ben.helper.bbbbbbbbbbbbbbb", // a beginning of one that is there
        "", "ben.helper", "@ben", "@ben.helper.bbbbbbbbbbbbbbbb.x", "@Ben.helper.bbbbbbbbbbbbbbbb", " @ben.helper.bbbbbbbbbbbbbbbb",
        "@ben.helper.", "@.helper", "\0");

    [Fact]
    public void records_that_it_was_said() =>
        Given(WithAna).When(room => Hello.Decide(room, Now))
            .Then(new MessageSubmitted(MessageID, AnaHere, Words.Commitment, Addressing.None));

    [Fact]
    public void keeps_the_words_under_the_facts_id()
    {
        var fact = Assert.Single(Hello.Decide(Given(WithAna).Room, Now).Facts);
        Assert.Equal((MessageID, Words), (fact.ID!.Value, fact.Content));
    }

    [Fact]
    public void to_everybody_is_a_broadcast() =>
        Given(WithAna).When(room => (Hello with { Kind = AddressingKind.Broadcast }).Decide(room, Now))
            .Then(new MessageSubmitted(MessageID, AnaHere, Words.Commitment, Addressing.Everybody));

    [Fact]
    public void to_a_session_reaches_it() =>
        Given([.. WithBoth, BenEnteredToo]).When(room => To(BensOtherAddress).Decide(room, Now))
            .Then(Said(new Target(BensOtherAddress, BenHereToo, BensSeat, BensOtherSession)));

    [Fact]
    public void to_an_agent_is_for_its_seat_whatever_sessions_are_there() =>
        Assert.All((IReadOnlyList<object>[])[WithAna, WithBoth, [.. WithBoth, BenEnteredToo]], facts =>
            Given(facts).When(room => (To("@ben.helper") with { Aliases = [BensHelper] }).Decide(room, Now))
                .Then(Said(new Target("@ben.helper", null, BensSeat))));

    [Fact]
    public void to_an_agent_without_a_seat_is_refused_as_if_there_were_none() =>
        Given([.. WithAna, new SeatRemoved(BensSeat)]).When(room => (To("@ben.helper") with { Aliases = [BensHelper] }).Decide(room, Now))
            .ThenRefused(Refusals.AddressNotDeliverable);

    [Fact]
    public void to_oneself_is_a_note() =>
        Given(WithAna).When(room => To(AnasAddress).Decide(room, Now)).Then(Said(new Target(AnasAddress, AnaHere, AnasSeat, AnasSession)));

    [Fact]
    public void to_several_reaches_each_in_the_order_named() =>
        Given(WithBoth).When(room => (To(AnasAddress, "@ben.helper") with { Aliases = [BensHelper] }).Decide(room, Now))
            .Then(Said(new Target(AnasAddress, AnaHere, AnasSeat, AnasSession), new Target("@ben.helper", null, BensSeat)));

    [Theory]
    [MemberData(nameof(AddressesThatReachNobody))]
    public void to_nobody_is_refused_in_one_way(string address) =>
        Given([.. WithBoth, BenEnteredToo]).When(room => To(address).Decide(room, Now)).ThenRefused(Refusals.AddressNotDeliverable);

    [Fact]
    public void to_a_session_that_was_outlived_is_refused_in_the_same_way() =>
        Given([.. WithBoth, new ParticipantEntered(ID(33), AnasSeat, ID(53), "@ana.builder.ffffffffffffffff", Later.AddHours(1))])
            .When(room => (To(BensAddress) with { Author = new(ID(33)) }).Decide(room, Later)).ThenRefused(Refusals.AddressNotDeliverable);

    [Fact]
    public void to_a_session_that_left_is_refused_in_the_same_way() =>
        Given([.. WithBoth, new ParticipantLeft(BenHere)]).When(room => To(BensAddress).Decide(room, Now))
            .ThenRefused(Refusals.AddressNotDeliverable);

    [Fact]
    public void to_somebody_and_nobody_reaches_nobody() =>
        Given(WithBoth).When(room => To(BensAddress, "@cleo.helper").Decide(room, Now)).ThenRefused(Refusals.AddressNotDeliverable);

    [Fact]
    public void to_no_address_at_all_is_refused_in_the_same_way() =>
        Given(WithBoth).When(room => To().Decide(room, Now)).ThenRefused(Refusals.AddressNotDeliverable);

    [Fact]
    public void is_refused_before_entering() =>
        Given(WithAna).When(room => (Hello with { Author = new(BenHere) }).Decide(room, Now)).ThenRefused(Refusals.RoomNotFound);

    [Fact]
    public void is_refused_after_leaving() =>
        Given([.. WithAna, new ParticipantLeft(AnaHere)]).When(room => Hello.Decide(room, Now)).ThenRefused(Refusals.RoomNotFound);

    [Fact]
    public void is_refused_in_a_room_that_nobody_opened() =>
        Given().When(room => Hello.Decide(room, Now)).ThenRefused(Refusals.RoomNotFound);

    private static readonly KnownAddress BensHelper = new("@ben.helper", BensAgent, null, null, AcceptsOffline: true);

    private static PostMessage To(params string[] addresses) => Hello with { Kind = AddressingKind.Direct, To = addresses };

    private static MessageSubmitted Said(params Target[] targets) => new(MessageID, AnaHere, Words.Commitment, Addressing.To(targets));
}
