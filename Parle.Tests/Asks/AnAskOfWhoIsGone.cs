using Parle.Domain;
using Parle.Domain.Asks;
using Parle.Domain.Rooms;
using static Parle.Tests.Rooms.AnasRoom;

namespace Parle.Tests.Asks;

/// Asks after the seat of somebody with a part in them is removed.
public class AnAskOfWhoIsGone
{
    [Theory, InlineData("help; ben claim"), InlineData("help*; ben claim"), InlineData("review; ben claim; ben renew")]
    public void is_free_again_when_its_claimant_is_removed(string acts)
    {
        var room = AskingRoom.After(acts);
        var lapsed = Assert.IsType<AskClaimLapsed>(Remove(room, BensSeat).Facts[^1].Data);
        Assert.Equal((room.Ask.Claims, AskState.Open, (Guid?)null), (lapsed.Claim, lapsed.State, lapsed.AuthorID));
        Assert.Equal([AnaHere], lapsed.Work.Select(target => target.ParticipantID!.Value));

        var after = Without(room, BensSeat);
        Assert.Equal((AskState.Open, (AskParty?)null), (after.Ask.State, after.Ask.Claimant));
        Assert.Null(after.Try("cleo", "claim").Refusal);
    }

    [Theory, InlineData("help"), InlineData("help*"), InlineData("help; ben claim"), InlineData("help; ben claim; ben answer"),
        InlineData("approval; ben approve; cleo approve"), InlineData("approval; ben deny")]
    public void is_over_when_its_asker_is_removed(string acts)
    {
        var room = AskingRoom.After(acts);
        var withdrawn = Assert.IsType<AskWithdrawn>(Remove(room, AnasSeat).Facts[^1].Data);
        Assert.Null(withdrawn.AuthorID);
        Assert.Equal(AskState.Withdrawn, Without(room, AnasSeat).Ask.State);
    }

    [Fact]
    public void is_told_to_who_works_on_it() =>
        Assert.Equal([BenHere], Assert.IsType<AskWithdrawn>(Remove(AskingRoom.After("help; ben claim"), AnasSeat).Facts[^1].Data).Work
            .Select(target => target.ParticipantID!.Value));

    [Fact]
    public void that_was_over_stays_as_it_was()
    {
        var room = AskingRoom.After("help; ben claim; ben answer; ana accept");
        Assert.DoesNotContain(Remove(room, AnasSeat).Facts, fact => fact.Data is AskFact);
        Assert.DoesNotContain(Remove(room, BensSeat).Facts, fact => fact.Data is AskFact);
    }

    [Fact]
    public void that_was_answered_keeps_its_answer()
    {
        var after = Without(AskingRoom.After("help; ben claim; ben answer"), BensSeat);
        Assert.Equal(AskState.Answered, after.Ask.State);
        Assert.Empty(Assert.IsType<AskAccepted>(Assert.Single(after.Try("ana", "accept").Facts).Data).Work);
    }

    [Fact]
    public void that_was_contested_after_its_claimant_left_has_nobodys_work()
    {
        var contested = Assert.IsType<AskContested>(
            Assert.Single(Without(AskingRoom.After("help; ben claim; ben answer"), BensSeat).Try("ana", "contest").Facts).Data);
        Assert.Empty(contested.Work);
    }

    [Fact]
    public void keeps_approvals_that_were_given()
    {
        var after = Without(AskingRoom.After("approval; ben approve"), BensSeat);
        Assert.Equal(1, after.Ask.Approvals);
        Assert.Equal(AskState.Approved, Assert.IsType<AskDecided>(Assert.Single(after.Try("cleo", "approve").Facts).Data).State);
    }

    [Theory, InlineData("help; ben claim"), InlineData("help*; ben claim")]
    public void gives_no_row_to_the_seat_that_is_gone(string acts)
    {
        foreach (var gone in (Guid[])[AnasSeat, BensSeat])
        {
            var room = AskingRoom.After(acts).Room;
            foreach (var fact in new RemoveSeat(new(Ana), gone, ID(90), new byte[16]) { By = new(Ana, ID(14)) }.Decide(room).Facts)
            {
                var placement = Placement.Of(room, fact.Data);
                if (fact.Data is AskFact)
                {
                    Assert.False(room.Seats.ContainsKey(gone));
                    Assert.DoesNotContain(placement.Private ?? [], place => place.SeatID == gone);
                }

                room = Room.Apply(room, fact.Data, placement, Rooms.AnasRoom.Now)!;
            }
        }
    }

    [Theory, InlineData("help; ben claim; ben answer", "ana", "accept"), InlineData("help; ben claim; cleo claim", "cleo", "decline"),
        InlineData("help", "cleo", "claim"), InlineData("review", "ana", "replace")]
    public void goes_on_among_those_who_are_left(string acts, string who, string act)
    {
        var before = AskingRoom.After(acts.Replace("; cleo claim", "", StringComparison.Ordinal));
        var after = Without(before, BensSeat);
        var fact = Assert.Single(after.Try(who, act).Facts).Data;
        Assert.DoesNotContain(Placement.Of(after.Room, fact).Private!, place => place.SeatID == BensSeat);
        after.With(fact);
    }

    [Fact]
    public void is_not_seen_by_who_is_admitted_again()
    {
        var after = Without(AskingRoom.After("help"), BensSeat).With(new SeatAdmitted(ID(29), Ben, BensAgent, History.All));
        Assert.False(after.Ask.IsVisibleTo(after.Room.Seats[ID(29)]));
    }

    [Fact]
    public void has_no_deadline_in_a_room_that_is_archived()
    {
        var room = AskingRoom.After("help; ben claim").With(new RoomArchived()).Room;
        Assert.Empty(new LapseClaim(AskingRoom.AskID, 1, ID(91), new byte[16]).Decide(room, Later).Facts);
        Assert.Empty(new ExpireAsk(AskingRoom.AskID, ID(91), new byte[16]).Decide(room, Later).Facts);
    }

    // Ana's seat is removed by her other agent.
    private static Decision Remove(AskingRoom room, Guid seat) =>
        new RemoveSeat(new(Ana, ID(14)), seat, ID(90), new byte[16]).Decide(room.Room);

    private static AskingRoom Without(AskingRoom room, Guid seat) => room.With([.. Remove(room, seat).Facts.Select(fact => fact.Data)]);
}
