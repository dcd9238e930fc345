using System.Runtime.CompilerServices;

namespace Parle.Tests.Crash;

public static class Until
{
    /// Far longer than anything should take.
    public static readonly TimeSpan Bound = TimeSpan.FromMinutes(4);

    /// Looks again and again until it is so; fails when it is not so for far longer than it should take.
    public static async Task Holds(Func<Task<bool>> look, [CallerArgumentExpression(nameof(look))] string what = "")
    {
        for (var since = TimeProvider.System.GetTimestamp(); !await look();
            await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(since) < Bound, $"This never came to be: {what}");
        }
    }
}
