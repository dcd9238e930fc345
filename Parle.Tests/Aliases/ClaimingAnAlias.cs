using Parle.Domain;
using Parle.Domain.Aliases;
using Parle.Domain.Names;
using static Parle.Tests.Aliases.AnasAgent;

namespace Parle.Tests.Aliases;

public class ClaimingAnAlias
{
    private static readonly ClaimAlias Claim = new(First, "night-shift", 0);

    public static TheoryData<string> ReservedWords => [.. Handle.Reserved];

    [Fact]
    public void that_nobody_ever_claimed_begins_its_first_generation() =>
        Given().When(Claim.Decide).Then(new AliasClaimed("night-shift", 1, First));

    [Fact]
    public void that_is_one_name_too_many_is_refused_and_first_to_a_token_below_another()
    {
        static Refusal Full(long names) =>
            Refusals.ResourceLimitExceeded with { Cap = new("agent_aliases", names, names, "Claim a name that the agent has already.") };
        Given().When((Claim with { Names = ClaimAlias.MaxNames }).Decide).ThenRefused(Full(ClaimAlias.MaxNames));
        Given().When((Claim with { Names = ClaimAlias.MaxNames / 2, IsBelowAnother = true }).Decide)
            .ThenRefused(Full(ClaimAlias.MaxNames / 2));
        Given().When((Claim with { Names = ClaimAlias.MaxNames / 2 }).Decide).Then(new AliasClaimed("night-shift", 1, First));
        Given(FirstClaimed).When((Claim with { SessionID = Second, ExpectedGeneration = 1, Names = ClaimAlias.MaxNames }).Decide)
            .Then(new AliasClaimed("night-shift", 2, Second));
    }

    [Fact]
    public void that_another_session_has_takes_it_over() =>
        Given(FirstClaimed).When((Claim with { SessionID = Second, ExpectedGeneration = 1 }).Decide)
            .Then(new AliasClaimed("night-shift", 2, Second));

    [Fact]
    public void beside_another_name_of_the_agent_leaves_that_alone() =>
        Given(FirstClaimed).When((Claim with { SessionID = Second, Alias = "day-shift" }).Decide)
            .Then(new AliasClaimed("day-shift", 1, Second));

    [Theory, InlineData(0), InlineData(2), InlineData(long.MaxValue)]
    public void with_a_generation_that_is_not_the_last_is_refused(long expected) =>
        Given(FirstClaimed).When((Claim with { SessionID = Second, ExpectedGeneration = expected }).Decide)
            .ThenRefused(Refusals.AgentSessionAliasConflict, "Another claim came first");

    [Fact]
    public void that_nobody_ever_claimed_with_another_generation_than_0_is_refused() =>
        Given().When((Claim with { ExpectedGeneration = 1 }).Decide)
            .ThenRefused(Refusals.AgentSessionAliasConflict, "Another claim came first");

    [Theory, InlineData("day-shift", 0), InlineData("night-shift", 1)]
    public void is_refused_to_a_session_that_has_one(string alias, long generation) =>
        Given(FirstClaimed).When((Claim with { Alias = alias, ExpectedGeneration = generation }).Decide)
            .ThenRefused(ClaimAlias.SecondAlias);

    [Fact]
    public void is_open_again_to_a_name_that_was_taken_over_and_back() =>
        Given(FirstClaimed, new AliasClaimed("night-shift", 2, Second)).When((Claim with { ExpectedGeneration = 2 }).Decide)
            .Then(new AliasClaimed("night-shift", 3, First));

    [Theory, MemberData(nameof(ReservedWords))]
    public void that_is_a_reserved_word_is_refused(string alias) =>
        Given().When((Claim with { Alias = alias }).Decide).ThenRefused(Refusals.SessionAliasReserved);

    [Theory, InlineData(null), InlineData(""), InlineData("Night"), InlineData("c7w2k5n4q3zx6m7a")]
    public void that_is_none_is_refused(string? alias) =>
        Given().When((Claim with { Alias = alias }).Decide).ThenRefused(Refusals.ValidationFailed, "An alias has");
}
