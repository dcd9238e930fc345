using System.Runtime.Versioning;
using Npgsql;
using Parle.Api.LocalPostgres;
using Parle.Api.Platform;

namespace Parle.Tests.Hosting;

[UnsupportedOSPlatform("windows")]
public sealed class AnEmbeddedPostgres : IDisposable
{
    private const UnixFileMode ownersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly DataFolder data = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => data.Dispose();

    [Fact]
    public async Task starts_on_a_fresh_folder_and_stops_with_its_owner()
    {
        await using (var postgres = await Start())
        {
            Assert.Equal("parle|postgres|", await DataFolder.Ask<string>(postgres.ConnectionString,
                "select current_database() || '|' || current_user || '|' || current_setting('listen_addresses')"));
            Assert.Equal(40, new NpgsqlConnectionStringBuilder(postgres.ConnectionString).MaxPoolSize);
        }

        Assert.Null(data.ServerPid);
    }

    [Fact]
    public async Task is_durable_unless_told_otherwise()
    {
        await using var postgres = await EmbeddedPostgres.StartAsync(data.Path, ct: Ct);

        Assert.Equal("on on on", await DataFolder.Ask<string>(postgres.ConnectionString,
            "select concat_ws(' ', current_setting('fsync'), current_setting('synchronous_commit'), current_setting('full_page_writes'))"));
    }

    [Fact]
    public async Task refuses_to_be_durable_where_somebody_runs_it_otherwise()
    {
        await using var postgres = await Start();

        await Assert.ThrowsAsync<PostgresStartException>(() => EmbeddedPostgres.StartAsync(data.Path, durable: true, ct: Ct));
        Assert.Equal(1, await DataFolder.Ask<int>(postgres.ConnectionString, "select 1"));
    }

    [Fact]
    public async Task keeps_what_was_written_before()
    {
        await using (var before = await Start())
            await DataFolder.Do(before.ConnectionString, "create table facts as select 42 as fact");

        await using var after = await EmbeddedPostgres.StartAsync(data.Path, durable: true, ct: Ct);
        Assert.Equal(42, await DataFolder.Ask<int>(after.ConnectionString, "select fact from facts"));
    }

    [Fact]
    public async Task makes_a_database_of_any_name()
    {
        await using var postgres = await EmbeddedPostgres.StartAsync(data.Path, durable: false, database: "a \"b\"; c", ct: Ct);

        Assert.Equal("a \"b\"; c", await DataFolder.Ask<string>(postgres.ConnectionString, "select current_database()::text"));
        await Assert.ThrowsAsync<ArgumentException>(() => EmbeddedPostgres.StartAsync(data.Path, database: new string('a', 64), ct: Ct));
    }

    [Fact]
    public async Task closes_its_folders_to_others()
    {
        await using var postgres = await Start();

        Assert.Equal(ownersOnly, File.GetUnixFileMode(data.Path));
        Assert.Equal(ownersOnly, File.GetUnixFileMode(data.Root));
        Assert.Equal(ownersOnly, File.GetUnixFileMode(data.Cluster));
    }

    [Fact]
    public async Task leaves_the_mode_of_a_folder_that_holds_other_things()
    {
        Directory.CreateDirectory(data.Path);
        await File.WriteAllTextAsync(Path.Combine(data.Path, "other"), "", Ct);
        var mode = File.GetUnixFileMode(data.Path);
        await using var postgres = await Start();

        Assert.Equal(mode, File.GetUnixFileMode(data.Path));
        Assert.Equal(ownersOnly, File.GetUnixFileMode(data.Root));
    }

    [Fact]
    public async Task does_not_close_what_a_link_leads_to()
    {
        var elsewhere = Path.Combine(Path.GetDirectoryName(data.Path)!, "elsewhere");
        Directory.CreateDirectory(data.Path, ownersOnly);
        Directory.CreateDirectory(elsewhere, ownersOnly | UnixFileMode.OtherRead);
        File.CreateSymbolicLink(data.Root, elsewhere);

        var refused = await Assert.ThrowsAsync<StartException>(Start);

        Assert.Contains("chmod 700", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ownersOnly | UnixFileMode.OtherRead, File.GetUnixFileMode(elsewhere));
    }

    [Fact]
    public async Task stops_with_the_last_of_its_users()
    {
        var first = await Start();
        var server = data.ServerPid;
        var second = await Start();
        await using (var _ = await Start())
            Assert.Equal(server, data.ServerPid);

        await first.DisposeAsync();
        await first.DisposeAsync();
        Assert.Equal(server, data.ServerPid);
        Assert.Equal(1, await DataFolder.Ask<int>(second.ConnectionString, "select 1"));

        await second.DisposeAsync();
        Assert.Null(data.ServerPid);
    }

