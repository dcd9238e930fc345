using Parle.Api.LocalPostgres;
using Parle.Tests.Service;
using DataFolder = Parle.Tests.Hosting.DataFolder;

namespace Parle.Tests.Crash;

public abstract class AServiceKilledUnderLoad
{
    private static int Kills => Soak.Times(4);

    private protected static async Task IsKilledAgainAndAgain(Site site, string database)
    {
        var crowd = await Crowd.On(database, () => site.Client);
        for (var kill = 1; kill <= Kills; kill++)
        {
            await crowd.Says(Random.Shared.Next(1, 80));
            await site.KillAndRestart();
        }

        await crowd.Says(50);
        await crowd.Ends();

        await crowd.IsOnTheRecordOnce();
        Assert.True(crowd.Writers.Sum(writer => writer.Retries) >= Kills, "Nobody was hit by a kill.");
    }
}

[Collection(Rigs.One)]
public sealed class AServiceKilledUnderLoadOnANamedDatabase(TestCluster cluster) : AServiceKilledUnderLoad
{
    [Fact]
    public async Task keeps_what_it_acknowledged_and_does_nothing_twice()
    {
        var database = await cluster.NewDatabase();
        await using var site = await new Site(database).Start();

        await IsKilledAgainAndAgain(site, database);
    }
}

[Collection(Rigs.One)]
public sealed class AServiceKilledUnderLoadOnItsPrivateDatabase : AServiceKilledUnderLoad
{
    [Fact]
    public async Task keeps_what_it_acknowledged_and_does_nothing_twice()
    {
        using var data = new DataFolder();
        await using var postgres = await EmbeddedPostgres.StartAsync(data.Path, ct: TestContext.Current.CancellationToken);
        await using var site = await Site.OfDataFolder(data.Path).Start();

        await IsKilledAgainAndAgain(site, postgres.ConnectionString);
    }
}
