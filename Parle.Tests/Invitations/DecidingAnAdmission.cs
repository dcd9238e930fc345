using Parle.Domain;
using Parle.Domain.Invitations;
using Parle.Domain.Rooms;
using static Parle.Tests.Invitations.Invited;
using static Parle.Tests.Rooms.AnasRoom;
using static Parle.Tests.Rooms.GivenRoom;

namespace Parle.Tests.Invitations;

public class DecidingAnAdmission
{
    private static readonly object[] DorasAgentWaits =
        [.. Empty, ForDorasAgent with { NeedsApproval = true }, new AdmissionRequested(Invite, Dora, DorasAgent, "helper", "")];
    private static readonly object[] SomebodyWaits =
        [.. Empty, ToWhoeverHasTheKey with { NeedsApproval = true }, new AdmissionRequested(Key, Ana, null, "guest", "claim")];

    private static readonly Guid CleosOwnSeat = ID(27);

    [Fact]
    public void is_the_principals_to_do_for_its_agent_and_seats_it()
    {
        var decide = new DecideAdmission(new(Dora), Invite, Approve: true, DorasSeat);
        Given(DorasAgentWaits).When(room => decide.Decide(room, Now)).Then(
            new AdmissionDecided(Invite, true), new InvitationAccepted(Invite, DorasSeat, Dora, DorasAgent),
            new SeatAdmitted(DorasSeat, Dora, DorasAgent, History.FromAdmission) { Origin = new(SeatWay.Invitation, Ana, false) });
        Given(DorasAgentWaits).When(room => (decide with { Approve = false }).Decide(room, Now)).Then(new AdmissionDecided(Invite, false));
        foreach (var nobody in (Member[])[Owner, new(Ben), new(Dora, DorasAgent)])
        {
            Given(DorasAgentWaits).When(room => (decide with { Member = nobody }).Decide(room, Now)).ThenRefused(Refusals.NoSuchThing);
        }
    }

    [Fact]
    public void is_the_hosts_to_do_for_whoever_holds_a_key()
    {
        var decide = new DecideAdmission(Owner, Key, Approve: true, DorasSeat);
        Given(SomebodyWaits).When(room => decide.Decide(room, Now)).Then(new AdmissionDecided(Key, true));
        foreach (var nobody in (Member[])[new(Ben), Bens, new(Ana, AnasAgent), Stranger])
        {
            Given(SomebodyWaits).When(room => (decide with { Member = nobody }).Decide(room, Now)).ThenRefused(Refusals.NoSuchThing);
        }
    }

    /// A key hands over its maker's authority: a member with the right to invite would otherwise let itself in as the owner's agent.
    [Fact]
    public void of_a_key_is_not_for_whoever_may_invite_or_do_anything_else()
    {
        object[] waits = [.. SomebodyWaits, new SeatAdmitted(CleosOwnSeat, Cleo, null, History.FromAdmission),
            .. Rights.All.Select(right => new RightGranted(CleosOwnSeat, right))];
        foreach (var approve in (bool[])[true, false])
        {
            Given(waits).When(room => new DecideAdmission(new(Cleo), Key, approve, DorasSeat).Decide(room, Now))
                .ThenRefused(Refusals.NoSuchThing);
        }

        // That is what revoke_invites is for.
        Given(waits).When(room => new RevokeInvitation(new(Cleo), Key, IsKey: true).Decide(room)).Then(new InvitationRevoked(Key));
    }

    [Fact]
    public void of_a_key_is_its_makers_to_do_in_person_and_the_room_owners()
    {
        object[] waits =
        [
            .. Empty, new SeatAdmitted(CleosOwnSeat, Cleo, null, History.FromAdmission),
            new RightGranted(CleosOwnSeat, Rights.InviteMembers), new RightGranted(BensSeat, Rights.InviteMembers),
            // An agent of Ben's made it; he has no seat of his own.
            ToWhoeverHasTheKey with { NeedsApproval = true, MinterSeatID = BensSeat, InviterID = Ben },
            new AdmissionRequested(Key, Ben, null, "guest", "claim"),
        ];
        foreach (var (who, may) in (IEnumerable<(Member, bool)>)[(new(Ben), true), (Owner, true), (new(Cleo), false), (Bens, false),
            (new(Ana, AnasAgent), false), (Stranger, false)])
        {
            var decided = Given(waits).When(room => new DecideAdmission(who, Key, true, DorasSeat).Decide(room, Now));
            var revoked = Given(waits).When(room => new RevokeInvitation(who, Key, IsKey: true).Decide(room));
            Assert.Equal((may, may || who == Bens || who == new Member(Ana, AnasAgent)),
                (decided.Decision.Refusal is null, revoked.Decision.Refusal is null));
        }

        Given([.. waits, new RightRevoked(BensSeat, Rights.InviteMembers)])
            .When(room => new DecideAdmission(Owner, Key, true, DorasSeat).Decide(room, Now)).ThenRefused(Refusals.NoSuchThing);
    }

    [Fact]
    public void happens_once() =>
        Given([.. SomebodyWaits, new AdmissionDecided(Key, true)])
            .When(room => new DecideAdmission(Owner, Key, true, DorasSeat).Decide(room, Now)).ThenRefused(Refusals.NoSuchThing);

    [Fact]
    public void of_a_denied_one_is_the_end_of_the_invitation() =>
        Assert.Empty(Given([.. SomebodyWaits, new AdmissionDecided(Key, false)]).Room!.Invitations);
}
