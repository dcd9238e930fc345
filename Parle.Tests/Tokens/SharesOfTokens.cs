using Parle.Domain.Tokens;

namespace Parle.Tests.Tokens;

/// Of a hundred tokens of one principal.
public class SharesOfTokens
{
    private static readonly TokensInUse None = new(0, 0, 0, false, []);

    [Fact]
    public void leave_a_parent_and_a_host_room_to_mint()
    {
        Assert.Equal(("tokens_share", 50, 50), Cap(None with { All = 50, Below = [50] }));
        Assert.Null((None with { All = 50 }).Obstacle(100));
        Assert.Equal(("tokens_share", 25, 25), Cap(None with { All = 40, Below = [25, 25] })); // A child's children have half of that.
        Assert.Null((None with { All = 40, Below = [25] }).Obstacle(100));
        Assert.Equal(("tokens_share", 25, 25), Cap(None with { All = 26, OfGuests = 25, OfAgent = 25, IsGuest = true }));
        Assert.Null((None with { All = 26, OfGuests = 25, OfAgent = 0, IsGuest = true }).Obstacle(100)); // Another guest.
        Assert.Null((None with { All = 26, OfGuests = 25 }).Obstacle(100));
    }

    [Fact]
    public void are_within_the_whole()
    {
        Assert.Equal(("tokens_per_principal", 100, 100), Cap(None with { All = 100 }));
        Assert.Null((None with { All = 100 }).Obstacle(0));
        Assert.Null((None with { All = 99 }).Obstacle(100));
    }

    /// However many tokens mint, each to its limit, one more person's act succeeds.
    [Fact]
    public void leave_something_however_many_mint()
    {
        var (all, roots) = (20L, new long[20]);
        for (var progress = true; progress;)
        {
            progress = false;
            for (var i = 0; i < roots.Length; i++)
            {
                if (new TokensInUse(all, 0, 0, false, [roots[i]]).Obstacle(100) is null)
                {
                    (roots[i], all, progress) = (roots[i] + 1, all + 1, true);
                }
            }
        }

        Assert.Null((None with { All = all }).Obstacle(100));
    }

    private static (string, long, long) Cap(TokensInUse used) =>
        used.Obstacle(100) is { Code: "token_quota_exceeded", Cap: { } cap } ? (cap.Name, cap.Used!.Value, cap.Limit) : default;
}
