using Parle.Domain;
using Parle.Domain.Rooms;
using static Parle.Tests.Rooms.AnasRoom;
using static Parle.Tests.Rooms.GivenRoom;

namespace Parle.Tests.Rooms;

public class RemovingAParticipant
{
    private static readonly object BenMay = new RightGranted(BensOwnSeat, Rights.RemoveMembers);
    private static readonly object BenIsIn = new SeatAdmitted(BensOwnSeat, Ben, null, History.FromAdmission);
    private static readonly EnterRoom BenComesBack = new(ID(90), BensAgent, BensSession, BensAddress, Later);

    private static Guid BensOwnSeat => ID(27);

    [Fact]
    public void sends_one_session_out() => Given([.. WithBoth, BenEnteredToo]).When(By(Ana, BenHere)).Then(new ParticipantRemoved(BenHere));

    [Fact]
    public void is_for_good() =>
        Given([.. WithBoth, new ParticipantRemoved(BenHere)]).When(room => BenComesBack.Decide(room, Now))
            .ThenRefused(Refusals.ParticipantRevoked);

    [Fact]
    public void leaves_other_sessions_of_the_seat() =>
        Given([.. WithBoth, new ParticipantRemoved(BenHere)])
            .When(room => (BenComesBack with { AgentSessionID = BensOtherSession, Address = BensOtherAddress }).Decide(room, Now))
            .Then(new ParticipantEntered(ID(90), BensSeat, BensOtherSession, BensOtherAddress, Later));

    [Fact]
    public void lasts_as_long_as_the_seat() =>
        Given([.. WithBoth, new ParticipantRemoved(BenHere), new SeatRemoved(BensSeat),
            new SeatAdmitted(ID(29), Ben, BensAgent, History.FromAdmission)])
            .When(room => BenComesBack.Decide(room, Now)).Then(new ParticipantEntered(ID(90), ID(29), BensSession, BensAddress, Later));

    [Fact]
    public void makes_its_address_reach_nobody() =>
        Given([.. WithBoth, new ParticipantRemoved(BenHere)])
            .When(room => new PostMessage(ID(70), new(AnaHere), Words, AddressingKind.Direct, [BensAddress], []).Decide(room, Now))
            .ThenRefused(Refusals.AddressNotDeliverable);

    [Fact]
    public void is_for_whom_the_owner_lets()
    {
        Given([.. WithBoth, BenIsIn, BenMay]).When(By(Ben, BenHere)).Then(new ParticipantRemoved(BenHere));
        Given([.. WithBoth, BenIsIn]).When(By(Ben, BenHere)).ThenRefused(Refusals.MissingRight(Rights.RemoveMembers));
        Given(WithBoth).When(By(Cleo, BenHere)).ThenRefused(Refusals.NoSuchThing);
    }

    [Fact]
    public void who_is_not_there_is_refused()
    {
        Given(WithAna).When(By(Ana, BenHere)).ThenRefused(Refusals.NoSuchThing);
        Given([.. WithBoth, new ParticipantRemoved(BenHere)]).When(By(Ana, BenHere)).ThenRefused(Refusals.NoSuchThing);
    }

    [Fact]
    public void of_the_owner_is_the_owners_to_do()
    {
        Given([.. WithBoth, BenIsIn, BenMay]).When(By(Ben, AnaHere)).ThenRefused(Refusals.ValidationFailed, because: "owner");
        Given(WithBoth).When(By(Ana, AnaHere)).Then(new ParticipantRemoved(AnaHere));
    }

    [Fact]
    public void of_ones_own_session_is_refused() =>
        Given(WithBoth).When(room => new RemoveParticipant(new(Ana, AnasAgent), AnaHere).Decide(room))
            .ThenRefused(Refusals.ValidationFailed, because: "own");

    [Fact]
    public void is_no_row() => Assert.Equal(Placement.Nowhere, Placement.Of(Given(WithBoth).Room, new ParticipantRemoved(BenHere)));

    private static Func<Room?, Decision> By(Guid principal, Guid participant) => new RemoveParticipant(new(principal), participant).Decide;
}
