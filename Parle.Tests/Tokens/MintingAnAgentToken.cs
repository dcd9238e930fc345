using Parle.Domain;
using Parle.Domain.Tokens;
using static Parle.Tests.Decided;
using static Parle.Tests.Rooms.AnasRoom;

namespace Parle.Tests.Tokens;

public class MintingAnAgentToken
{
    private static readonly Guid RoomID = ID(5), InvitationID = ID(6);
    private static readonly MintAgentToken Minting = new(BensAgent, RoomID, [Scopes.Participate]) { Registry = ATokensReach.Registry };
    private static readonly AgentTokenMinted Minted = new(BensAgent, RoomID, ["participate"], null) { SeatID = BensSeat };

    [Fact]
    public void lets_a_seated_agent_act_in_the_room() => When(Minting.Decide(BensSeat, Now)).Then(Minted);

    [Fact]
    public void names_each_scope_once() =>
        When((Minting with { Scopes = ["participate", "room_manage", "participate"] }).Decide(BensSeat, Now))
            .Then(Minted with { Scopes = ["participate", "room_manage"] });

    [Fact]
    public void knows_the_contracts_scopes() =>
        Assert.Equal(["participate", "create_room", "claim_invite", "invite_mint", "room_manage"], Scopes.All);

    [Fact]
    public void can_be_for_less() =>
        When((Minting with { Narrowing = new(null, ["claim_ask"], [ID(7)], Later, 3) }).Decide(BensSeat, Now)).Then(
            Minted with { Actions = ["claim_ask"], Asks = [ID(7)], ExpiresAt = Later, Uses = 3 });

    [Fact]
    public void for_an_agent_without_a_seat_is_refused() =>
        When(Minting.Decide(null, Now)).ThenRefused(Refusals.ValidationFailed, because: "seat");

    [Fact]
    public void without_a_scope_is_refused() =>
        When((Minting with { Scopes = [] }).Decide(BensSeat, Now)).ThenRefused(Refusals.ValidationFailed, because: "participate");

    [Fact]
    public void with_an_unknown_scope_is_refused() =>
        When((Minting with { Scopes = ["participate", "everything"] }).Decide(BensSeat, Now))
            .ThenRefused(Refusals.ValidationFailed, because: "participate");

    [Fact]
    public void for_an_invitation_needs_no_seat() =>
        When((Minting with { RoomID = null, InvitationID = InvitationID, Scopes = ["claim_invite"] }).Decide(null, Now))
            .Then(new AgentTokenMinted(BensAgent, null, ["claim_invite"], null)
            {
                InvitationID = InvitationID,
            });

    [Fact]
    public void for_an_invitation_needs_the_scope_for_it() =>
        When((Minting with { RoomID = null, InvitationID = InvitationID }).Decide(null, Now))
            .ThenRefused(Refusals.ValidationFailed, because: "claim_invite");
}
