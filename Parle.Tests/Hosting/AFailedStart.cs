using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Npgsql;
using Parle.Tests.Service;

namespace Parle.Tests.Hosting;

/// A failed start gives its reason in one line, and leaves nothing behind.
[UnsupportedOSPlatform("windows")]
public sealed class AFailedStart(TestCluster cluster)
{
    private const string Nowhere = "Host=127.0.0.1;Port=1;Database=none;Username=none";

    [Theory]
    [InlineData("ASPNETCORE_URLS", "5391", "is no address to listen on")]
    [InlineData("ASPNETCORE_URLS", "http://127.0.0.1:99999", "has no port")]
    [InlineData("ASPNETCORE_URLS", "http://192.0.2.1:6543", "no address of this machine")]
    [InlineData("ASPNETCORE_URLS", "http://", "is no address to listen on")]
    [InlineData("ASPNETCORE_URLS", ";", "names no address")]
    [InlineData("ASPNETCORE_URLS", "http://127.0.0.1:80a", "is no IP address")]
    [InlineData("ASPNETCORE_URLS", "http://nosuchhost:1", "is no IP address")]
    [InlineData("ASPNETCORE_URLS", "http://[::1", "is no IP address")]
    [InlineData("ASPNETCORE_URLS", "http://127.0.0.1:6543/parle", "has a path")]
    [InlineData("ASPNETCORE_URLS", "http://localhost:0", "any free port")]
    [InlineData("ASPNETCORE_URLS", "http://127.0.0.1:6544;http://127.0.0.1:6544", "named twice")]
    [InlineData("ASPNETCORE_URLS", "http://unix:/no-such-folder/http.sock", "no folder for the socket")]
    [InlineData("ASPNETCORE_URLS", "http://unix:/", "is no address to listen on")]
    [InlineData("ASPNETCORE_URLS", "http://unix:/tmp", "is there already")]
    [InlineData("ASPNETCORE_URLS", "http://pipe:/parle", "only Windows has")]
    [InlineData("ASPNETCORE_HTTP_PORTS", "80a", "ASPNETCORE_HTTP_PORTS")]
    [InlineData("ASPNETCORE_HTTPS_PORTS", "6546", "needs a certificate")]
    [InlineData("ASPNETCORE_URLS", "https://127.0.0.1:0", "needs a certificate")]
    [InlineData("Kestrel__Endpoints__One__Url", "http://nobody@[", "Kestrel__Endpoints__One__Url")]
    [InlineData("ASPNETCORE_URLS", "ftp://127.0.0.1:6543", "neither http:// nor https://")]
    [InlineData("ConnectionStrings__Parle", "Hots=x", "there is no \"Hots\"")]
    [InlineData("ConnectionStrings__Parle", "Host=x;Password=geheim;Port=many", "is no connection string")]
    [InlineData("ConnectionStrings__ParleOwner", "nothing", "ConnectionStrings__ParleOwner")]
    [InlineData("ConnectionStrings__Parle", Nowhere, "cannot be reached")]
    [InlineData("PARLE_SERVER_KEY", "too-short", "PARLE_SERVER_KEY")]
    public async Task says_in_a_line_which_setting_is_wrong(string setting, string value, string says)
    {
        var database = setting is "ConnectionStrings__Parle" or "PARLE_SERVER_KEY" or "Kestrel__Endpoints__One__Url"
            ? await cluster.NewDatabase() : Nowhere;
        Assert.DoesNotContain("geheim", await Fails(database, says, [(setting, value),
            .. setting.EndsWith("PORTS", StringComparison.Ordinal) ? ((string, string)[])[("ASPNETCORE_URLS", "")] : []]),
            StringComparison.Ordinal);
    }