    [Fact]
    public async Task comes_up_once_for_those_who_start_at_the_same_instant()
    {
        var users = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(Start)));

        Assert.Single(users.Select(user => user.ConnectionString).Distinct());
        Assert.Single(data.Clusters);
        foreach (var user in users)
        {
            Assert.Equal(1, await DataFolder.Ask<int>(user.ConnectionString, "select 1"));
            await user.DisposeAsync();
        }

        Assert.Null(data.ServerPid);
    }

    [Fact]
    public async Task starts_after_an_initialisation_that_was_killed()
    {
        var abandoned = Directory.CreateDirectory(Path.Combine(data.Root, "15.new-abandoned")).FullName;
        await File.WriteAllTextAsync(Path.Combine(abandoned, "PG_VERSION"), "15", Ct);

        await using var postgres = await Start();

        Assert.False(Directory.Exists(abandoned));
        Assert.Single(data.Clusters);
    }

    [Fact]
    public async Task starts_where_a_dead_server_left_its_pid_to_another_process()
    {
        await using (var before = await Start())
            await DataFolder.Do(before.ConnectionString, "create table facts as select 42 as fact");
        var lines = $"{Environment.ProcessId}\n{data.Cluster}\n1700000000\n5432\n{data.Root}\n";
        await File.WriteAllTextAsync(data.PidFile, lines, Ct);
        await File.WriteAllTextAsync(Path.Combine(data.Root, ".s.PGSQL.5432.lock"), lines, Ct);

        await using var postgres = await Start();

        Assert.NotEqual(Environment.ProcessId, data.ServerPid);
        Assert.Equal(42, await DataFolder.Ask<int>(postgres.ConnectionString, "select fact from facts"));
    }

    [Fact]
    public async Task uses_a_short_socket_folder_when_the_path_is_long()
    {
        using var deep = new DataFolder(Path.Combine(new string('a', 60), new string('b', 60)));
        string host;
        await using (var postgres = await EmbeddedPostgres.StartAsync(deep.Path, durable: false, ct: Ct))
        {
            host = HostOf(postgres);
            Assert.Equal(host, await File.ReadAllTextAsync(Path.Combine(deep.Root, "socket-folder"), Ct));
            Assert.Equal(ownersOnly, File.GetUnixFileMode(host));
            Assert.Equal(1, await DataFolder.Ask<int>(postgres.ConnectionString, "select 1"));
        }

        Assert.False(Directory.Exists(host));
    }

    [Fact]
    public async Task reuses_a_short_socket_folder_only_while_it_is_its_own()
    {
        using var deep = new DataFolder(Path.Combine(new string('a', 60), new string('b', 60)));
        await using var first = await EmbeddedPostgres.StartAsync(deep.Path, durable: false, ct: Ct);
        deep.KillServer();
        await using var second = await EmbeddedPostgres.StartAsync(deep.Path, durable: false, ct: Ct);
        Assert.Equal(HostOf(first), HostOf(second));

        deep.KillServer();
        File.SetUnixFileMode(HostOf(first), ownersOnly | UnixFileMode.OtherExecute);
        await using var third = await EmbeddedPostgres.StartAsync(deep.Path, durable: false, ct: Ct);
        Assert.NotEqual(HostOf(first), HostOf(third));
        Directory.Delete(HostOf(first), recursive: true);
    }

    [Fact]
    public async Task is_found_again_by_its_users_when_it_was_killed_and_another_starts_it()
    {
        await using var user = await EmbeddedPostgres.StartAsync(data.Path, ct: Ct);
        await DataFolder.Do(user.ConnectionString, "create table facts as select 42 as fact");
        data.KillServer();
        await using var starter = await EmbeddedPostgres.StartAsync(data.Path, ct: Ct);
        Assert.Equal(42, await DataFolder.Ask<int>(starter.ConnectionString, "select fact from facts"));
        Assert.Equal(42, await DataFolder.Ask<int>(user.ConnectionString, "select fact from facts"));
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("with,comma:and$dollar'\"quotes")]
    [InlineData("mit Umlaut äöü")]
    public async Task accepts_a_folder_named(string name)
    {
        using var odd = new DataFolder(name);
        await using var postgres = await EmbeddedPostgres.StartAsync(odd.Path, durable: false, ct: Ct);

        Assert.Equal(1, await DataFolder.Ask<int>(postgres.ConnectionString, "select 1"));
    }

    [Fact]
    public async Task is_the_same_by_a_link_to_its_folder()
    {
        await using var postgres = await Start();
        using var other = new DataFolder();
        Directory.CreateSymbolicLink(other.Path, data.Path);
        await using var linked = await EmbeddedPostgres.StartAsync(other.Path, durable: false, ct: Ct);

        Assert.Equal(postgres.ConnectionString, linked.ConnectionString);
    }

    [Fact]
    public async Task does_not_start_when_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            EmbeddedPostgres.StartAsync(data.Path, durable: false, ct: cancelled.Token));
        await using var postgres = await Start();
        Assert.Equal(1, await DataFolder.Ask<int>(postgres.ConnectionString, "select 1"));
    }

    [Fact]
    public async Task puts_a_grown_log_aside()
    {
        await using (var _ = await Start()) { }
        var log = Path.Combine(data.Root, "postgresql.log");
        await using (var grown = new FileStream(log, FileMode.Append))
            grown.SetLength(9 * 1024 * 1024);

        await using var postgres = await Start();

        Assert.InRange(new FileInfo(log).Length, 1, 100_000);
        Assert.Equal(9 * 1024 * 1024, new FileInfo(log + ".1").Length);
    }

    private static string HostOf(EmbeddedPostgres postgres) => new NpgsqlConnectionStringBuilder(postgres.ConnectionString).Host!;

    private Task<EmbeddedPostgres> Start() => EmbeddedPostgres.StartAsync(data.Path, durable: false, ct: Ct);
}
