using Parle.Domain;
using Parle.Domain.Asks;
using static Parle.Tests.Decided;
using static Parle.Tests.Rooms.AnasRoom;

namespace Parle.Tests.Asks;

/// The last moment of each right, and the rights that look like another.
public class AnEdgeOfAnAsk
{
    [Fact]
    public void is_the_end_of_a_lease_when_another_may_claim()
    {
        Assert.NotNull(AskingRoom.After("help*; ben claim; +14m").Try("cleo", "claim").Refusal);
        Assert.Null(AskingRoom.After("help*; ben claim; +15m").Try("cleo", "claim").Refusal);
    }

    [Fact]
    public void is_the_shortest_and_the_longest_lease()
    {
        Assert.Null(ClaimLease.Obstacle(ClaimLease.Shortest));
        Assert.Null(ClaimLease.Obstacle(ClaimLease.Longest));
        Assert.NotNull(ClaimLease.Obstacle(ClaimLease.Shortest - TimeSpan.FromTicks(1)));
        Assert.NotNull(ClaimLease.Obstacle(ClaimLease.Longest + TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void is_a_guest_that_never_decides_for_its_host()
    {
        var room = AskingRoom.After("approval*");
        var ben = AskingRoom.SeatOf(room.Room, "ben")!;

        Assert.Null(AskActs.Decide.Obstacle(room.Ask, ben, room.Now, AskLimits.None));
        Assert.Equal("guest", AskActs.Decide.Obstacle(room.Ask, ben with { IsGuest = true }, room.Now, AskLimits.None)?.Reason);
    }

    [Fact]
    public void is_an_approval_of_another_digest()
    {
        var room = AskingRoom.After("approval*; ben approve; cleo approve");
        var other = new ConsumeApproval(AskingRoom.AskID, new(AnaHere), ID(999), new byte[16], new string('3', 64));

        When(other.Decide(room.Room, room.Now)).ThenRefused(Refusals.ValidationFailed, because: "not the digest that was approved");
    }
}
