using CsCheck;
using Parle.Tests.Auditing;
using Parle.Tests.Authority;
using Parle.Tests.Invitations;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Replaying;

/// A view knows only its facts.
public class ARebuiltView(TestCluster cluster)
{
    [Fact]
    public async Task has_the_same_bytes_after_any_history()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        await Guests.ComeAndGo(service);
        await Gen.Select(Step.Histories, AnyHistoryOfAsks.Walks, AnyHistoryOfGrants.Histories).SampleAsync(
            async (steps, asks, grants) =>
            {
                await Life.Through(service, steps, withWhatIsHidden: true);
                await AnyHistoryOfAsks.Walk(service, asks, []);
                await AnyHistoryOfGrants.Live(service, grants, []);

                Assert.All(await service.Check(), view => Assert.True(view.Agrees, $"{view.View}: {view.First}"));
            },
            iter: 3, threads: 1);
    }

    [Fact]
    public async Task has_the_same_bytes_when_nothing_was_left_of_it()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        await Guests.ComeAndGo(service);
        await service.IsSettled();
        var before = await service.Check();
        var tables = Views.Named().SelectMany(view => view.Projection.Tables).Select(table => table.Identifier.QualifiedName);
        await service.Execute($"truncate {string.Join(", ", tables)}");
        var found = await service.Rebuild();
        var after = await service.Check();

        Assert.All(found.Where(view => view.Rows > 0), view => Assert.Equal((0, view.Rows), (view.LiveRows, view.Differing)));
        Assert.All(after, view => Assert.True(view.Agrees));
        Assert.Equal(before.Select(view => (view.View.Name, view.LiveRows, view.LiveDigest)),
            after.Select(view => (view.View.Name, view.LiveRows, view.LiveDigest)));
    }
}
