using CsCheck;
using Parle.Domain;

namespace Parle.Tests.Laws;

/// Law 10, for everything that is counted: whoever stands below leaves whoever stands above, and beside it, a share.
public class ACount
{
    private static readonly Gen<Rank> AnyRank = Gen.Select(Gen.Bool, Gen.Int[0, 4], (isGuest, above) => new Rank(isGuest, above));

    [Fact]
    public void halves_with_each_level()
    {
        Assert.Equal(100, Flood(Count.None, default, 100).All);
        Assert.Equal(50, Flood(Count.None, new(IsGuest: true, 0), 100).All);
        Assert.Equal(50, Flood(Count.None, new(IsGuest: false, 1), 100).All);
        Assert.Equal(25, Flood(Count.None, new(IsGuest: false, 2), 100).All);
        Assert.Equal(25, Flood(Count.None, new(IsGuest: true, 1), 100).All);
        Assert.Null(Count.None.And(default, 1000).Exceeded(new(IsGuest: true, 5), 1, 0));
    }

    [Fact]
    public void says_what_is_used_and_of_what()
    {
        Assert.Equal((100, 100), Flood(Count.None, default, 100).Exceeded(default, 1, 100));
        // With one more they would have more than they leave free.
        Assert.Equal((50, 49), Flood(Count.None, new(IsGuest: true, 0), 100).Exceeded(new(IsGuest: true, 0), 1, 100));
    }

    [Fact]
    public void counts_guests_together_and_apart_from_narrower_tokens()
    {
        var both = Count.None.And(new(IsGuest: true, 0), 3).And(new(IsGuest: true, 1), 2).And(new(IsGuest: false, 2), 4).And(default, 1);
        Assert.Equal((10, "5 2", "4 4"), (both.All, string.Join(' ', both.OfGuests), string.Join(' ', both.OfNarrower)));
    }

    /// Whatever callers below it do, something is left for a caller.
    [Fact]
    public void is_used_up_by_nobody_for_those_above()
    {
        Gen.Select(AnyRank.Array[0, 8], Gen.Int[256, 2000], Gen.Int[0, 3]).Sample((ranks, limit, mine) =>
        {
            var me = new Rank(IsGuest: false, mine);
            var count = ranks.Where(rank => rank.IsGuest || rank.TokensAbove > mine)
                .Aggregate(Count.None, (sofar, rank) => Flood(sofar, rank, limit));
            Assert.Null(count.Exceeded(me, 1, limit));
        });
    }

    private static Count Flood(Count count, Rank rank, long limit)
    {
        while (count.Exceeded(rank, 1, limit) is null)
        {
            count = count.And(rank, 1);
        }

        return count;
    }
}
