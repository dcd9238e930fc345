using Parle.Domain;
using Parle.Domain.Rooms;
using static Parle.Tests.Rooms.AnasRoom;
using static Parle.Tests.Rooms.GivenRoom;

namespace Parle.Tests.Rooms;

public class PostingToAnAlias
{
    private const string NightShift = "@ben.helper.night-shift";

    private static readonly Guid MessageID = ID(71);

    [Fact]
    public void reaches_the_session_that_has_it() =>
        Given([.. WithBoth, BenEnteredToo]).When(room => Say(room, HeldBy(BensOtherSession)))
            .Then(Said(new(NightShift, BenHereToo, BensSeat, BensOtherSession, "night-shift")));

    [Fact]
    public void is_left_for_the_next_one_while_nobody_has_it() =>
        Given(WithBoth).When(room => Say(room, HeldBy(null))).Then(Said(new(NightShift, null, BensSeat, null, "night-shift")));

    [Fact]
    public void is_left_when_who_has_it_is_not_there() =>
        Given(WithAna).When(room => Say(room, HeldBy(BensSession))).Then(Said(new(NightShift, null, BensSeat, null, "night-shift")));

    [Fact]
    public void is_left_when_who_has_it_was_outlived() =>
        Given([.. WithBoth, new ParticipantEntered(ID(33), AnasSeat, ID(53), "@ana.builder.ffffffffffffffff", Later.AddHours(1))])
            .When(room => (Message(HeldBy(BensSession)) with { Author = new(ID(33)) }).Decide(room, Later))
            .Then(Said(new(NightShift, null, BensSeat, null, "night-shift")) with { AuthorID = ID(33) });

    [Fact]
    public void that_takes_nothing_offline_reaches_who_has_it() =>
        Given(WithBoth).When(room => Say(room, HeldBy(BensSession, acceptsOffline: false)))
            .Then(Said(new(NightShift, BenHere, BensSeat, BensSession, "night-shift")));

    [Fact]
    public void that_takes_nothing_offline_is_refused_while_nobody_has_it() =>
        Given(WithBoth).When(room => Say(room, HeldBy(null, acceptsOffline: false))).ThenRefused(Refusals.AddressNotDeliverable);

    [Fact]
    public void that_nobody_ever_claimed_is_refused_in_the_same_way() =>
        Given(WithBoth).When(room => Say(room)).ThenRefused(Refusals.AddressNotDeliverable);

    [Fact]
    public void of_an_agent_without_a_seat_is_refused_in_the_same_way() =>
        Given(WithBoth).When(room => Say(room, HeldBy(null) with { AgentID = ID(19) })).ThenRefused(Refusals.AddressNotDeliverable);

    [Fact]
    public void does_not_believe_a_session_of_another_seat() =>
        Given(WithBoth).When(room => Say(room, HeldBy(AnasSession, acceptsOffline: false))).ThenRefused(Refusals.AddressNotDeliverable);

    [Fact]
    public void is_not_mistaken_for_another_alias() =>
        Given(WithBoth).When(room => Say(room, HeldBy(BensSession) with { Address = "@ben.helper.night-shift-2", Alias = "night-shift-2" }))
            .ThenRefused(Refusals.AddressNotDeliverable);

    [Fact]
    public void under_an_alias_says_so() =>
        Given(WithAna).When(
            room => (Message() with { Author = new(AnaHere, "day-shift"), Kind = AddressingKind.Broadcast, To = [] }).Decide(room, Now))
            .Then(new MessageSubmitted(MessageID, AnaHere, Words.Commitment, Addressing.Everybody, "day-shift"));

    private static KnownAddress HeldBy(Guid? sessionID, bool acceptsOffline = true) =>
        new(NightShift, BensAgent, "night-shift", sessionID, acceptsOffline);

    private static PostMessage Message(params KnownAddress[] known) =>
        new(MessageID, new(AnaHere), Words, AddressingKind.Direct, [NightShift], known);

    private static Decision Say(Room? room, params KnownAddress[] known) => Message(known).Decide(room, Now);

    private static MessageSubmitted Said(Target target) => new(MessageID, AnaHere, Words.Commitment, Addressing.To(target));
}
