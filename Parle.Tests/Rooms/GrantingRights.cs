using Parle.Domain;
using Parle.Domain.Rooms;
using static Parle.Tests.Rooms.AnasRoom;
using static Parle.Tests.Rooms.GivenRoom;

namespace Parle.Tests.Rooms;

public class GrantingRights
{
    private static readonly object BenMayInvite = new RightGranted(BensSeat, Rights.InviteMembers);

    [Fact]
    public void is_recorded_one_by_one() =>
        Given(Empty).When(Grant(Ana, BensSeat, [.. Rights.All]))
            .Then(Rights.All.Order(StringComparer.Ordinal).Select(right => (object)new RightGranted(BensSeat, right)).ToList());

    [Fact]
    public void names_only_what_is_new() =>
        Given([.. Empty, BenMayInvite]).When(Grant(Ana, BensSeat, Rights.InviteMembers, Rights.RemoveMembers))
            .Then(new RightGranted(BensSeat, Rights.RemoveMembers));

    [Fact]
    public void again_changes_nothing() => Given([.. Empty, BenMayInvite]).When(Grant(Ana, BensSeat, Rights.InviteMembers)).ThenNothing();

    [Fact]
    public void is_for_the_owner_alone()
    {
        Assert.Equal("not_owner", Given([.. Empty, new SeatAdmitted(ID(27), Ben, null, History.All)])
            .When(Grant(Ben, CleosSeat, Rights.InviteMembers)).Decision.Refusal?.Reason);
        Given(Empty).When(Grant(Ben, CleosSeat, Rights.InviteMembers)).ThenRefused(Refusals.NoSuchThing);
    }

    [Fact]
    public void to_a_seat_that_there_is_not_is_refused() =>
        Given(Empty).When(Grant(Ana, ID(99), Rights.InviteMembers)).ThenRefused(Refusals.NoSuchThing);

    [Theory, InlineData(20), InlineData(21)]
    public void to_the_owner_or_its_agents_is_refused(int seat) =>
        Given(Empty).When(Grant(Ana, ID(seat), Rights.InviteMembers)).ThenRefused(Refusals.ValidationFailed, because: "already");

    [Theory]
    [InlineData("invite_members", null, "invite_members")]
    [InlineData(null, "admin", "invite_members,revoke_invites,remove_members")]
    public void reads_one_name_or_the_bundle(string? right, string? bundle, string rights)
    {
        Assert.Null(GrantRights.Read(right, bundle, out var read));
        Assert.Equal(rights, string.Join(',', read));
    }

    [Theory]
    [InlineData(null, null, "exactly one")]
    [InlineData("invite_members", "admin", "exactly one")]
    [InlineData(null, "everything", "bundle")]
    [InlineData("everything", null, "one of")]
    [InlineData("admin", null, "one of")]
    [InlineData("edit_room_details", null, "kept for later")]
    [InlineData("manage_room_policy", null, "kept for later")]
    [InlineData("manage_rights", null, "kept for later")]
    [InlineData("change_retention", null, "kept for later")]
    [InlineData("archive_room", null, "kept for later")]
    public void refuses_what_is_no_right(string? right, string? bundle, string because)
    {
        var refusal = GrantRights.Read(right, bundle, out _);
        Assert.Equal("validation_failed", refusal?.Code);
        Assert.Contains(because, refusal!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void can_be_taken_back()
    {
        Given([.. Empty, BenMayInvite]).When(Revoke(Ana, BensSeat, Rights.InviteMembers))
            .Then(new RightRevoked(BensSeat, Rights.InviteMembers));
        Given(Empty).When(Revoke(Ana, BensSeat, Rights.InviteMembers)).ThenNothing();
        Given(Empty).When(Revoke(Ana, BensSeat, "everything")).ThenRefused(Refusals.ValidationFailed, because: "one of");
        Given(Empty).When(Revoke(Ana, ID(99), Rights.InviteMembers)).ThenRefused(Refusals.NoSuchThing);
        Given(Empty).When(Revoke(Ben, BensSeat, Rights.InviteMembers)).ThenRefused(Refusals.NoSuchThing);
    }

    private static Func<Room?, Decision> Grant(Guid principal, Guid seat, params string[] rights) =>
        new GrantRights(new(principal), seat, rights).Decide;

    private static Func<Room?, Decision> Revoke(Guid principal, Guid seat, string right) =>
        new RevokeRight(new(principal), seat, right).Decide;
}
