using Parle.Domain.Rooms;
using static Parle.Tests.Rooms.AnasRoom;
using static Parle.Tests.Rooms.GivenRoom;

namespace Parle.Tests.Rooms;

public class LeavingARoom
{
    private static readonly LeaveRoom Leaving = new(BenHere);

    [Fact]
    public void takes_the_participant_out() =>
        Given(WithBoth).When(Leaving.Decide).Then(new ParticipantLeft(BenHere));

    [Fact]
    public void again_changes_nothing() =>
        Given([.. WithBoth, new ParticipantLeft(BenHere)]).When(Leaving.Decide).ThenNothing();

    [Fact]
    public void a_room_that_nobody_opened_changes_nothing() =>
        Given().When(Leaving.Decide).ThenNothing();
}
