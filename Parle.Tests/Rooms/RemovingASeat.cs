using Parle.Domain;
using Parle.Domain.Rooms;
using static Parle.Tests.Rooms.AnasRoom;
using static Parle.Tests.Rooms.GivenRoom;

namespace Parle.Tests.Rooms;

public class RemovingASeat
{
    private static readonly Guid BensOwnSeat = ID(27), CleosOwnSeat = ID(28);

    private static readonly object BenIsIn = new SeatAdmitted(BensOwnSeat, Ben, null, History.FromAdmission);
    private static readonly object CleoIsIn = new SeatAdmitted(CleosOwnSeat, Cleo, null, History.FromAdmission);
    private static readonly object BenMay = new RightGranted(BensOwnSeat, Rights.RemoveMembers);

    [Fact]
    public void of_an_agent_ends_its_presences_and_the_seat() =>
        Given([.. WithBoth, BenEnteredToo]).When(By(Ana, BensSeat))
            .Then(new ParticipantLeft(BenHere), new ParticipantLeft(BenHereToo), new SeatRemoved(BensSeat));

    [Fact]
    public void of_a_principal_ends_every_seat_under_it() =>
        Given([.. WithBoth, BenIsIn]).When(By(Ana, BensOwnSeat))
            .Then(new ParticipantLeft(BenHere), new SeatRemoved(BensSeat), new SeatRemoved(BensOwnSeat));

    [Fact]
    public void leaves_others_where_they_are()
    {
        var room = Given([.. WithBoth, new ParticipantLeft(BenHere), new SeatRemoved(BensSeat)]).Room!;
        Assert.Equal([AnaHere], room.Participants.Keys);
        Assert.Equal([OwnerSeat, AnasSeat, CleosSeat], room.Seats.Keys.Order());
    }

    [Fact]
    public void is_for_whom_the_owner_lets() =>
        Given([.. WithBoth, BenIsIn, BenMay]).When(By(Ben, CleosSeat)).Then(new SeatRemoved(CleosSeat));

    [Fact]
    public void is_not_for_every_member() =>
        Given([.. WithBoth, BenIsIn]).When(By(Ben, CleosSeat)).ThenRefused(Refusals.MissingRight(Rights.RemoveMembers));

    [Fact]
    public void is_not_for_whom_the_owner_no_longer_lets() =>
        Given([.. WithBoth, BenIsIn, BenMay, new RightRevoked(BensOwnSeat, Rights.RemoveMembers)]).When(By(Ben, CleosSeat))
            .ThenRefused(Refusals.MissingRight(Rights.RemoveMembers));

    [Fact]
    public void is_for_an_agent_of_the_owners() =>
        Given(WithBoth).When(room => (Removal(BensSeat) with { By = new(Ana, AnasAgent) }).Decide(room))
            .Then(new ParticipantLeft(BenHere), new SeatRemoved(BensSeat));

    [Fact]
    public void tells_a_stranger_nothing()
    {
        Given(WithBoth).When(By(Cleo, BensSeat)).ThenRefused(Refusals.NoSuchThing);
        Given(WithBoth).When(By(Cleo, ID(99))).ThenRefused(Refusals.NoSuchThing);
        Given().When(By(Ana, BensSeat)).ThenRefused(Refusals.NoSuchThing);
        Given([.. WithBoth, new RoomArchived()]).When(By(Ana, BensSeat)).ThenRefused(Refusals.NoSuchThing);
    }

    [Fact]
    public void that_there_is_not_is_refused() => Given(WithBoth).When(By(Ana, ID(99))).ThenRefused(Refusals.NoSuchThing);

    [Fact]
    public void again_is_refused() =>
        Given([.. WithAna, new SeatRemoved(BensSeat)]).When(By(Ana, BensSeat)).ThenRefused(Refusals.NoSuchThing);

    [Fact]
    public void of_ones_own_is_refused()
    {
        Given(WithBoth).When(By(Ana, OwnerSeat)).ThenRefused(Refusals.ValidationFailed, because: "own");
        Given([.. WithBoth, BenIsIn, BenMay]).When(By(Ben, BensOwnSeat)).ThenRefused(Refusals.ValidationFailed, because: "own");
        Given(WithBoth).When(room => (Removal(AnasSeat) with { By = new(Ana, AnasAgent) }).Decide(room))
            .ThenRefused(Refusals.ValidationFailed, because: "own");
        Given(WithBoth).When(room => (Removal(OwnerSeat) with { By = new(Ana, AnasAgent) }).Decide(room))
            .ThenRefused(Refusals.ValidationFailed, because: "own");
    }

    [Theory, InlineData(20), InlineData(21)]
    public void of_the_owner_or_its_agents_is_refused(int seat) =>
        Given([.. WithBoth, BenIsIn, BenMay]).When(By(Ben, ID(seat))).ThenRefused(Refusals.ValidationFailed, because: "owner");

    [Fact]
    public void of_the_owners_own_agent_is_the_owners_to_do() =>
        Given(WithBoth).When(By(Ana, AnasSeat)).Then(new ParticipantLeft(AnaHere), new SeatRemoved(AnasSeat));

    [Fact]
    public void is_seen_by_everybody()
    {
        var room = Given([.. WithBoth, CleoIsIn]).Room!;
        Assert.Equal(new Placement(Common: room.Common + 1), Placement.Of(room, new SeatRemoved(BensSeat)));
    }

    [Fact]
    public void takes_its_rights_along() =>
        Assert.Empty(Given([.. WithBoth, BenIsIn, BenMay, new SeatRemoved(BensOwnSeat),
            new SeatAdmitted(ID(29), Ben, null, History.FromAdmission)]).Room!.PrincipalSeatOf(Ben)!.Rights);

    [Fact]
    public void keeps_out_who_had_it() =>
        Given([.. WithAna, new SeatRemoved(BensSeat)]).When(
            room => new EnterRoom(ID(90), BensAgent, BensSession, BensAddress, Later).Decide(room, Now)).ThenRefused(Refusals.RoomNotFound);

    [Fact]
    public void and_another_admission_begin_a_view_of_its_own()
    {
        var whisper = new MessageSubmitted(
            ID(70), AnaHere, Words.Commitment, Addressing.To(new Target(BensAddress, BenHere, BensSeat, BensSession)));
        var room = Given([.. WithBoth, whisper, new ParticipantLeft(BenHere), new SeatRemoved(BensSeat),
            new SeatAdmitted(ID(29), Ben, BensAgent, History.FromAdmission)]).Room!;
        Assert.Equal((room.Common, 0), (room.SeatOf(BensAgent)!.Since, room.SeatOf(BensAgent)!.Private));
    }

    [Fact]
    public void of_an_agent_that_was_deleted_is_the_services_to_do()
    {
        Given(WithBoth).When(room => new RemoveDeletedAgent(BensAgent, ID(90), new byte[16]).Decide(room))
            .Then(new ParticipantLeft(BenHere), new SeatRemoved(BensSeat));
        Given(WithBoth).When(room => new RemoveDeletedAgent(ID(14), ID(90), new byte[16]).Decide(room)).ThenNothing();
    }

    private static RemoveSeat Removal(Guid seatID) => new(new(Ana), seatID, ID(90), new byte[16]);

    private static Func<Room?, Decision> By(Guid principal, Guid seatID) => (Removal(seatID) with { By = new(principal) }).Decide;
}
