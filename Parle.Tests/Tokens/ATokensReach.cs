using CsCheck;
using Parle.Domain;
using Parle.Domain.Tokens;
using static Parle.Tests.Decided;
using static Parle.Tests.Rooms.AnasRoom;

namespace Parle.Tests.Tokens;

public class ATokensReach
{
    public static readonly IReadOnlyList<KnownAction> Registry =
    [
        new("heartbeat", false, true), new("mint_token", false, false), new("post_message", false, false), new("list_asks", false, false),
        new("claim_ask", true, false), new("answer_ask", true, false),
    ];

    private static readonly Guid[] asks = [ID(70), ID(71), ID(72), ID(73)];
    private static readonly Guid parentID = ID(90);

    private static readonly Gen<Narrowing> AnyWish = Gen.Select(
        Few(Scopes.All), Few(Registry.Select(action => action.ID)), Few(asks),
        Gen.Int[-1, 5].Select(hours => hours > 3 ? (DateTimeOffset?)null : Now.AddHours(hours)),
        Gen.Int[-1, 9].Select(uses => uses > 6 ? (int?)null : uses),
        (scopes, actions, asks, end, uses) => new Narrowing(scopes, actions, asks, end, uses));

    /// The law of attenuation, over chains of any length: whatever a holder asks for, what it mints can do nothing that it cannot do
    /// itself.
    [Fact]
    public void only_ever_shrinks_from_token_to_token() => AnyWish.Array[1, 14].Sample(wishes =>
    {
        var parent = Holding(Reach.Everything);
        var refused = 0;
        foreach (var wish in wishes)
        {
            if (new NarrowToken(parentID, wish, Registry).Decide(parent, Now) is not { Facts: [{ Data: AgentTokenMinted minted }] })
            {
                refused++;
                continue;
            }

            var child = AgentToken.Apply(null, minted)!;
            Assert.Empty(child.Reach.Scopes.Except(parent.Reach.Scopes));
            foreach (var action in Registry.Where(action => !action.IsAlwaysAllowed))
            {
                foreach (var ask in action.NamesAsk ? asks.Append(ID(79)).Cast<Guid?>() : [null])
                {
                    Assert.True(
                        child.Reach.Limits.Obstacle(action.ID, action.NamesAsk, ask) is not null
                            || parent.Reach.Limits.Obstacle(action.ID, action.NamesAsk, ask) is null, $"{action.ID} {ask}");
                }
            }

            Assert.True(parent.Reach.ExpiresAt is null || child.Reach.ExpiresAt <= parent.Reach.ExpiresAt);
            Assert.True(parent.Reach.Uses is null || child.Reach.Uses <= parent.Reach.Uses);
            Assert.Equal((parent.AgentID, parent.RoomID, parent.SeatID), (child.AgentID, child.RoomID, child.SeatID));
            Assert.Equal([.. parent.Path, parentID], child.Path);
            Assert.True(child.Path.Count <= NarrowToken.MaxDepth);
            parent = child;
        }

        Assert.True(refused > 0 || parent.Path.Count == wishes.Length);
    });

    /// An agent that joins by two authorities, its own token's and the key's, is held to both.
    [Fact]
    public void of_two_is_what_both_allow() => Gen.Select(AnyWish, AnyWish).Sample((one, other) =>
    {
        var (first, second) = (new TokenLimits(one.Actions, one.Asks), new TokenLimits(other.Actions, other.Asks));
        var both = first.And(second, Registry);
        foreach (var action in Registry)
        {
            foreach (var ask in action.NamesAsk ? asks.Append(ID(79)).Cast<Guid?>() : [null])
            {
                bool Allows(TokenLimits limits) => limits.Obstacle(action.ID, action.NamesAsk, ask) is null;
                Assert.Equal(Allows(first) && Allows(second), Allows(both));
            }
        }
    });

    [Fact]
    public void is_inherited_where_nothing_is_said()
    {
        var all = new Reach(["participate", "room_manage"], new(["claim_ask", "mint_token"], [asks[0]]), Later, 7);
        When(Narrowed(all, new())).Then(Child(all));
    }

    [Fact]
    public void can_be_narrowed_in_everything() =>
        When(Narrowed(Reach.Everything, new(["participate"], ["claim_ask", "claim_ask"], [asks[1]], Later, 100))).Then(
            Child(new(["participate"], new(["claim_ask"], [asks[1]]), Later, 100)));

    [Fact]
    public void with_asks_alone_is_about_those_and_nothing_else()
    {
        var token = new Reach(["participate"], new(null, [asks[0]]), null, null);

        Assert.Equal(["heartbeat", "claim_ask", "answer_ask"], Registry.Where(token.Allows).Select(action => action.ID));
        When(Narrowed(token, new(Actions: ["post_message"]))).ThenRefused(Refusals.ValidationFailed, because: "actions");
        When(Narrowed(token, new(Actions: ["claim_ask", "heartbeat"])))
            .Then(Child(token with { Limits = new(["claim_ask", "heartbeat"], [asks[0]]) }));
    }

