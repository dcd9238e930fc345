using Parle.Domain;
using Parle.Domain.Rooms;
using static Parle.Tests.Rooms.AnasRoom;
using static Parle.Tests.Rooms.GivenRoom;

namespace Parle.Tests.Rooms;

public class OpeningARoom
{
    private static readonly OpenRoom Build = new(Ana, "build", RoomKind.Shared, OwnerSeat);

    [Fact]
    public void seats_its_owner_with_the_whole_history() =>
        Given().When(Build.Decide).Then(new RoomOpened(Ana, "build", RoomKind.Shared), new SeatAdmitted(OwnerSeat, Ana, null, History.All));

    [Fact]
    public void is_refused_when_the_room_is_there() =>
        Given(Empty).When(Build.Decide).ThenRefused(Refusals.HandleUnavailable);

    [Fact]
    public void is_refused_under_a_reserved_word() =>
        Given().When((Build with { Handle = "parle" }).Decide).ThenRefused(Refusals.ValidationFailed, because: "reserved");

    [Fact]
    public void is_refused_under_what_is_no_handle() =>
        Given().When((Build with { Handle = "Build!" }).Decide).ThenRefused(Refusals.ValidationFailed, because: "handle");
}
