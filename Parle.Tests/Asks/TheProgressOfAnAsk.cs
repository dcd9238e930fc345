using Parle.Domain.Asks;
using Parle.Domain.Rooms;
using static Parle.Tests.Rooms.AnasRoom;

namespace Parle.Tests.Asks;

public class TheProgressOfAnAsk
{
    private static readonly SeatAdmitted WithTheWholeHistory = new(ID(77), ID(7), ID(17), History.All);

    [Fact]
    public void counts_decisions_for_who_saw_all_of_them() =>
        Assert.Equal((1, 0), Decided(AskingRoom.After("approval*")));

    /// Law 2: the count would tell a decision that this seat did not see.
    [Fact]
    public void counts_none_in_a_row_for_who_was_admitted_later() =>
        Assert.Equal((null, null), Decided(AskingRoom.After("approval*").With(WithTheWholeHistory)));

    private static (int? Approvals, int? Denials) Decided(AskingRoom room)
    {
        var decided = (AskDecided)Assert.Single(room.Try("ben", "approve").Facts).Data;
        return (decided.Progress!.Approvals, decided.Progress.Denials);
    }
}