    public static TheoryData<string, Narrowing> TooMuch => new()
    {
        { "scopes", new(Scopes: ["participate", "room_manage"]) },
        { "scopes", new(Scopes: []) },
        { "scopes", new(Scopes: [null!]) },
        { "actions", new(Actions: ["claim_ask", "list_asks"]) },
        { "actions", new(Actions: ["no_such_action"]) },
        { "actions", new(Actions: [null!]) },
        { "asks", new(Asks: [asks[0], asks[1]]) },
        { "asks", new(Asks: []) },
        { "asks", new(Asks: [.. Enumerable.Repeat(asks[0], Narrowing.MaxAsks + 1)]) },
        { "expires_at", new(ExpiresAt: Later.AddSeconds(1)) },
        { "expires_at", new(ExpiresAt: Now) },
        { "uses", new(Uses: 6) },
        { "uses", new(Uses: 0) },
        { "uses", new(Uses: 101) },
    };

    [Theory]
    [MemberData(nameof(TooMuch))]
    public void cannot_be_exceeded_and_nothing_is_silently_cut(string member, Narrowing wish) =>
        When(Narrowed(new(["participate"], new(["claim_ask", "mint_token"], [asks[0]]), Later, 5), wish))
            .ThenRefused(Refusals.ValidationFailed, because: member);

    [Fact]
    public void can_be_handed_on_in_full_or_in_part()
    {
        var own = new Reach(["participate"], TokenLimits.None, Later, 5);
        Guid[] most = [.. Enumerable.Range(100, Narrowing.MaxAsks).Select(ID)];

        When(Narrowed(own, new(ExpiresAt: Later, Uses: 5))).Then(Child(own));
        When(Narrowed(own, new(ExpiresAt: Now.AddSeconds(1), Uses: 1))).Then(Child(own with { ExpiresAt = Now.AddSeconds(1), Uses = 1 }));
        When(Narrowed(own, new(Asks: most))).Then(Child(own with { Limits = new(null, most) }));
        When(Narrowed(Reach.Everything, new(Uses: Narrowing.MaxUses))).Then(Child(Reach.Everything with { Uses = Narrowing.MaxUses }));
    }

    [Fact]
    public void is_as_its_fact_says()
    {
        TokenLimits[] all = [TokenLimits.None, new(["claim_ask"], null), new(null, [asks[0]]), new(["claim_ask"], [asks[0]])];
        foreach (var limits in all)
        {
            var token = AgentToken.Apply(null, Child(new(["participate"], limits, Later, 5)))!;
            Assert.Equal((limits, false), (token.Reach.Limits, token.IsRevoked));
        }
    }

    [Fact]
    public void holds_the_actions_it_names_and_no_others()
    {
        var limits = new TokenLimits(["claim_ask"], null);

        Assert.Null(limits.Obstacle("claim_ask", true, asks[0]));
        Assert.Equal(Refusals.NotInToken, limits.Obstacle("answer_ask", true, asks[0]));
        Assert.Equal(Refusals.NotInToken, limits.Obstacle("post_message", false, null));
    }

    [Fact]
    public void suggests_the_action_that_was_misspelt() =>
        When(Narrowed(Reach.Everything, new(Actions: ["claim_asks"])))
            .ThenRefused(Refusals.ValidationFailed, because: "no action. Did you mean claim_ask?");

    [Fact]
    public void ends_eight_tokens_below_the_first()
    {
        var deep = Holding(Reach.Everything) with { Path = [.. Enumerable.Range(1, NarrowToken.MaxDepth).Select(ID)] };
        When(new NarrowToken(parentID, new(), Registry).Decide(deep, Now)).ThenRefused(NarrowToken.TooDeep);
        Assert.Null(new NarrowToken(parentID, new(), Registry).Decide(deep with { Path = [.. deep.Path.Skip(1)] }, Now).Refusal);
    }

    [Fact]
    public void is_nothing_after_it_was_taken_back()
    {
        var held = Holding(Reach.Everything);
        When(new RevokeAgentToken().Decide(held)).Then(new AgentTokenRevoked());
        var revoked = AgentToken.Apply(held, new AgentTokenRevoked());
        When(new RevokeAgentToken().Decide(revoked)).ThenRefused(Refusals.NoSuchThing);
        When(new RevokeAgentToken().Decide(null)).ThenRefused(Refusals.NoSuchThing);
        When(new NarrowToken(parentID, new(), Registry).Decide(revoked!, Now)).ThenRefused(Refusals.InvalidAgentToken);
    }

    [Fact]
    public void grows_to_a_room_when_its_invitation_is_accepted()
    {
        var waiting = Holding(Reach.Everything) with { RoomID = null, SeatID = null, InvitationID = ID(6) };
        Assert.Equal(waiting with { RoomID = ID(5), SeatID = BensSeat }, AgentToken.Apply(waiting, new AgentTokenBound(ID(5), BensSeat)));
    }

    private static Decision Narrowed(Reach parent, Narrowing wish) =>
        new NarrowToken(parentID, wish, Registry).Decide(Holding(parent), Now);

    private static AgentToken Holding(Reach reach) => new(BensAgent, ID(5), BensSeat, null, [], reach, IsRevoked: false);

    private static AgentTokenMinted Child(Reach reach) => new(BensAgent, ID(5), reach.Scopes, reach.ExpiresAt)
    {
        SeatID = BensSeat,
        Path = [parentID],
        Actions = reach.Limits.Actions,
        Asks = reach.Limits.Asks,
        Uses = reach.Uses,
    };

    private static Gen<List<T>?> Few<T>(IEnumerable<T> words) =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, words.Count() - 1].Select(words.ElementAt).List[1, 4],
            (kind, some) => kind == 0 ? null : kind == 1 ? [.. words] : some);
}
