using Parle.Domain;
using Parle.Domain.Invitations;
using Parle.Domain.Rooms;
using static Parle.Tests.Invitations.Invited;
using static Parle.Tests.Rooms.AnasRoom;
using static Parle.Tests.Rooms.GivenRoom;

namespace Parle.Tests.Invitations;

public class MintingAnInvitation
{
    private static readonly MintInvitation Mint = new(Owner, ForDora with { MinterSeatID = Guid.Empty, InviterID = Guid.Empty });

    [Fact]
    public void is_the_owners_to_do() => Given(Empty).When(room => Mint.Decide(room, Now)).Then(ForDora);

    [Fact]
    public void takes_the_right_for_everybody_else()
    {
        Given(Empty).When(room => (Mint with { Minter = Bens }).Decide(room, Now)).ThenRefused(Refusals.MissingRight(Rights.InviteMembers));
        Given([.. Empty, BenMayInvite]).When(room => (Mint with { Minter = Bens }).Decide(room, Now))
            .Then(ForDora with { MinterSeatID = BensSeat, InviterID = Ben });
    }

    [Fact]
    public void tells_a_stranger_of_no_room()
    {
        Given(Empty).When(room => (Mint with { Minter = Stranger }).Decide(room, Now)).ThenRefused(Refusals.NoSuchThing);
        Given().When(room => Mint.Decide(room, Now)).ThenRefused(Refusals.NoSuchThing);
    }

    [Fact]
    public void offers_rights_and_history_only_when_the_owner_does_it_in_person()
    {
        foreach (var more in (InvitationMinted[])[Mint.Wanted with { OfferedRights = [Rights.RemoveMembers] },
            Mint.Wanted with { History = History.All }])
        {
            Assert.Null(Given(Empty).When(room => (Mint with { Wanted = more }).Decide(room, Now)).Decision.Refusal);
            Assert.Equal("not_owner", Given([.. Empty, BenMayInvite])
                .When(room => (Mint with { Minter = Bens, Wanted = more }).Decide(room, Now)).Decision.Refusal?.Reason);
            Assert.Equal("not_owner", Given(Empty)
                .When(room => (Mint with { Minter = new(Ana, AnasAgent), Wanted = more }).Decide(room, Now)).Decision.Refusal?.Reason);
        }

        Given(Empty).When(room => (Mint with { Wanted = Mint.Wanted with { OfferedRights = ["everything"] } }).Decide(room, Now))
            .ThenRefused(Refusals.ValidationFailed, because: "Rights are");
    }

    [Fact]
    public void hands_over_no_scope_that_the_minters_token_lacks()
    {
        var key = Mint with { Wanted = ToWhoeverHasTheKey, Minter = new(Ana, AnasAgent), MayGive = ["invite_mint"] };
        Given(Empty).When(room => key.Decide(room, Now)).ThenRefused(Refusals.MissingScope("participate"));
        Given(Empty).When(room => (key with { MayGive = ["invite_mint", "participate"] }).Decide(room, Now))
            .Then(ToWhoeverHasTheKey with { MinterSeatID = AnasSeat });
        var wide = ToWhoeverHasTheKey with { Key = ToWhoeverHasTheKey.Key! with { Scopes = ["participate", "room_manage"] } };
        Assert.Null(Given(Empty).When(room => (Mint with { Wanted = wide }).Decide(room, Now)).Decision.Refusal);
        Assert.Equal("not_owner", Given([.. Empty, BenMayInvite])
            .When(room => (Mint with { Wanted = wide, Minter = Bens }).Decide(room, Now)).Decision.Refusal?.Reason);
    }

    [Fact]
    public void is_refused_for_whoever_has_a_seat() =>
        Given(Empty).When(room => (Mint with { Wanted = ForDorasAgent with { PrincipalID = Ben, AgentID = BensAgent } }).Decide(room, Now))
            .ThenRefused(Refusals.AlreadyMember);

    [Fact]
    public void is_refused_to_a_private_room_of_somebody_else()
    {
        object[] diary = [new RoomOpened(Ana, "diary", RoomKind.Private), new SeatAdmitted(OwnerSeat, Ana, null, History.All)];
        Given(diary).When(room => Mint.Decide(room, Now)).ThenRefused(Refusals.ValidationFailed, because: "private");
        Given(diary).When(room => (Mint with { Wanted = ByMail }).Decide(room, Now))
            .ThenRefused(Refusals.ValidationFailed, because: "private");
    }

