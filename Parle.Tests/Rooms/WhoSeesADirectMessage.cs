using Parle.Domain.Rooms;
using static Parle.Tests.Rooms.AnasRoom;

namespace Parle.Tests.Rooms;

public class WhoSeesADirectMessage
{
    [Fact]
    public void is_its_author_and_the_seats_of_its_targets_whether_present_or_not()
    {
        var visibility = Visibility.Of(null, new MessageSubmitted(
            ID(71), AnaHere, Words.Commitment, Addressing.To(new Target(BensAddress, BenHere, BensSeat, BensSession),
                new Target("@cleo.helper.night-shift", null, CleosSeat, null, "night-shift"))));
        Assert.Equal((false, AnaHere), (visibility.Everyone, visibility.Author));
        Assert.Equal([BensSeat, CleosSeat], visibility.Seats);
    }
}
