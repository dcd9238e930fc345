using Parle.Domain.Invitations;
using Parle.Domain.Rooms;
using static Parle.Tests.Rooms.AnasRoom;

namespace Parle.Tests.Invitations;

/// Dora is invited to Ana's room.
public static class Invited
{
    public static readonly Guid Dora = ID(4), DorasAgent = ID(14), DorasSeat = ID(24), Invite = ID(71), Key = ID(72);

    public static readonly Member Owner = new(Ana), Bens = new(Ben, BensAgent), Stranger = new(ID(9));

    public static readonly DateTimeOffset Tomorrow = Now.AddDays(1);

    public static InvitationMinted ForDora { get; } = new(
        Invite, OwnerSeat, Ana, InvitedKind.Principal, Dora, null, null, false, [], History.FromAdmission, Tomorrow);

    public static InvitationMinted ForDorasAgent { get; } = ForDora with { Kind = InvitedKind.Agent, AgentID = DorasAgent };

    public static InvitationMinted ByMail { get; } = ForDora with { Kind = InvitedKind.Email, PrincipalID = null, Identity = "d0" };

    public static InvitationMinted ToWhoeverHasTheKey { get; } =
        ForDora with { InvitationID = Key, Kind = InvitedKind.Key, PrincipalID = null, Key = new(["participate"], null, null, null, null) };

    public static Guest DoraHerself { get; } = new(Dora, null, ["d0"]);

    public static RightGranted BenMayInvite { get; } = new(BensSeat, Rights.InviteMembers);
}