    [Theory]
    [InlineData(InvitedKind.Principal, 7)]
    [InlineData(InvitedKind.Email, 30)]
    [InlineData(InvitedKind.Key, 30)]
    public void is_good_for_a_bounded_time(InvitedKind kind, int days)
    {
        var wanted = (kind is InvitedKind.Key ? ToWhoeverHasTheKey : ForDora) with { Kind = kind };
        Assert.Null(Given(Empty)
            .When(room => (Mint with { Wanted = wanted with { ExpiresAt = Now.AddDays(days) } }).Decide(room, Now)).Decision.Refusal);
        Given(Empty).When(room => (Mint with { Wanted = wanted with { ExpiresAt = Now.AddDays(days).AddSeconds(1) } }).Decide(room, Now))
            .ThenRefused(Refusals.ValidationFailed, because: "ttl_seconds");
        Given(Empty).When(room => (Mint with { Wanted = wanted with { ExpiresAt = Now } }).Decide(room, Now))
            .ThenRefused(Refusals.ValidationFailed, because: "ttl_seconds");
    }

    [Fact]
    public void forgets_those_that_nobody_used_in_time_and_has_a_bound_on_the_others()
    {
        object[] full =
            [.. Empty, .. Enumerable.Range(1000, MintInvitation.MaxOpen / 2).Select(i => ForDora with { InvitationID = ID(i) })];
        Assert.Equal(
            Refusals.ResourceLimitExceeded with
            { Cap = new("open_invitations", 200, 200, "Take back an invitation or a join key that is not needed any more.") },
            Given(full).When(room => Mint.Decide(room, Now)).Decision.Refusal);

        var later = Mint with { Wanted = Mint.Wanted with { ExpiresAt = Tomorrow.AddDays(1) } };
        var decided = Given(full).When(room => later.Decide(room, Tomorrow)).Decision;
        Assert.Equal(MintInvitation.MaxOpen / 2, decided.Facts.Count(fact => fact.Data is InvitationLapsed));
        Assert.Equal([Invite], Given([.. full, .. decided.Facts.Select(fact => fact.Data)]).Room!.Invitations.Keys);
    }

    [Fact]
    public void leaves_others_some_however_many_one_has_open()
    {
        object[] full = [.. Empty, BenMayInvite, .. Enumerable.Range(1000, MintInvitation.MaxOpen / 2)
            .Select(i => ForDora with { InvitationID = ID(i), MinterSeatID = BensSeat, InviterID = Ben })];
        Assert.Equal(
            "open_invitations", Given(full).When(room => (Mint with { Minter = Bens }).Decide(room, Now)).Decision.Refusal?.Cap?.Name);
        Assert.Null(Given(full).When(room => Mint.Decide(room, Now)).Decision.Refusal);
    }

    [Fact]
    public void leaves_a_token_some_however_many_those_below_it_have_open()
    {
        var (parent, child) = (ID(91), ID(92));
        object[] full = [.. Empty, BenMayInvite, .. Enumerable.Range(1000, 50)
            .Select(i => ForDora with { InvitationID = ID(i), MinterSeatID = BensSeat, InviterID = Ben, MinterTokens = [parent, child] })];
        var mint = Mint with { Minter = Bens, Wanted = Mint.Wanted with { MinterTokens = [parent, child] } };
        Assert.Null(Given(full[..^1]).When(room => mint.Decide(room, Now)).Decision.Refusal);
        object[] more = [.. full, .. Enumerable.Range(2000, 50)
            .Select(i => ForDora with { InvitationID = ID(i), MinterSeatID = BensSeat, InviterID = Ben, MinterTokens = [parent, child] })];
        Assert.Equal("open_invitations", Given(more).When(room => mint.Decide(room, Now)).Decision.Refusal?.Cap?.Name);
        Assert.Null(Given(more)
            .When(room => (mint with { Wanted = mint.Wanted with { MinterTokens = [parent] } }).Decide(room, Now)).Decision.Refusal);
    }
}