    /// An error that only the server finds is also told in one line, after the server's own log.
    [Theory]
    [InlineData("Kestrel__Endpoints__One__Port", "6545", "Kestrel__Endpoints__")]
    [InlineData("Kestrel__Certificates__Default__Path", "/etc/hostname", "Kestrel__Certificates__")]
    public async Task says_in_a_line_what_the_server_does_not_take(string setting, string value, string says)
    {
        var (exitCode, output, errors) = await ParleProcess.Run(
            await cluster.NewDatabase(), [], "", (setting, value), ("ASPNETCORE_URLS", "https://127.0.0.1:0"));

        Assert.True((exitCode, output) == (1, ""), $"{exitCode}: {output}{errors}");
        Assert.Contains(says, errors.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("nobody foresaw", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("\n   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task says_that_a_database_or_a_role_is_missing()
    {
        var database = await cluster.NewDatabase();
        var login = $"node_{Guid.NewGuid():N}";
        await using (var owner = NpgsqlDataSource.Create(database))
        await using (var create = owner.CreateCommand($"create role {login} login"))
        {
            await create.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await Fails(new NpgsqlConnectionStringBuilder(database) { Database = "not-there" }.ConnectionString, "createdb");
        await Fails(new NpgsqlConnectionStringBuilder(database) { Username = login }.ConnectionString, "grant parle_service to");
    }

    [Fact]
    public async Task leaves_no_node_behind_where_somebody_else_listens()
    {
        var database = await cluster.NewDatabase();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        await Fails(
            database, "address already in use. Another service listens there", ("ASPNETCORE_URLS", $"http://{other.LocalEndpoint}"));

        await using var owner = NpgsqlDataSource.Create(database);
        await using var nodes = owner.CreateCommand("select count(*) from parle.wolverine_nodes");
        Assert.Equal(0L, await nodes.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("a file", "is a file")]
    [InlineData("open to others", "chmod go-w")]
    [InlineData("a loose key", "chmod 600")]
    [InlineData("somebody else's", "belongs to uid")]
    [InlineData("a link of somebody else", "is a link that uid")]
    [InlineData("not to be made", "PARLE_DATA")]
    public async Task says_what_is_wrong_with_the_data_folder(string what, string says)
    {
        if (what.Contains("somebody else", StringComparison.Ordinal) && !Environment.IsPrivilegedProcess)
        {
            Assert.Skip("Only root can give a folder away.");
        }

        using var data = new DataFolder();
        const UnixFileMode own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        var (folder, key) = (data.Path, Path.Combine(data.Path, "server.key"));
        switch (what)
        {
            case "a file":
                await File.WriteAllTextAsync(folder, "", TestContext.Current.CancellationToken);
                break;
            case "not to be made":
                folder = "/proc/parle";
                break;
            case "a link of somebody else":
                Directory.CreateDirectory(folder + "-real", own);
                File.CreateSymbolicLink(folder, folder + "-real");
                await Chown(folder);
                break;
            default:
                Directory.CreateDirectory(folder, own);
                await File.WriteAllTextAsync(key, ParleService.ServerKey, TestContext.Current.CancellationToken);
                File.SetUnixFileMode(
                    key, what == "a loose key" ? own | UnixFileMode.OtherRead : UnixFileMode.UserRead | UnixFileMode.UserWrite);
                File.SetUnixFileMode(folder, what == "open to others" ? own | UnixFileMode.OtherWrite : own);
                if (what == "somebody else's")
                {
                    await Chown(folder);
                }

                break;
        }

        await Fails(await cluster.NewDatabase(), says, ("PARLE_DATA", folder), ("PARLE_SERVER_KEY", ""));
        if (what == "a file")
        {
            File.Delete(folder);
        }
    }

    /// An account that can write to any folder on the way can replace everything below.
    [Theory]
    [InlineData("written by everybody", "can be written by everybody"), InlineData("somebody else's", "belongs to uid 4711"),
        InlineData("written by a group", "can be written by its group 4711")]
    [InlineData("behind a link", "can be written by everybody"), InlineData("sticky", null), InlineData("written by our own group", null)]
    public async Task says_what_is_wrong_with_a_folder_far_above_the_data_folder(string what, string? says)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Skip("Only root can give a folder away.");
        }

        using var data = new DataFolder();
        var above = Directory.CreateDirectory(data.Path).FullName;
        var folder = Directory.CreateDirectory(Path.Combine(above, "a", "b")).FullName;
        const UnixFileMode usual =
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(above, usual | (what switch
        {
            "written by everybody" or "behind a link" => UnixFileMode.OtherWrite,
            "sticky" => UnixFileMode.OtherWrite | UnixFileMode.GroupWrite | UnixFileMode.StickyBit,
            "written by a group" or "written by our own group" => UnixFileMode.GroupWrite,
            _ => default,
        }));
        await Chown(above, what == "somebody else's" ? "4711:0" : what == "written by a group" ? "0:4711" : "0:0");
        if (what == "behind a link")
        {
            using var elsewhere = new DataFolder();
            Directory.CreateDirectory(elsewhere.Path);
            Directory.CreateSymbolicLink(Path.Combine(elsewhere.Path, "link"), folder);
            await Fails(
                await cluster.NewDatabase(), says!, ("PARLE_DATA", Path.Combine(elsewhere.Path, "link", "data")), ("PARLE_SERVER_KEY", ""));
            return;
        }

        var database = says is null ? await cluster.EmptyDatabase() : await cluster.NewDatabase();
        (string, string)[] settings = [("PARLE_DATA", Path.Combine(folder, "data")), ("PARLE_SERVER_KEY", ""), ("PARLE_MIGRATE", "1")];
        if (says is not null)
        {
            await Fails(database, says, settings);
            Assert.False(Directory.Exists(Path.Combine(folder, "data")));
            return;
        }

        await using var service = await ParleProcess.Start(database, settings);
        Assert.True(File.Exists(Path.Combine(folder, "data", "server.key")));
    }

    /// A new one would be backed up by mistake, and opens nothing.
    [Fact]
    public async Task makes_no_new_key_where_one_was_lost()
    {
        using var data = new DataFolder();
        var (database, key) = (await cluster.EmptyDatabase(), Path.Combine(data.Path, "server.key")); // No key belongs to it yet.
        await using (await ParleProcess.Start(database, ("PARLE_DATA", data.Path), ("PARLE_SERVER_KEY", ""), ("PARLE_MIGRATE", "1")))
        {
            Assert.True(File.Exists(key));
        }

        File.Delete(key);
        await Fails(database, "another server key", ("PARLE_DATA", data.Path), ("PARLE_SERVER_KEY", ""));
        Assert.False(File.Exists(key));
    }

    [Fact]
    public async Task says_that_there_is_no_postgresql()
    {
        using var data = new DataFolder();
        await Fails("", "apt-get install postgresql", ("PARLE_DATA", data.Path), ("PARLE_PG_BIN", "/nowhere"));
    }

    private static async Task<string> Fails(string database, string says, params (string Name, string Value)[] settings)
    {
        var (exitCode, output, errors) = await ParleProcess.Run(database, [], "", settings);

        Assert.True((exitCode, output) == (1, ""), $"{exitCode}: {output}{errors}");
        Assert.Contains(says, Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        return errors;
    }

    private static async Task Chown(string path, string owner = "4711:4711")
    {
        using var chown = System.Diagnostics.Process.Start("chown", ["-h", owner, path]);
        await chown.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
