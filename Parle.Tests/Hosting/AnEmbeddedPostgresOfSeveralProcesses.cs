using System.Runtime.Versioning;
using Parle.Api.LocalPostgres;

namespace Parle.Tests.Hosting;

[UnsupportedOSPlatform("windows")]
public sealed class AnEmbeddedPostgresOfSeveralProcesses : IDisposable
{
    private readonly DataFolder data = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => data.Dispose();

    [Fact]
    public async Task survives_a_killed_owner()
    {
        using var owner = OwnerProcess.Of(data.Path, durable: true);
        var connection = await owner.Says("running");
        var server = data.ServerPid;
        await DataFolder.Do(connection, "create table facts as select 42 as fact");
        await owner.IsKilled();

        await using (var postgres = await EmbeddedPostgres.StartAsync(data.Path, ct: Ct))
        {
            Assert.Equal(server, data.ServerPid);
            Assert.Equal(42, await DataFolder.Ask<int>(postgres.ConnectionString, "select fact from facts"));
        }

        Assert.Null(data.ServerPid);
    }

    [Fact]
    public async Task loses_nothing_when_owner_and_server_are_killed()
    {
        using var owner = OwnerProcess.Of(data.Path, durable: true);
        await DataFolder.Do(await owner.Says("running"), "create table facts as select 42 as fact");
        await owner.IsKilled();
        data.KillServer();

        await using var postgres = await EmbeddedPostgres.StartAsync(data.Path, ct: Ct);

        Assert.Equal(42, await DataFolder.Ask<int>(postgres.ConnectionString, "select fact from facts"));
    }

    [Fact]
    public async Task keeps_running_for_the_others_when_the_starter_goes()
    {
        using var starter = OwnerProcess.Of(data.Path);
        await starter.Says("running");
        var server = data.ServerPid;
        await using (var postgres = await EmbeddedPostgres.StartAsync(data.Path, durable: false, ct: Ct))
        {
            starter.IsInterruptedWithItsGroup();
            await starter.Says("stopped");
            Assert.Equal(server, data.ServerPid);
            Assert.Equal(1, await DataFolder.Ask<int>(postgres.ConnectionString, "select 1"));
        }

        Assert.Null(data.ServerPid);
    }

    [Fact]
    public async Task comes_up_once_for_two_that_start_at_the_same_instant()
    {
        using var one = OwnerProcess.Of(data.Path);
        using var other = OwnerProcess.Of(data.Path);

        Assert.Equal(await one.Says("running"), await other.Says("running"));
        Assert.Single(data.Clusters);

        one.IsInterruptedWithItsGroup();
        other.IsInterruptedWithItsGroup();
        await one.Says("stopped");
        await other.Says("stopped");
        Assert.Null(data.ServerPid);
    }

    [Fact]
    public async Task is_there_until_an_interrupted_owner_has_drained()
    {
        using var owner = OwnerProcess.Of(data.Path);
        await owner.Says("running");

        owner.IsInterruptedWithItsGroup();

        Assert.Equal("2000000", await owner.Says("drained"));
        await owner.Says("stopped");
        Assert.Null(data.ServerPid);
    }

    [Fact]
    public async Task recovers_from_an_owner_killed_while_it_initialises()
    {
        Directory.CreateDirectory(data.Root);
        using var begun = new FileSystemWatcher(data.Root, "*.new-*") { EnableRaisingEvents = true };
        var initialising = new TaskCompletionSource();
        begun.Created += (_, _) => initialising.TrySetResult();
        using var owner = OwnerProcess.Of(data.Path);
        await initialising.Task.WaitAsync(Ct);
        await owner.IsKilled();
        Assert.Empty(data.Clusters);

        await using var postgres = await EmbeddedPostgres.StartAsync(data.Path, ct: Ct);

        Assert.Equal(1, await DataFolder.Ask<int>(postgres.ConnectionString, "select 1"));
    }

    [Fact]
    public async Task says_what_to_install_where_there_are_no_programs()
    {
        using var nothing = new DataFolder();
        using var owner = OwnerProcess.Of(data.Path, programs: nothing.Path);

        var said = await owner.SaysToTheEnd();

        Assert.Contains("failed: PostgreSQL was not found", said, StringComparison.Ordinal);
        foreach (var advice in new[]
        {
            "apt-get install postgresql", "dnf install postgresql-server",
            "brew install postgresql@17", "winget install PostgreSQL.PostgreSQL.17",
            "ConnectionStrings__Parle=\"Host=...;Database=...;Username=...\"", $"PARLE_PG_BIN={nothing.Path}",
        })
            Assert.Contains(advice, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task refuses_data_of_a_version_that_is_not_installed()
    {
        var cluster = Directory.CreateDirectory(Path.Combine(data.Root, "9")).FullName;
        await File.WriteAllTextAsync(Path.Combine(cluster, "PG_VERSION"), "9", Ct);

        var refused = await Assert.ThrowsAsync<PostgresNotFoundException>(() =>
            EmbeddedPostgres.StartAsync(data.Path, durable: false, ct: Ct));

        Assert.Contains("written by PostgreSQL 9", refused.Message, StringComparison.Ordinal);
        Assert.Equal([cluster], data.Clusters);
    }
}
