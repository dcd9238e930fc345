using Parle.Domain;
using Parle.Domain.Invitations;
using Parle.Domain.Rooms;
using static Parle.Tests.Invitations.Invited;
using static Parle.Tests.Rooms.AnasRoom;
using static Parle.Tests.Rooms.GivenRoom;

namespace Parle.Tests.Invitations;

public class RevokingAnInvitation
{
    private static readonly object[] ByOwner = [.. Empty, ForDora];

    [Fact]
    public void is_for_the_owner_the_minter_and_those_with_the_right()
    {
        object[] byBen =
            [.. Empty, BenMayInvite, ForDora with { MinterSeatID = BensSeat }, new RightRevoked(BensSeat, Rights.InviteMembers)];
        Given(ByOwner).When(new RevokeInvitation(Owner, Invite, IsKey: false).Decide).Then(new InvitationRevoked(Invite));
        Given(byBen).When(new RevokeInvitation(Bens, Invite, IsKey: false).Decide).Then(new InvitationRevoked(Invite));
        Given([.. ByOwner, new RightGranted(BensSeat, Rights.RevokeInvites)]).When(new RevokeInvitation(Bens, Invite, IsKey: false).Decide)
            .Then(new InvitationRevoked(Invite));
    }

    [Fact]
    public void is_refused_in_one_way_otherwise()
    {
        Given(ByOwner).When(new RevokeInvitation(Bens, Invite, IsKey: false).Decide).ThenRefused(Refusals.NoSuchThing);
        Given(ByOwner).When(new RevokeInvitation(Stranger, Invite, IsKey: false).Decide).ThenRefused(Refusals.NoSuchThing);
        Given(ByOwner).When(new RevokeInvitation(Owner, Invite, IsKey: true).Decide).ThenRefused(Refusals.NoSuchThing);
        Given(ByOwner).When(new RevokeInvitation(Owner, Key, IsKey: false).Decide).ThenRefused(Refusals.NoSuchThing);
        Given([.. ByOwner, new InvitationRevoked(Invite)]).When(new RevokeInvitation(Owner, Invite, IsKey: false).Decide)
            .ThenRefused(Refusals.NoSuchThing);
        Given().When(new RevokeInvitation(Owner, Invite, IsKey: false).Decide).ThenRefused(Refusals.NoSuchThing);
    }
}
