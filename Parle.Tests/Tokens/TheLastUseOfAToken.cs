using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Parle.Api.Callers;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Tokens;

public class TheLastUseOfAToken(TestCluster cluster)
{
    private static readonly DateTimeOffset start = new(2026, 8, 17, 10, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider clock = new(start);
    private readonly Guid token = Guid.NewGuid(), other = Guid.NewGuid();

    [Fact]
    public async Task is_written_at_most_once_in_five_minutes_by_all_nodes_together()
    {
        var service = await cluster.Service;
        await using var database = NpgsqlDataSource.Create(service.ConnectionString);
        using var one = new TokenActivity(database, clock, NullLogger<TokenActivity>.Instance);
        using var another = new TokenActivity(database, clock, NullLogger<TokenActivity>.Instance);

        await Use(one, at: 0);
        Assert.Equal(start, await Stored(token));
        await Use(one, at: 60);
        await Use(another, at: 120);
        Assert.Equal(start, await Stored(token));
        one.Saw(other, clock.GetUtcNow());
        await Use(one, at: 299);
        Assert.Equal((start, start.AddSeconds(120)), (await Stored(token), await Stored(other)));

        clock.Advance(TimeSpan.FromSeconds(1));
        await one.Write(TestContext.Current.CancellationToken);
        Assert.Equal(start.AddSeconds(299), await Stored(token));
        await Use(another, at: 420);
        Assert.Equal(start.AddSeconds(299), await Stored(token));
        await Use(one, at: 600);
        Assert.Equal(start.AddSeconds(600), await Stored(token));
    }

    private async Task Use(TokenActivity activity, int at)
    {
        clock.SetUtcNow(start.AddSeconds(at));
        activity.Saw(token, clock.GetUtcNow());
        await activity.Write(TestContext.Current.CancellationToken);
    }

    private async Task<DateTimeOffset> Stored(Guid tokenID) =>
        Assert.Single(await (await cluster.Service).Rows(
            "select last_used_at from parle.token_activity where token_id = $1", row => row.GetFieldValue<DateTimeOffset>(0), tokenID));
}
