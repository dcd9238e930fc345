using Parle.Domain;
using Parle.Domain.Rooms;
using static Parle.Tests.Rooms.AnasRoom;
using static Parle.Tests.Rooms.GivenRoom;

namespace Parle.Tests.Rooms;

public class EnteringARoom
{
    private static readonly EnterRoom Entry = new(BenHere, BensAgent, BensSession, BensAddress, Later);
    private static readonly EnterRoom AnotherEntry = new(BenHereToo, BensAgent, BensOtherSession, BensOtherAddress, Later);

    [Fact]
    public void brings_the_session_in() =>
        Given(WithAna).When(room => Entry.Decide(room, Now)).Then(BenEntered);

    [Fact]
    public void again_changes_nothing() =>
        Given(WithBoth).When(room => (Entry with { ParticipantID = ID(99) }).Decide(room, Now)).ThenNothing();

    [Fact]
    public void finds_the_presence_that_is_there() =>
        Assert.Equal(BenHere, (Entry with { ParticipantID = ID(99) }).Present(Given(WithBoth).Room!)!.ParticipantID);

    [Fact]
    public void is_refused_without_a_seat() =>
        Given(WithAna).When(room => (Entry with { AgentID = ID(19) }).Decide(room, Now)).ThenRefused(Refusals.RoomNotFound);

    [Fact]
    public void is_refused_in_a_room_that_nobody_opened() =>
        Given().When(room => Entry.Decide(room, Now)).ThenRefused(Refusals.RoomNotFound);

    [Fact]
    public void after_leaving_is_a_new_presence() =>
        Given([.. WithBoth, new ParticipantLeft(BenHere)]).When(room => (Entry with { ParticipantID = ID(99) }).Decide(room, Now))
            .Then(new ParticipantEntered(ID(99), BensSeat, BensSession, BensAddress, Later));

    [Fact]
    public void leaves_the_seats_other_living_sessions_there() =>
        Given(WithBoth).When(room => AnotherEntry.Decide(room, Now)).Then(BenEnteredToo);

    [Fact]
    public void takes_out_the_seats_sessions_that_were_outlived() =>
        Given(WithBoth).When(room => (AnotherEntry with { ExpiresAt = Later.AddHours(12) }).Decide(room, Later))
            .Then(new ParticipantLeft(BenHere),
                new ParticipantEntered(BenHereToo, BensSeat, BensOtherSession, BensOtherAddress, Later.AddHours(12)));

    [Fact]
    public void takes_nobody_out_of_another_seat() =>
        Given(WithAna).When(room => (Entry with { ExpiresAt = Later.AddHours(12) }).Decide(room, Later))
            .Then(new ParticipantEntered(BenHere, BensSeat, BensSession, BensAddress, Later.AddHours(12)));
}
