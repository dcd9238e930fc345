using Parle.Domain;
using Parle.Domain.Rooms;
using static Parle.Tests.Rooms.AnasRoom;
using static Parle.Tests.Rooms.GivenRoom;

namespace Parle.Tests.Rooms;

public class SeatingAnAgent
{
    private static readonly object BenIsIn = new SeatAdmitted(ID(27), Ben, null, History.FromAdmission);

    [Fact]
    public void of_the_owners_own_is_recorded() =>
        Given(Empty).When(By(Ana)).Then(new SeatAdmitted(ID(29), Ana, ID(14), History.FromAdmission));

    [Fact]
    public void of_a_members_own_is_recorded() =>
        Given([.. Empty, BenIsIn]).When(By(Ben)).Then(new SeatAdmitted(ID(29), Ben, ID(14), History.FromAdmission));

    [Fact]
    public void is_for_members() => Given(Empty).When(By(Cleo)).ThenRefused(Refusals.NoSuchThing);

    [Fact]
    public void takes_a_seat_of_the_principals_own() =>
        Given(Empty).When(room => new SeatAgent(new(Ben, BensAgent), Admission(Ben)).Decide(room))
            .ThenRefused(Refusals.Forbidden with
            { Reason = "principal_has_no_seat", Unlock = "Your principal needs a seat of its own in the room first." });

    [Fact]
    public void twice_is_refused() =>
        Given(Empty).When(new SeatAgent(new(Ana), Admission(Ana) with { AgentID = AnasAgent }).Decide).ThenRefused(Refusals.AlreadyMember);

    [Fact]
    public void with_the_rooms_whole_history_is_for_the_owner()
    {
        Given([.. Empty, BenIsIn]).When(new SeatAgent(new(Ben), Admission(Ben) with { History = History.All }).Decide)
            .ThenRefused(Refusals.ValidationFailed, because: "owner");
        Given(Empty).When(new SeatAgent(new(Ana, AnasAgent), Admission(Ana) with { History = History.All }).Decide)
            .ThenRefused(Refusals.ValidationFailed, because: "in person");
        Given(Empty).When(new SeatAgent(new(Ana), Admission(Ana) with { History = History.All }).Decide)
            .Then(new SeatAdmitted(ID(29), Ana, ID(14), History.All));
    }

    [Fact]
    public void has_a_bound()
    {
        Given(Empty).When(new SeatAgent(new(Ana), Admission(Ana) with { MaxSeats = 5 }).Decide)
            .Then(new SeatAdmitted(ID(29), Ana, ID(14), History.FromAdmission));
        var refusal = Given(Empty).When(new SeatAgent(new(Ana), Admission(Ana) with { MaxSeats = 4 }).Decide).Decision.Refusal!;
        Assert.Equal(
            ("resource_limit_exceeded", "room_seats", 4, 4), (refusal.Code, refusal.Cap!.Name, refusal.Cap.Used!.Value, refusal.Cap.Limit));
    }

    [Fact]
    public void has_room_again_when_a_seat_was_removed() =>
        Given([.. Empty, new SeatRemoved(CleosSeat)]).When(new SeatAgent(new(Ana), Admission(Ana) with { MaxSeats = 4 }).Decide)
            .Then(new SeatAdmitted(ID(29), Ana, ID(14), History.FromAdmission));

    private static Func<Room?, Decision> By(Guid principal) => new SeatAgent(new(principal), Admission(principal)).Decide;

    private static AdmitAgent Admission(Guid principal) => new(ID(29), principal, ID(14), History.FromAdmission);
}
