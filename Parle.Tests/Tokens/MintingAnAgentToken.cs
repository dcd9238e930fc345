using Parle.Domain;
using Parle.Domain.Rooms;
using Parle.Domain.Tokens;
using static Parle.Tests.Decided;
using static Parle.Tests.Rooms.AnasRoom;
using static Parle.Tests.Rooms.GivenRoom;

namespace Parle.Tests.Tokens;

public class MintingAnAgentToken
{
    private static readonly Guid RoomID = ID(5);
    private static readonly Room AnasRoom = Given(Empty).Room!;
    private static readonly MintAgentToken Minting = new(BensAgent, RoomID, [Scopes.Participate]);

    [Fact]
    public void lets_a_seated_agent_act_in_the_room() => When(Minting.Decide(AnasRoom)).Then(Minted("participate"));

    [Fact]
    public void names_each_scope_once() =>
        When((Minting with { Scopes = ["participate", "room_manage", "participate"] }).Decide(AnasRoom)).Then(Minted("participate", "room_manage"));

    [Fact]
    public void knows_the_contracts_scopes() => Assert.Equal(["participate", "create_room", "claim_invite", "invite_mint", "room_manage"], Scopes.All);

    [Fact]
    public void for_an_agent_without_a_seat_is_refused() => When((Minting with { AgentID = ID(19) }).Decide(AnasRoom)).ThenRefused(Refusals.ValidationFailed, because: "seat");

    [Fact]
    public void without_a_scope_is_refused() => When((Minting with { Scopes = [] }).Decide(AnasRoom)).ThenRefused(Refusals.ValidationFailed, because: "participate");

    [Fact]
    public void with_an_unknown_scope_is_refused() => When((Minting with { Scopes = ["participate", "everything"] }).Decide(AnasRoom)).ThenRefused(Refusals.ValidationFailed, because: "participate");

    private static AgentTokenMinted Minted(params string[] scopes) => new(BensAgent, RoomID, scopes, null) { SeatID = AnasRoom.SeatOf(BensAgent)!.SeatID };
}
