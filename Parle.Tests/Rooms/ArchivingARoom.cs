using Parle.Domain;
using Parle.Domain.Rooms;
using static Parle.Tests.Rooms.AnasRoom;
using static Parle.Tests.Rooms.GivenRoom;

namespace Parle.Tests.Rooms;

public class ArchivingARoom
{
    private static readonly IReadOnlyList<object> Archived = [.. WithBoth, new RoomArchived()];

    [Fact]
    public void ends_all_presences_and_the_room() =>
        Given(WithBoth).When(By(Ana)).Then(new ParticipantLeft(AnaHere), new ParticipantLeft(BenHere), new RoomArchived());

    [Fact]
    public void is_for_the_owner_alone()
    {
        Given([.. WithBoth, new SeatAdmitted(ID(27), Ben, null, History.All),
            .. Rights.All.Select(right => new RightGranted(ID(27), right))]).When(By(Ben))
            .ThenRefused(Refusals.Forbidden with { Reason = "not_owner", Unlock = "Only the room's owner can do that." });
        Given(WithBoth).When(By(Cleo)).ThenRefused(Refusals.NoSuchThing);
    }

    [Fact]
    public void again_is_refused() => Given(Archived).When(By(Ana)).ThenRefused(Refusals.NoSuchThing);

    [Fact]
    public void leaves_nobody_who_could_act()
    {
        Given(Archived).When(room => new EnterRoom(ID(90), BensAgent, BensSession, BensAddress, Later).Decide(room, Now))
            .ThenRefused(Refusals.RoomNotFound);
        Given(Archived).When(room => new PostMessage(ID(70), new(BenHere), Words, AddressingKind.Broadcast, [], []).Decide(room, Now))
            .ThenRefused(Refusals.RoomNotFound);
        Given(Archived).When(new AdmitAgent(ID(29), Ana, ID(14), History.All).Decide).ThenRefused(Refusals.RoomNotFound);
        Given(Archived).When(new SeatAgent(new(Ana), new(ID(29), Ana, ID(14), History.All)).Decide).ThenRefused(Refusals.NoSuchThing);
    }

    [Fact]
    public void is_the_last_row_that_everybody_may_see()
    {
        var room = Given(WithBoth).Room!;
        Assert.Equal(new Placement(Common: room.Common + 1), Placement.Of(room, new RoomArchived()));
    }

    private static Func<Room?, Decision> By(Guid principal) => new ArchiveRoom(new(principal)).Decide;
}
