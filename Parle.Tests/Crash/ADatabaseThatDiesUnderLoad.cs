using System.Diagnostics;
using Parle.Api.LocalPostgres;
using DataFolder = Parle.Tests.Hosting.DataFolder;

namespace Parle.Tests.Crash;

[Collection(Rigs.Other)]
public sealed class ADatabaseThatDiesUnderLoad : IDisposable
{
    private readonly DataFolder data = new();

    public void Dispose() => data.Dispose();

    [Fact]
    public async Task is_started_again_by_its_service()
    {
        await using var site = await Site.OfDataFolder(data.Path).Start();
        string database;
        await using (var postgres = await EmbeddedPostgres.StartAsync(data.Path, ct: TestContext.Current.CancellationToken))
        {
            database = postgres.ConnectionString;
        }

        var crowd = await Crowd.On(database, () => site.Client);
        foreach (var signal in (string[])["KILL", "QUIT"])
        {
            await crowd.Says(100);
            var server = data.ServerPid;
            Signal(signal, server!.Value);
            await Until.Holds(() => Task.FromResult(data.ServerPid is { } another && another != server));
        }

        await crowd.Says(100);
        await crowd.Ends();

        await crowd.IsOnTheRecordOnce();
        Assert.Equal(0, await site.Process.Terminate());
        Assert.Null(data.ServerPid);
    }

    [Fact]
    public async Task is_found_again_when_others_start_it()
    {
        var postgres = await EmbeddedPostgres.StartAsync(data.Path, ct: TestContext.Current.CancellationToken);
        await using var site = await new Site(postgres.ConnectionString, ("PARLE_MIGRATE", "1")).Start();
        var crowd = await Crowd.On(postgres.ConnectionString, () => site.Client);
        await crowd.Says(100);

        await postgres.DisposeAsync();
        var before = crowd.Writers.Sum(writer => writer.Retries);
        await Until.Holds(() => Task.FromResult(crowd.Writers.Sum(writer => writer.Retries) > before + 50));
        await using var again = await EmbeddedPostgres.StartAsync(data.Path, ct: TestContext.Current.CancellationToken);

        await crowd.Says(100);
        await crowd.Ends();
        await crowd.IsOnTheRecordOnce();
    }

    private static void Signal(string name, int pid)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{pid}"]);
        kill.WaitForExit();
    }
}
