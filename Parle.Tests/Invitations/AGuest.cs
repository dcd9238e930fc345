using Parle.Domain;
using Parle.Domain.Asks;
using Parle.Domain.Invitations;
using Parle.Domain.Rooms;
using static Parle.Tests.Invitations.Invited;
using static Parle.Tests.Rooms.AnasRoom;
using static Parle.Tests.Rooms.GivenRoom;

namespace Parle.Tests.Invitations;

/// A guest: it joined by the owner's key without credentials, as an agent of the owner, and is not the owner.
public class AGuest
{
    private static readonly Guid Guests = ID(15), GuestsSeat = ID(25), GuestHere = ID(35), AskID = ID(80);
    private static readonly Member Guest = new(Ana, Guests);

    private static readonly object[] Joined =
    [
        .. WithBoth, ToWhoeverHasTheKey, new InvitationAccepted(Key, GuestsSeat, Ana, Guests) { As = JoinedAs.Guest },
        new SeatAdmitted(GuestsSeat, Ana, Guests, History.All),
        new ParticipantEntered(GuestHere, GuestsSeat, ID(55), "@ana.guest.dddddddddddddddd", Later),
    ];

    [Fact]
    public void is_known_by_how_it_joined()
    {
        Assert.Equal([GuestsSeat], Given(Joined).Room!.Seats.Values.Where(seat => seat.IsGuest).Select(seat => seat.SeatID));
        Assert.True(With(JoinedAs.HostsAgent, Ana));
        Assert.False(With(JoinedAs.Itself, Ana));
        Assert.False(With(JoinedAs.Itself, Dora));
        Assert.True(With(JoinedAs.Guest, Dora)); // A guest of Dora's that joined another room with its token.

        static bool With(JoinedAs? joined, Guid principal) => IsGuest(ToWhoeverHasTheKey, joined, principal);
    }

    [Fact]
    public void is_known_too_where_it_was_not_recorded_how_it_joined()
    {
        Assert.True(IsGuest(ToWhoeverHasTheKey, null, Ana));
        Assert.False(IsGuest(ToWhoeverHasTheKey, null, Dora)); // With credentials of her own.
        Assert.False(IsGuest(ForDorasAgent with { InvitationID = Key }, null, Dora));
        Assert.False(IsGuest(ForDorasAgent with { InvitationID = Key, InviterID = Dora }, null, Dora));
    }

    [Fact]
    public void manages_nothing()
    {
        foreach (var refusal in (IEnumerable<Func<Room?, Refusal?>>)
            [
                room => MintInvitation.Obstacle(room, Guest), room => SeatAgent.Obstacle(room, Guest),
                room => RemoveSeat.Obstacle(room, Guest), room => RemoveParticipant.Obstacle(room, Guest),
                room => GrantRights.Obstacle(room, Guest), room => ArchiveRoom.Obstacle(room, Guest),
                room => Domain.Auditing.AppointAuditor.Obstacle(room, Guest),
            ])
        {
            Assert.Equal(Refusals.Guest, refusal(Given(Joined).Room));
        }

        Assert.Equal(Refusals.Guest, new RemoveSeat(Guest, BensSeat, ID(90), Words.Salt).Decide(Given(Joined).Room).Refusal);
    }

    [Fact]
    public void manages_nothing_whatever_its_seat_was_granted()
    {
        Given([.. Joined, new RightGranted(GuestsSeat, Rights.RemoveMembers)])
            .When(room => new RemoveSeat(Guest, BensSeat, ID(90), Words.Salt).Decide(room)).ThenRefused(Refusals.Guest);
        Assert.NotNull(
            Given(Joined).When(room => new GrantRights(Owner, GuestsSeat, [Rights.RemoveMembers]).Decide(room)).Decision.Refusal);
    }

    [Fact]
    public void redacts_its_own_words_only()
    {
        var anas = new SaidFact(ID(91), new Placement(Common: 9), AnasSeat, [ID(91)], [ID(91)]);
        Assert.Equal("not_author", Given(Joined)
            .When(room => new RedactContent(Guest, Manages: true, RedactionReason.Mistake, anas).Decide(room)).Decision.Refusal?.Reason);
        Assert.Null(Given(Joined).When(room => new RedactContent(
            Guest, Manages: false, RedactionReason.Mistake, anas with { AuthorSeatID = GuestsSeat }).Decide(room)).Decision.Refusal);
        Assert.Null(Given(Joined).When(
            room => new RedactContent(new(Ana, AnasAgent), Manages: true, RedactionReason.Mistake, anas).Decide(room)).Decision.Refusal);
    }

    [Fact]
    public void takes_back_and_decides_about_no_invitation()
    {
        var other = ToWhoeverHasTheKey with { InvitationID = Invite, NeedsApproval = true };
        object[] waiting = [.. Joined, other, new AdmissionRequested(Invite, Ana, null, "other", "claim")];
        Given(waiting).When(room => new RevokeInvitation(Guest, Invite, IsKey: true).Decide(room)).ThenRefused(Refusals.NoSuchThing);
        Given(waiting).When(room => new DecideAdmission(Guest, Invite, true, ID(26)).Decide(room, Now)).ThenRefused(Refusals.NoSuchThing);
    }

    [Fact]
    public void never_decides_as_its_host_and_leaves_the_hosts_decision()
    {
        var ask = new OpenAsk(
            AskID, new(BenHere, null), Words.Salt, new(AskKind.Approval, "May I?",
                System.Text.Json.JsonElement.Parse("""{"action":"deploy"}"""), new("commit", "main", new string('1', 64)), []),
            AddressingKind.Broadcast, [], [], Now.AddHours(2), 1, null, null);
        var asked = Given([.. Joined, .. Given(Joined).When(room => ask.Decide(room, Now)).Decision.Facts.Select(fact => fact.Data)]);
        DecideApproval By(Guid here) => new(AskID, new(here, null), ID(92), Words.Salt, true, new string('1', 64), null);

        Assert.Equal("guest", asked.When(room => By(GuestHere).Decide(room, Now)).Decision.Refusal?.Reason);
        Assert.DoesNotContain(AskActs.Decide.ID, AskActs.Next(asked.Room!.Asks[AskID], asked.Room.Seats[GuestsSeat], Now, AskLimits.None));
        Assert.Null(asked.When(room => By(AnaHere).Decide(room, Now)).Decision.Refusal);
    }

    private static bool IsGuest(InvitationMinted invitation, JoinedAs? joined, Guid principal) =>
        Given([.. Empty, invitation, new InvitationAccepted(Key, GuestsSeat, principal, Guests) { As = joined },
            new SeatAdmitted(GuestsSeat, principal, Guests, History.All)]).Room!.Seats[GuestsSeat].IsGuest;
}
