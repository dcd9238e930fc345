using CsCheck;
using Parle.Api.Bounds;

namespace Parle.Tests.Contract;

/// 1000 things that a node holds; 100 for a principal, 20 for a token.
public class AHeldShare
{
    private static readonly Guid Ana = Guid.NewGuid(), AnasToken = Guid.NewGuid(), AnasOther = Guid.NewGuid(), Child = Guid.NewGuid(),
        OtherChild = Guid.NewGuid(), Guest = Guid.NewGuid(), GuestsToken = Guid.NewGuid();

    private readonly HeldShares shares = new(1000, "node");

    [Fact]
    public void is_bounded_by_name_and_given_back_once()
    {
        var held = Fill(Way(AnasToken));
        Assert.Equal(15, held.Count);
        Assert.Equal(("token", 15, 20), shares.Take(1, Way(AnasToken)).Full is { } full ? (full.Name, full.Used, full.Limit) : default);

        held[0].Dispose();
        held[0].Dispose();
        Assert.Equal(14, shares.Total);
        Assert.Single(Fill(Way(AnasToken)));
    }

    [Fact]
    public void of_a_token_is_its_own_whatever_is_below_it()
    {
        Assert.Equal(5, Fill(Way(AnasToken, Child)).Count); // Half of the half: a second one finds as much as it leaves.
        Assert.InRange(Fill(Way(AnasToken, OtherChild)).Count, 2, 5);
        Assert.InRange(Fill(Way(AnasToken)).Count, 10, 15);
    }

    [Fact]
    public void of_those_below_is_theirs_whatever_the_one_above_does()
    {
        Fill(Way(AnasToken));
        Assert.InRange(Fill(Way(AnasToken, Child)).Count, 2, 5);
    }

    [Fact]
    public void of_a_host_is_its_own_whatever_its_guests_do()
    {
        var guests = Enumerable.Range(0, 100)
            .Sum(_ => Fill([Principal, new(Guid.NewGuid(), true, 100, "principal"), new(Guid.NewGuid(), false, 20, "token")]).Count);
        Assert.InRange(guests, 1, 50);
        Assert.InRange(Fill(Way(AnasToken)).Count, 10, 15);
    }

    [Fact]
    public void is_left_to_who_comes_next()
    {
        var few = new HeldShares(100, "node");
        for (var principals = 1; principals < 6; principals++)
        {
            Assert.InRange(Fill([new(Guid.NewGuid(), false, 1000, "principal")], few).Count, 1, 75);
            Assert.NotNull(few.Take(1, [new(Guid.NewGuid(), false, 1000, "principal")]).Lease);
        }
    }

    [Fact]
    public void is_taken_anyway_where_it_replaces_another_one()
    {
        Fill(Way(AnasToken));
        Assert.NotNull(shares.Take(1, Way(AnasToken), anyway: true).Lease);
    }

    /// In any order of taking and giving back: nothing is held in the end, and never more than there is.
    [Fact]
    public void is_counted_right() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[1, 8], Gen.Bool).Array[1, 200].Sample(steps =>
        {
            var (all, held) = (new HeldShares(40, "node"), new List<IDisposable>());
            foreach (var (who, amount, takes) in steps)
            {
                if (takes)
                {
                    IReadOnlyList<Holder> way = who switch
                    {
                        0 => Way(AnasToken),
                        1 => Way(AnasToken, Child),
                        2 => Way(AnasOther),
                        3 => [Principal, new(Guest, true, 100, "principal"), new(GuestsToken, false, 20, "token")],
                        _ => [new(Guid.NewGuid(), false, 30, "principal")]
                    };
                    held.AddRange(all.Take(amount, way).Lease is { } lease ? [lease] : (IDisposable[])[]);
                    Assert.InRange(all.Total, 0, 40);
                }
                else if (held.Count > 0)
                {
                    held[who % held.Count].Dispose();
                    held.RemoveAt(who % held.Count);
                }
            }

            held.ForEach(lease => lease.Dispose());
            Assert.Equal(0, all.Total);
            Assert.NotNull(all.Take(1, Way(AnasToken, Child)).Lease);
        });

    private static Holder Principal => new(Ana, false, 100, "principal");

    private static Holder[] Way(Guid token, params Guid[] below) =>
        [Principal, new(token, false, 20, "token"), .. below.Select(child => new Holder(child, true, 20, "token"))];

    private List<IDisposable> Fill(IReadOnlyList<Holder> way, HeldShares? of = null)
    {
        var leases = new List<IDisposable>();
        while ((of ?? shares).Take(1, way).Lease is { } lease)
        {
            leases.Add(lease);
        }

        return leases;
    }
}
