using Parle.Domain;
using Parle.Domain.Invitations;
using Parle.Domain.Rooms;
using static Parle.Tests.Invitations.Invited;
using static Parle.Tests.Rooms.AnasRoom;
using static Parle.Tests.Rooms.GivenRoom;

namespace Parle.Tests.Invitations;

public class AcceptingAnInvitation
{
    private static readonly AcceptInvitation Accept = new(Invite, DorasSeat, DoraHerself);

    [Fact]
    public void seats_whom_it_names_with_what_was_offered() =>
        Given([.. Empty, ForDora with { OfferedRights = [Rights.InviteMembers], History = History.All }])
            .When(room => Accept.Decide(room, Now)).Then(
                new InvitationAccepted(Invite, DorasSeat, Dora, null),
                new SeatAdmitted(DorasSeat, Dora, null, History.All) { Origin = new(SeatWay.Invitation, Ana, false) },
                new RightGranted(DorasSeat, Rights.InviteMembers));

    [Fact]
    public void seats_whoever_proved_the_address() =>
        Given([.. Empty, ByMail]).When(room => Accept.Decide(room, Now))
            .Then(new InvitationAccepted(Invite, DorasSeat, Dora, null),
                new SeatAdmitted(DorasSeat, Dora, null, History.FromAdmission) { Origin = new(SeatWay.Invitation, Ana, false) });

    [Fact]
    public void seats_the_agent_that_it_names_whoever_of_the_two_accepts()
    {
        foreach (var guest in (Guest[])[DoraHerself, new(Dora, DorasAgent, [])])
        {
            Given([.. Empty, ForDorasAgent]).When(room => (Accept with { Guest = guest }).Decide(room, Now)).Then(
                new InvitationAccepted(Invite, DorasSeat, Dora, DorasAgent),
                new SeatAdmitted(DorasSeat, Dora, DorasAgent, History.FromAdmission) { Origin = new(SeatWay.Invitation, Ana, false) });
        }
    }

    [Fact]
    public void waits_for_the_principal_where_that_was_asked_for()
    {
        object[] asked = [.. Empty, ForDorasAgent with { NeedsApproval = true }];
        var byAgent = Accept with { Guest = new(Dora, DorasAgent, []), GuestHandle = "helper" };
        var request = new AdmissionRequested(Invite, Dora, DorasAgent, "helper", "");
        Given(asked).When(room => byAgent.Decide(room, Now)).Then(request);
        Given([.. asked, request]).When(room => byAgent.Decide(room, Now)).ThenNothing();
        Assert.Null(Given([.. asked, request]).When(room => Accept.Decide(room, Now)).Decision.Refusal);
    }

    [Fact]
    public void is_refused_in_one_way_whatever_is_wrong()
    {
        var others = new Guest(Cleo, null, ["c1"]);
        object[] invited = [.. Empty, ForDora];
        foreach (var (history, accept, now) in (IEnumerable<(IReadOnlyList<object>, AcceptInvitation, DateTimeOffset)>)
            [
                (Empty, Accept, Now),
                ([], Accept, Now),
                (invited, Accept with { Guest = others }, Now),
                (invited, Accept with { Guest = new(Dora, DorasAgent, []) }, Now), // A person's invitation is not for its agents.
                ([.. Empty, ByMail], Accept with { Guest = others }, Now),
                ([.. Empty, ForDorasAgent], Accept with { Guest = new(Dora, ID(15), []) }, Now),
                ([.. Empty, ToWhoeverHasTheKey], Accept with { InvitationID = Key }, Now),
                (invited, Accept, Tomorrow),
                ([.. invited, new InvitationRevoked(Invite)], Accept, Now),
                ([.. invited, new InvitationAccepted(Invite, DorasSeat, Dora, null)], Accept, Now),
                ([.. invited, new RoomArchived()], Accept, Now),
            ])
        {
            Given(history).When(room => accept.Decide(room, now)).ThenRefused(Refusals.NoSuchThing);
        }
    }

    [Fact]
    public void asks_again_whether_the_minter_may_invite()
    {
        object[] invited = [.. Empty, BenMayInvite, ForDora with { MinterSeatID = BensSeat, InviterID = Ben }];
        Assert.Null(Given(invited).When(room => Accept.Decide(room, Now)).Decision.Refusal);
        Given([.. invited, new RightRevoked(BensSeat, Rights.InviteMembers)]).When(room => Accept.Decide(room, Now))
            .ThenRefused(Refusals.NoSuchThing);
        Given([.. invited, new SeatRemoved(BensSeat)]).When(room => Accept.Decide(room, Now)).ThenRefused(Refusals.NoSuchThing);
    }

    [Fact]
    public void is_refused_when_a_seat_came_another_way() =>
        Given([.. Empty, ForDora, new SeatAdmitted(DorasSeat, Dora, null, History.All)]).When(room => Accept.Decide(room, Now))
            .ThenRefused(Refusals.AlreadyMember);
}
