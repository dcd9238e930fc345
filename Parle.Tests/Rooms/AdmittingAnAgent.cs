using Parle.Domain;
using Parle.Domain.Rooms;
using static Parle.Tests.Rooms.AnasRoom;
using static Parle.Tests.Rooms.GivenRoom;

namespace Parle.Tests.Rooms;

public class AdmittingAnAgent
{
    private static readonly Guid Dora = ID(4), DorasAgent = ID(14), DorasSeat = ID(24);

    private static readonly AdmitAgent Admission = new(DorasSeat, Dora, DorasAgent, History.FromAdmission);

    [Theory]
    [InlineData(History.FromAdmission)]
    [InlineData(History.All)]
    public void gives_it_a_seat(History history) =>
        Given(Empty).When((Admission with { History = history }).Decide).Then(new SeatAdmitted(DorasSeat, Dora, DorasAgent, history));

    [Fact]
    public void is_refused_when_it_has_a_seat() =>
        Given(Empty).When((Admission with { PrincipalID = Ben, AgentID = BensAgent }).Decide).ThenRefused(Refusals.AlreadyMember);

    [Fact]
    public void is_refused_in_a_room_that_nobody_opened() =>
        Given().When(Admission.Decide).ThenRefused(Refusals.RoomNotFound);

    [Fact]
    public void of_somebody_else_is_refused_in_a_private_room() =>
        Given(new RoomOpened(Ana, "diary", RoomKind.Private)).When(Admission.Decide)
            .ThenRefused(Refusals.ValidationFailed, because: "private");

    [Fact]
    public void of_the_owner_is_accepted_in_a_private_room() =>
        Given(new RoomOpened(Ana, "diary", RoomKind.Private)).When((Admission with { PrincipalID = Ana }).Decide)
            .Then(new SeatAdmitted(DorasSeat, Ana, DorasAgent, History.FromAdmission));

    [Fact]
    public void begins_its_view_after_its_own_admission()
    {
        var room = Given([.. Empty, new SeatAdmitted(DorasSeat, Dora, DorasAgent, History.FromAdmission)]).Room!;
        Assert.Equal(room.Common, room.SeatOf(DorasAgent)!.Since);
    }

    [Fact]
    public void begins_its_view_at_the_first_row_when_the_whole_history_is_granted()
    {
        var room = Given([.. Empty, new SeatAdmitted(DorasSeat, Dora, DorasAgent, History.All)]).Room!;
        Assert.Equal(0, room.SeatOf(DorasAgent)!.Since);
    }
}
