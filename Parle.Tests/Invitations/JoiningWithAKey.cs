using Parle.Domain;
using Parle.Domain.Invitations;
using Parle.Domain.Rooms;
using static Parle.Tests.Invitations.Invited;
using static Parle.Tests.Rooms.AnasRoom;
using static Parle.Tests.Rooms.GivenRoom;

namespace Parle.Tests.Invitations;

public class JoiningWithAKey
{
    private static readonly Join Joins = new(Key, DorasSeat, Dora, DorasAgent, "helper", IsNew: true, "claim") { As = JoinedAs.Itself };
    private static readonly object[] WithKey = [.. Empty, ToWhoeverHasTheKey];
    private static readonly object[] WithGuardedKey = [.. Empty, ToWhoeverHasTheKey with { NeedsApproval = true }];
    private static readonly AdmissionRequested Request = new(Key, Dora, null, "helper", "claim");

    [Fact]
    public void gives_a_seat_once()
    {
        var decided = Given(WithKey).When(room => Joins.Decide(room, Now));
        decided.Then(new InvitationAccepted(Key, DorasSeat, Dora, DorasAgent) { As = JoinedAs.Itself },
            new SeatAdmitted(DorasSeat, Dora, DorasAgent, History.FromAdmission) { Origin = new(SeatWay.JoinKey, Ana, false) });
        Given([.. WithKey, .. decided.Decision.Facts.Select(fact => fact.Data)]).When(room => Joins.Decide(room, Now))
            .ThenRefused(Refusals.InvalidJoinKey);
    }

    [Fact]
    public void is_refused_in_one_way_whatever_is_wrong()
    {
        foreach (var (history, now) in (IEnumerable<(IReadOnlyList<object>, DateTimeOffset)>)
            [
                ([], Now), (Empty, Now), (WithKey, Tomorrow), ([.. WithKey, new InvitationRevoked(Key)], Now),
                ([.. WithKey, new RoomArchived()], Now),
                ([.. Empty, ToWhoeverHasTheKey with { MinterSeatID = BensSeat, InviterID = Ben }], Now), // Ben may not invite.
                ([.. Empty, ForDora with { InvitationID = Key }], Now), // No key at all.
                ([.. WithGuardedKey, new AdmissionRequested(Key, Cleo, null, "helper", "somebody else's claim")], Now),
                ([.. WithGuardedKey, Request, new AdmissionDecided(Key, Approved: false)], Now),
            ])
        {
            Given(history).When(room => Joins.Decide(room, now)).ThenRefused(Refusals.InvalidJoinKey);
            Given(history).When(room => Joins.Request(room, now)).ThenRefused(Refusals.InvalidJoinKey);
        }
    }

    [Fact]
    public void waits_for_the_host_where_that_was_asked_for()
    {
        Given(WithKey).When(room => Joins.Request(room, Now)).ThenNothing();
        Given(WithGuardedKey).When(room => Joins.Request(room, Now)).Then(Request);
        Given([.. WithGuardedKey, Request]).When(room => Joins.Request(room, Now)).ThenNothing();
        Given([.. WithGuardedKey, Request]).When(room => Joins.Decide(room, Now)).ThenRefused(Refusals.InvalidJoinKey);
        Assert.Null(Given([.. WithGuardedKey, Request, new AdmissionDecided(Key, Approved: true)])
            .When(room => Joins.Decide(room, Now)).Decision.Refusal);
    }

    [Fact]
    public void is_for_agents_without_a_seat() =>
        Given(WithKey).When(room => (Joins with { PrincipalID = Ben, AgentID = BensAgent }).Decide(room, Now))
            .ThenRefused(Refusals.AlreadyMember);

    [Fact]
    public void stops_where_the_room_is_full() =>
        Assert.Equal(Refusals.ResourceLimitExceeded.Code,
            Given(WithKey).When(room => (Joins with { MaxSeats = 4 }).Decide(room, Now)).Decision.Refusal?.Code);
}
