using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Parle.Api.Bounds;

namespace Parle.Tests.Contract;

/// A rate of 100 a second that many share, and 300 at once.
public class AFairShare
{
    private static readonly Guid Whole = Guid.NewGuid(), Ana = Guid.NewGuid(), Ben = Guid.NewGuid(), Cleo = Guid.NewGuid();

    private readonly FakeTimeProvider clock = new(DateTimeOffset.UtcNow);
    private readonly FairShares shares;

    public AFairShare() => shares = new(100, 300, clock);

    [Fact]
    public void is_everything_for_who_is_alone()
    {
        Assert.Equal(300, Taken(() => shares.Take(Whole)));
        Assert.Equal(TimeSpan.FromMilliseconds(10), Rounded(shares.Take(Whole)));
        Pass(1);
        Assert.Equal(100, Taken(() => shares.Take(Whole)));
    }

    [Fact]
    public void leaves_the_one_above_its_half_whatever_is_below()
    {
        Party[] child = [new(Ana, true)], grandchild = [new(Ana, true), new(Ben, true)];
        Taken(() => shares.Take(Whole, child));
        Assert.InRange(Taken(() => shares.Take(Whole)), 150, 300);
        for (var i = 0; i < 50; i++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(20));
            Taken(() => shares.Take(Whole, child));
            Taken(() => shares.Take(Whole, grandchild));
            Assert.Null(shares.Take(Whole)); // 50 a second are its own.
        }
    }

    [Fact]
    public void leaves_those_below_theirs_whatever_the_one_above_does()
    {
        Party[] child = [new(Ana, true)];
        Taken(() => shares.Take(Whole));
        Assert.Equal(150, Taken(() => shares.Take(Whole, child))); // At once, though all was taken.
        for (var i = 0; i < 100; i++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(25));
            Taken(() => shares.Take(Whole));
            Assert.Null(shares.Take(Whole, child));
        }
    }

    [Fact]
    public void grows_for_nobody_by_being_many()
    {
        Taken(() => shares.Take(Whole, new Party(Ana, true)));
        var (anas, bens) = (0, 0);
        for (var second = 0; second < 20; second++)
        {
            Pass(1);
            for (var i = 0; i < 100; i++)
            {
                var below = new Party(Guid.NewGuid(), true); // Ana mints and mints.
                anas += Taken(() => shares.Take(Whole, new(Ana, true), below));
            }

            bens += Taken(() => shares.Take(Whole, new Party(Ben, true)));
        }

        Assert.InRange(anas, 1, 20 * 50);
        Assert.InRange(bens, 20 * 25, 20 * 50); // Half of what is below the whole.
    }

    [Fact]
    public void of_many_side_by_side_is_equal()
    {
        Taken(() => shares.Take(Whole, new Party(Ana, false)));
        Taken(() => shares.Take(Whole, new Party(Ben, false)));
        Assert.InRange(Taken(() => shares.Take(Whole, new Party(Cleo, false))), 1, 100); // A new party finds something.
        Pass(1);
        foreach (var who in (Guid[])[Ana, Ben, Cleo])
        {
            Assert.InRange(Taken(() => shares.Take(Whole, new Party(who, false))), 30, 35);
        }
    }

    [Fact]
    public void is_there_again_when_others_have_gone()
    {
        Taken(() => shares.Take(Whole, new Party(Ana, true)));
        Pass(60);
        Assert.Equal(300, Taken(() => shares.Take(Whole)));
    }

    [Fact]
    public void comes_exactly_when_it_was_said()
    {
        Taken(() => shares.Take(Whole, new Party(Ana, true)));
        for (var i = 0; i < 20; i++)
        {
            var wait = shares.Take(Whole, new Party(Ana, true))!.Value;
            clock.Advance(wait - TimeSpan.FromMilliseconds(1));
            Assert.NotNull(shares.Take(Whole, new Party(Ana, true)));
            clock.Advance(TimeSpan.FromMilliseconds(1.001));
            Assert.Null(shares.Take(Whole, new Party(Ana, true)));
        }
    }

    [Fact]
    public void is_forgotten_when_nobody_comes_any_more()
    {
        for (var i = 0; i < 1000; i++)
        {
            shares.Take(Guid.NewGuid());
        }

        Assert.Equal(1000, shares.Remembered);
        Pass(60);
        shares.Take(Whole);
        Assert.Equal(1, shares.Remembered);
    }

    /// For any floods in any order: together they get no more than there is, and each flooding party gets its part.
    [Fact]
    public void never_adds_up_to_more_than_the_whole() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 50], Gen.Int[0, 200]).Array[1, 200].Sample(tries =>
        {
            var (time, begun) = (new FakeTimeProvider(DateTimeOffset.UtcNow), DateTimeOffset.UtcNow);
            var (whole, taken, passed) = (new FairShares(100, 300, time), 0, 0);
            foreach (var (who, after, times) in tries)
            {
                time.Advance(TimeSpan.FromMilliseconds(after));
                passed += after;
                Party[] way = who == 0 ? [] : who < 5 ? [new(new(who, 0, 0, new byte[8]), true)]
                    : [new(new(who / 2, 0, 0, new byte[8]), true), new(new(who, 0, 0, new byte[8]), true)];
                for (var i = 0; i < times; i++)
                {
                    taken += whole.Take(Whole, way) is null ? 1 : 0;
                }
            }

            Assert.InRange(taken, 0, 300 + 150 + (passed / 10) + 1); // New parties are lent a half of its stock.
        });

    private static int Taken(Func<TimeSpan?> take)
    {
        for (var taken = 0; taken < 10_000; taken++)
        {
            if (take() is not null)
            {
                return taken;
            }
        }

        throw new InvalidOperationException("There is no end to it.");
    }

    private static TimeSpan Rounded(TimeSpan? wait) => TimeSpan.FromMilliseconds(Math.Round(wait!.Value.TotalMilliseconds, 3));

    private void Pass(int seconds) => clock.Advance(TimeSpan.FromSeconds(seconds));
}
