using Parle.Api.Database;

namespace Parle.Tests.Aliases;

public class TheTurnsOfAgents
{
    [Fact]
    public async Task hold_up_nobody_elses()
    {
        var turns = new LocalLocks();
        var taken = new List<IDisposable>();
        for (var i = 0; i < 1000; i++)
        {
            taken.Add(await turns.Take(Guid.NewGuid(), TestContext.Current.CancellationToken)
                .WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        }

        taken.ForEach(turn => turn.Dispose());
    }

    [Fact]
    public async Task come_one_after_the_other_for_one_agent_also_where_somebody_gave_up()
    {
        var (turns, agent) = (new LocalLocks(), Guid.NewGuid());
        using var impatience = new CancellationTokenSource();
        var first = await turns.Take(agent, TestContext.Current.CancellationToken);
        var (second, third) = (turns.Take(agent, impatience.Token), turns.Take(agent, TestContext.Current.CancellationToken));

        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.False(third.IsCompleted);
        first.Dispose();
        first.Dispose(); // A second release gives nobody a second turn.

        using var turn = await third;
        var fourth = turns.Take(agent, TestContext.Current.CancellationToken);
        Assert.False(fourth.IsCompleted);
        turn.Dispose();
        (await fourth).Dispose();
    }
}
