using Parle.Domain;
using Parle.Domain.Invitations;
using Parle.Domain.Rooms;
using static Parle.Tests.Invitations.Invited;
using static Parle.Tests.Rooms.AnasRoom;
using static Parle.Tests.Rooms.GivenRoom;

namespace Parle.Tests.Invitations;

public class DecidingAnAdmission
{
    private static readonly object[] DorasAgentWaits = [.. Empty, ForDorasAgent with { NeedsApproval = true }, new AdmissionRequested(Invite, Dora, DorasAgent, "helper", "")];
    private static readonly object[] SomebodyWaits = [.. Empty, ToWhoeverHasTheKey with { NeedsApproval = true }, new AdmissionRequested(Key, Ana, null, "guest", "claim")];

    [Fact]
    public void is_the_principals_to_do_for_its_agent_and_seats_it()
    {
        var decide = new DecideAdmission(new(Dora), Invite, Approve: true, DorasSeat);
        Given(DorasAgentWaits).When(room => decide.Decide(room, Now)).Then(
            new AdmissionDecided(Invite, true), new InvitationAccepted(Invite, DorasSeat, Dora, DorasAgent), new SeatAdmitted(DorasSeat, Dora, DorasAgent, History.FromAdmission));
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

    [Fact]
    public void happens_once() =>
        Given([.. SomebodyWaits, new AdmissionDecided(Key, true)]).When(room => new DecideAdmission(Owner, Key, true, DorasSeat).Decide(room, Now)).ThenRefused(Refusals.NoSuchThing);

    [Fact]
    public void of_a_denied_one_is_the_end_of_the_invitation() => Assert.Empty(Given([.. SomebodyWaits, new AdmissionDecided(Key, false)]).Room!.Invitations);
}
